//! The routes of the page and of the plugin.

use std::io::{Cursor, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, SyncSender};
use std::thread;

use anyhow::Result;
use serde_json::{Value, json};
use signalk_plugin_host::HttpRequest;
use signalk_server_model::plugin_id;
use tiny_http::{Header, Method, Request, Response, StatusCode};

use super::hub::Hub;
use super::webapp::Webapp;
use super::{api, guard};
use crate::run::session::Command;

/// The files of the page, and their types.
const ASSETS: [(&str, &str, &str); 6] = [
    ("/", "text/html; charset=utf-8", include_str!("assets/index.html")),
    ("/-/style.css", "text/css; charset=utf-8", include_str!("assets/style.css")),
    ("/-/page.js", "text/javascript; charset=utf-8", include_str!("assets/page.js")),
    ("/-/form.js", "text/javascript; charset=utf-8", include_str!("assets/form.js")),
    ("/-/try.js", "text/javascript; charset=utf-8", include_str!("assets/try.js")),
    ("/-/icon.svg", "image/svg+xml", include_str!("assets/icon.svg")),
];

/// Nothing from elsewhere, and in no frame of others.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// More than any server takes.
const LONGEST_BODY: u64 = 16 << 20;

type Answer = Response<Cursor<Vec<u8>>>;

pub(super) struct Routes {
    commands: SyncSender<Command>,
    hub: Arc<Hub>,
    webapp: Webapp,
    id: String,
}

impl Routes {
    pub(super) fn new(
        commands: SyncSender<Command>,
        hub: Arc<Hub>,
        package: PathBuf,
    ) -> Result<Self> {
        let webapp = Webapp::new(package);
        let id = plugin_id(&webapp.name()?.0);
        Ok(Self { commands, hub, webapp, id })
    }

    /// Errors in writing are those of a client that has gone.
    pub(super) fn answer(&self, mut request: Request) {
        if let Some(reason) = guard::refusal(|name| header(&request, name)) {
            let _ = request.respond(text(403, reason));
            return;
        }
        let url = request.url().to_owned();
        let path = url.split_once('?').map_or(url.as_str(), |(path, _)| path);
        if path == "/-/events" {
            let (hub, commands) = (self.hub.clone(), self.commands.clone());
            let follow = move || hub.follow(&commands, request.into_writer());
            let _ = thread::Builder::new().name("events".to_owned()).spawn(follow);
            return;
        }
        let answer = match (request.method(), path) {
            (Method::Get | Method::Head, path) if asset(path).is_some() => asset(path),
            (Method::Post, "/-/do") => Some(self.act(&mut request)),
            (_, path) => match self.below_plugins(path) {
                Some(start) => Some(self.ask_plugin(&mut request, url.get(start..).unwrap_or("/"))),
                None => self.file(path),
            },
        };
        let answer = answer.unwrap_or_else(|| text(404, format!("nothing is served at {path}")));
        let _ = request.respond(answer);
    }

    /// Finds the place in a path at which the plugin's part begins.
    fn below_plugins(&self, path: &str) -> Option<usize> {
        let rest = path.strip_prefix("/plugins/")?.strip_prefix(self.id.as_str())?;
        (rest.is_empty() || rest.starts_with('/')).then(|| path.len() - rest.len())
    }

    fn ask_plugin(&self, request: &mut Request, target: &str) -> Answer {
        // The server knows the page of a plugin without the slash, too.
        let target = if target.starts_with('/') { target.to_owned() } else { format!("/{target}") };
        let mut asked = HttpRequest::new(request.method().as_str(), target);
        for header in request.headers() {
            asked = asked.header(header.field.as_str().as_str(), header.value.as_str());
        }
        match body(request) {
            Ok(body) => asked = asked.body(body),
            Err(refused) => return refused,
        }
        let (reply, answered) = mpsc::channel();
        let sent = self.commands.send(Command::Http(asked, reply));
        let Some(response) = sent.ok().and_then(|()| answered.recv().ok()) else {
            return text(503, "the plugin does not answer: look at the terminal".to_owned());
        };
        let mut answer = Response::from_data(response.body).with_status_code(response.status);
        for (name, value) in response.headers {
            if let Ok(header) = Header::from_bytes(name, value) {
                answer.add_header(header);
            }
        }
        answer
    }

    fn act(&self, request: &mut Request) -> Answer {
        let body = match body(request) {
            Ok(body) => body,
            Err(refused) => return refused,
        };
        let action = match api::action(&body) {
            Ok(action) => action,
            Err(error) => return json(400, &json!({ "error": error })),
        };
        let (reply, done) = mpsc::channel();
        let sent = self.commands.send(Command::Act(action, reply));
        match sent.ok().and_then(|()| done.recv().ok()) {
            Some(Ok(value)) => json(200, &json!({ "answer": value })),
            Some(Err(error)) => json(409, &json!({ "error": error })),
            None => json(503, &json!({ "error": "the plugin has ended" })),
        }
    }

    fn file(&self, path: &str) -> Option<Answer> {
        let (name, is_webapp) = self.webapp.name().ok()?;
        let rest = path.strip_prefix('/')?.strip_prefix(name.as_str()).filter(|_| is_webapp)?;
        if rest.is_empty() {
            let answer = text(301, String::new());
            return Some(with(answer, "Location", &format!("/{name}/")));
        }
        let file = self.webapp.file(rest.strip_prefix('/')?)?;
        Some(with(Response::from_data(file.bytes), "Content-Type", file.content_type))
    }
}

fn asset(path: &str) -> Option<Answer> {
    let (_, content_type, body) = ASSETS.iter().find(|(at, ..)| *at == path)?;
    let answer = with(Response::from_data(*body), "Content-Type", content_type);
    let answer = with(answer, "Content-Security-Policy", POLICY);
    let answer = with(answer, "Cache-Control", "no-store");
    Some(with(answer, "X-Content-Type-Options", "nosniff"))
}

fn body(request: &mut Request) -> Result<Vec<u8>, Answer> {
    let mut body = Vec::new();
    let read = request.as_reader().take(LONGEST_BODY + 1).read_to_end(&mut body);
    match read {
        Ok(bytes) if bytes as u64 > LONGEST_BODY => {
            Err(text(413, format!("the body is longer than {LONGEST_BODY} bytes")))
        }
        Ok(_) => Ok(body),
        Err(error) => Err(text(400, format!("the body cannot be read: {error}"))),
    }
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let found = request
        .headers()
        .iter()
        .find(|header| header.field.as_str().as_str().eq_ignore_ascii_case(name))?;
    Some(found.value.as_str())
}

fn text(status: u16, text: String) -> Answer {
    Response::from_string(text).with_status_code(StatusCode(status))
}

fn json(status: u16, value: &Value) -> Answer {
    let answer = Response::from_string(value.to_string()).with_status_code(StatusCode(status));
    with(answer, "Content-Type", "application/json")
}

/// In place of one of the same name that is there.
fn with(answer: Answer, name: &str, value: &str) -> Answer {
    match Header::from_bytes(name, value) {
        Ok(header) => answer.with_header(header),
        Err(()) => answer,
    }
}
