//! A request goes out, an answer comes in, and perhaps it leads on.

use std::cell::{Cell, RefCell};
#[cfg(not(target_family = "wasm"))]
use std::future::Future;

use super::body::Framing;
use super::connection::Connection;
use super::request::is_text;
use super::url::Url;
use super::{Client, Reason, Request, Response, gzip};
use crate::task::timeout;

/// How often an answer may lead on.
const REDIRECTS: u32 = 5;
/// The most that may come before the body.
const MOST_HEAD: usize = 64 * 1024;
const MOST_HEADERS: usize = 100;

/// How far it has come, for the error.
struct Progress {
    place: RefCell<Option<String>>,
    waiting_for: Cell<&'static str>,
}

/// Sends a request; an error comes with the place that it is about, where that is known.
pub(super) async fn run(request: Request) -> Result<Response, (Option<String>, Reason)> {
    let limit = request.client.settings.timeout;
    let progress = Progress { place: RefCell::default(), waiting_for: Cell::new("the connection") };
    let outcome = timeout(limit, follow(request, &progress)).await;
    let waiting_for = progress.waiting_for.get();
    outcome
        .unwrap_or(Err(Reason::TimedOut { limit, waiting_for }))
        .map_err(|reason| (progress.place.into_inner(), reason))
}

async fn follow(request: Request, progress: &Progress) -> Result<Response, Reason> {
    let Request { client, url, mut ask, secrets, wrong } = request;
    if let Some(wrong) = wrong {
        return Err(wrong);
    }
    if !is_text(&client.settings.user_agent) {
        return Err(
            "the name that the client gives itself has a line break or the like in it".into()
        );
    }
    let mut url = Url::parse(&url)?;
    for _ in 0..=REDIRECTS {
        progress.place.replace(Some(url.place()));
        let mut answer = answer(&client, &url, &ask, progress).await?;
        let leads_on = matches!(answer.status, 301 | 302 | 303 | 307 | 308);
        let Some(location) = answer.header("location").filter(|_| leads_on) else {
            answer.secrets = secrets;
            return Ok(answer);
        };
        let next = url.join(location).map_err(|reason| Reason::Redirect(reason.to_string()))?;
        if url.origin.is_https && !next.origin.is_https {
            return Err(Reason::Redirect("it leads from https to http".into()));
        }
        // What else an author has set may be a token.
        if next.origin != url.origin {
            ask.keep_headers(&["accept", "accept-language", "content-type", "user-agent"]);
        }
        let is_post = ask.method == "POST";
        let becomes_get = match answer.status {
            301 | 302 => is_post,
            303 => ask.method != "HEAD",
            _ => false,
        };
        if becomes_get {
            ask.becomes_get();
        } else if next.origin != url.origin && !ask.body.is_empty() {
            // There are keys in bodies, too.
            return Err(Reason::Redirect("it leads what was sent to another place".into()));
        }
        url = next;
    }
    Err(Reason::Redirect("it leads on and on".into()))
}

