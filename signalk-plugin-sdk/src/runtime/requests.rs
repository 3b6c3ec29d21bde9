//! Requests to the plugin, PUT and HTTP, and what they are answered.

use super::{Runtime, State};
use crate::boundary::imports;
use crate::error::{Error, Result, StatusError, status_of};
use crate::http::{Request, Response};
use crate::json;
use crate::plugin::Plugin;
use crate::report::{self, Who};
use crate::text;
use crate::{advice, own_ship};

impl<P: Plugin> Runtime<P> {
    /// Answers a PUT request: `{"state","statusCode","message"}`.
    pub(crate) fn put(&self, export: &str, value: &[u8]) -> String {
        let handler = P::HANDLERS.puts.iter().find(|put| put.export == export);
        let answer = handler.ok_or_else(not_there).and_then(|handler| {
            self.ask(Who::Put(handler.path), |plugin| (handler.call)(plugin, text(value)?))
        });
        let Err(error) = answer else {
            return "{\"state\":\"COMPLETED\",\"statusCode\":200}".into();
        };
        // The server's HTTP interface loses it.
        let message = logged(export, &error);
        let status = status_of(&error).to_string();
        let message = json::quoted(&text::cut(&message, LONGEST_MESSAGE));
        ["{\"state\":\"COMPLETED\",\"statusCode\":", &status, ",\"message\":", &message, "}"]
            .concat()
    }

    /// Answers an HTTP request: `{"statusCode","headers","body"}`, of at most `max` bytes.
    pub(crate) fn http(&self, export: &str, request: &[u8], max: usize) -> String {
        let endpoint = P::HANDLERS.endpoints.iter().find(|it| it.export == export);
        let answer = endpoint.ok_or_else(not_there).and_then(|endpoint| {
            self.ask(Who::Endpoint(endpoint.method, endpoint.path), |plugin| {
                (endpoint.call)(plugin, &Request::parse(text(request)?)?)
            })
        });
        if let Err(error) = &answer
            && status_of(error) >= 500
        {
            logged(export, error);
        }
        let (answer, status, error) = match answer {
            Ok(answer) => {
                let status = answer.status_code();
                (answer.into_json(), status, None)
            }
            Err(error) => (Response::from(&error).into_json(), status_of(&error), Some(error)),
        };
        if answer.len() <= max {
            return answer;
        }
        // Clients go by the status, so what is an error keeps it.
        let problem = match error {
            Some(error) => shortened(&error, max),
            None => too_long(answer.len(), max),
        };
        Response::from(&StatusError::new(status, problem).into()).into_json()
    }

    /// The endpoints, as the server asks for them before the plugin is started.
    pub(crate) fn endpoints() -> String {
        let mut list = String::from("[");
        for endpoint in P::HANDLERS.endpoints {
            if list.len() > 1 {
                list.push(',');
            }
            let entries = [
                ("method", endpoint.method),
                ("path", endpoint.path),
                ("handler", endpoint.export),
            ];
            let entries = entries.map(|(key, text)| (key, json::quoted(text)));
            list.push_str(&json::object_of(entries.iter().map(|(key, text)| (key, &**text))));
        }
        list.push(']');
        list
    }

    /// Runs a handler whose outcome is the answer of somebody who is waiting for it.
    pub(super) fn ask<T>(&self, who: Who, handler: impl FnOnce(&mut P) -> Result<T>) -> Result<T> {
        let Some(_entry) = self.enter() else {
            return Err(unavailable("the plugin is answering another request"));
        };
        let plugin = if self.state.get() == State::Running {
            // A request may come before anything else: what the plugin sends then and asks to have
            // back is its own ship's.
            if Self::WANTS_OWN_SHIP {
                own_ship::ask_once();
            }
            self.plugin.take()
        } else {
            None
        };
        let Some(mut plugin) = plugin else {
            return Err(unavailable(NOT_RUNNING));
        };
        let answer = report::timed(who, || handler(&mut plugin));
        self.plugin.set(Some(plugin));
        self.settle();
        answer
    }
}

pub(super) fn too_long(bytes: usize, max: usize) -> String {
    format!(
        "the answer takes {bytes} bytes and the server reads {max}: answer in parts, or write \
         #[signalk_plugin(large_responses = \"8 MiB\")]"
    )
}

/// The text of an error for an answer of `max` bytes, of which a character takes up to four once it is
/// escaped.
pub(super) fn shortened(error: &Error, max: usize) -> String {
    text::cut(&error.to_string(), max / 5).into_owned()
}

/// A PUT answer has 8,192 bytes, escapes and the rest of it included.
const LONGEST_MESSAGE: usize = 1000;

/// All that others are told of a plugin that waits, has crashed, is disabled or was stopped. The line
/// on the dashboard says why, and is for the owner alone.
pub(super) const NOT_RUNNING: &str = "the plugin is not running";

/// The text of an error, written to the debug log: nothing else may show it to the owner.
fn logged(export: &str, error: &Error) -> String {
    let text = advice::with_advice(error.to_string());
    imports::debug(&[export, ": ", &*text].concat());
    text
}

pub(super) fn text(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(bytes).map_err(|_| StatusError::new(400, "the request is not UTF-8").into())
}

fn unavailable(why: &str) -> Error {
    StatusError::new(503, why).into()
}

fn not_there() -> Error {
    StatusError::new(404, "there is no such handler").into()
}