/// What is asked of each place that an address leads to.
pub(super) struct Ask {
    pub(super) method: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Ask {
    fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    fn keep_headers(&mut self, names: &[&str]) {
        self.headers.retain(|(name, _)| names.iter().any(|it| it.eq_ignore_ascii_case(name)));
    }

    fn becomes_get(&mut self) {
        "GET".clone_into(&mut self.method);
        self.body.clear();
        self.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
    }

    /// Whether it does no harm to ask twice.
    fn is_repeatable(&self) -> bool {
        matches!(&*self.method, "GET" | "HEAD" | "PUT" | "DELETE" | "OPTIONS")
    }

    fn write(&self, url: &Url, user_agent: &str) -> Vec<u8> {
        let mut text = [&*self.method, " ", &*url.target(), " HTTP/1.1\r\n"].concat();
        let mut header = |name: &str, value: &str| {
            for part in [name, ": ", value, "\r\n"] {
                text.push_str(part);
            }
        };
        header("host", &url.host_header);
        header("connection", "keep-alive");
        header("accept-encoding", "gzip");
        if !self.has("user-agent") {
            header("user-agent", user_agent);
        }
        if !self.has("accept") {
            header("accept", "*/*");
        }
        if !self.body.is_empty() || matches!(&*self.method, "POST" | "PUT" | "PATCH") {
            header("content-length", &self.body.len().to_string());
        }
        for (name, value) in &self.headers {
            header(name, value);
        }
        text.push_str("\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// The answer of one place, over a connection that is there or a new one.
async fn answer(
    client: &Client,
    url: &Url,
    ask: &Ask,
    progress: &Progress,
) -> Result<Response, Reason> {
    loop {
        progress.waiting_for.set("the connection");
        let kept = client.idle.borrow_mut().take(&url.origin);
        let was_kept = kept.is_some();
        let mut connection = match kept {
            Some(connection) => connection,
            None => Connection::open(client, &url.origin).await?,
        };
        progress.waiting_for.set("an answer");
        let head = async {
            connection.send(&ask.write(url, &client.settings.user_agent))?;
            head(&mut connection).await
        };
        let head = match head.await {
            // The other side had closed it before it knew of the request.
            Err(Reason::Closed)
                if was_kept && connection.rest().is_empty() && ask.is_repeatable() =>
            {
                continue;
            }
            head => head?,
        };
        progress.waiting_for.set("the rest of the answer");
        let limit = client.settings.most_bytes;
        let (response, keeps) =
            rest(&mut connection, &ask.method, url.place(), head, limit).await?;
        if keeps {
            client.idle.borrow_mut().keep(connection);
        }
        return Ok(response);
    }
}

/// Reads the body, and unpacks it; and whether the connection goes on behind it.
async fn rest(
    connection: &mut Connection,
    method: &str,
    place: String,
    head: Head,
    limit: usize,
) -> Result<(Response, bool), Reason> {
    let Head { status, headers, mut keeps } = head;
    let body = match Framing::of(method, status, &headers) {
        Ok(framing) => {
            // There are servers that send one where none may be, later.
            let announces_none = framing == Framing::None && has_body(&headers);
            keeps &= !announces_none;
            framing.read(connection, limit).await?
        }
        // The status is what counts, and has come.
        Err(_) if status >= 300 => {
            keeps = false;
            Vec::new()
        }
        Err(reason) => return Err(reason),
    };
    let mut response = Response { place, status, headers, body, secrets: Vec::new() };
    let packings: Vec<_> =
        values(&response.headers, "content-encoding").map(str::to_ascii_lowercase).collect();
    match &*packings {
        _ if response.body.is_empty() => {}
        [] => {}
        [one] if one == "identity" => {}
        [one] if one == "gzip" || one == "x-gzip" => {
            response.body = gzip::unpack(&response.body, limit)?;
        }
        _ => return Err(Reason::Malformed("it is packed in a way nobody asked for")),
    }
    Ok((response, keeps))
}

/// The values of all headers of a name, which may be lists.
pub(super) fn values<'h>(
    headers: &'h [(String, String)],
    name: &'h str,
) -> impl Iterator<Item = &'h str> {
    let known = move |(known, _): &&(String, String)| known.eq_ignore_ascii_case(name);
    headers.iter().filter(known).flat_map(|(_, value)| value.split(',')).map(str::trim)
}

fn has_body(headers: &[(String, String)]) -> bool {
    values(headers, "content-length").any(|length| length != "0")
        || values(headers, "transfer-encoding").next().is_some()
}

/// What an answer is read as that comes in these pieces, and what is left behind it: for the fuzzer.
#[cfg(not(target_family = "wasm"))]
pub fn read_recorded(
    method: &str,
    pieces: Vec<Vec<u8>>,
    limit: usize,
) -> (Result<Response, String>, Vec<u8>) {
    let mut connection = Connection::recorded(pieces);
    let answer = {
        let read = async {
            let head = head(&mut connection).await?;
            Ok(rest(&mut connection, method, String::new(), head, limit).await?.0)
        };
        // Nothing of it ever waits.
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match std::pin::pin!(read).poll(&mut context) {
            std::task::Poll::Ready(answer) => answer,
            std::task::Poll::Pending => Err(Reason::Closed),
        }
    };
    (answer.map_err(|reason: Reason| reason.to_string()), connection.rest().to_vec())
}

struct Head {
    status: u16,
    headers: Vec<(String, String)>,
    /// Whether the connection goes on behind the body.
    keeps: bool,
}

/// Reads what stands before the body, behind answers that are only to come (100, 103).
async fn head(connection: &mut Connection) -> Result<Head, Reason> {
    let mut before = 0;
    loop {
        let rest = connection.rest();
        let found = parse(rest)?;
        let length = found.as_ref().map_or(rest.len(), |(end, _)| *end);
        if before + length > MOST_HEAD {
            return Err(Reason::Malformed("its headers do not end"));
        }
        let Some((end, head)) = found else {
            connection.read().await?;
            continue;
        };
        connection.take(end);
        before += end;
        match head.status {
            101 => return Err(Reason::Malformed("it changes the protocol")),
            100..200 => {}
            _ => return Ok(head),
        }
    }
}

fn parse(bytes: &[u8]) -> Result<Option<(usize, Head)>, Reason> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let end = match response.parse(bytes) {
        Ok(httparse::Status::Complete(end)) => end,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => {
            return Err(Reason::Malformed("it has too many headers"));
        }
        Err(_) => return Err(Reason::Malformed("it is no HTTP")),
    };
    let status = response.code.unwrap_or_default();
    let is_1_1 = response.version == Some(1);
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let headers: Vec<_> =
        response.headers.iter().map(|it| (it.name.to_owned(), text(it.value))).collect();
    if !is_1_1 && values(&headers, "transfer-encoding").next().is_some() {
        return Err(Reason::Malformed("it is in chunks, which its version of HTTP does not have"));
    }
    let says = |word: &str| values(&headers, "connection").any(|it| it.eq_ignore_ascii_case(word));
    let keeps = !says("close") && (is_1_1 || says("keep-alive"));
    Ok(Some((end, Head { status, headers, keeps })))
}
