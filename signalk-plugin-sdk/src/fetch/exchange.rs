//! A request goes out, an answer comes in, and perhaps it leads on.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::ask::{Ask, Secrecy};
use super::body::Framing;
use super::connection::Connection;
use super::headers::{has_body, is_text, values};
use super::setup::Setup;
use super::url::Url;
use super::work::count;
use super::{FetchResponse, Reason, gzip};
use crate::task::timeout;

/// How often an answer may lead on.
const MOST_REDIRECTS: u32 = 5;
/// The most bytes that may come before the body, those of answers that are only to come included.
const MOST_HEAD: usize = 64 * 1024;
/// The most headers of an answer.
const MOST_HEADERS: usize = 100;
/// The most answers that are only to come (100, 103).
const MOST_INTERIM: u32 = 20;
/// The most of the body of a redirect, which nobody reads, that a connection is kept for.
const MOST_UNREAD: usize = 64 * 1024;

/// How far it has come, for the error.
struct Progress {
    place: RefCell<Option<String>>,
    waiting_for: Cell<&'static str>,
}

/// Sends a request; an error comes with the place that it is about, where that is known.
pub(super) async fn run(
    setup: &Setup,
    url: &str,
    ask: Ask,
    secrecy: Secrecy,
) -> Result<FetchResponse, (Option<String>, Reason)> {
    let limit = setup.settings.timeout;
    let progress = Progress { place: RefCell::default(), waiting_for: Cell::new("the connection") };
    let outcome = timeout(limit, follow(setup, url, ask, secrecy, &progress)).await;
    let waiting_for = progress.waiting_for.get();
    outcome.unwrap_or(Err(Reason::TimedOut { limit, waiting_for })).map_err(|reason| {
        let reason = if secrecy.of_answer { reason.without_words_of_the_peer() } else { reason };
        (progress.place.into_inner(), reason)
    })
}

async fn follow(
    setup: &Setup,
    url: &str,
    mut ask: Ask,
    secrecy: Secrecy,
    progress: &Progress,
) -> Result<FetchResponse, Reason> {
    if !is_text(&setup.settings.user_agent) {
        return Err(
            "the name that the client gives itself has a line break or the like in it".into()
        );
    }
    let mut url = Url::parse(url)?;
    let first = url.place(!secrecy.of_path);
    let was_on_board = url.origin.is_on_board();
    for _ in 0..=MOST_REDIRECTS {
        // Where an answer leads to is the peer's words.
        let place = if secrecy.of_answer { first.clone() } else { url.place(true) };
        progress.place.replace(Some(place.clone()));
        let mut answer = answer(setup, &url, &ask, place, progress).await?;
        let Some(location) = leads_to(answer.status, &answer.headers) else {
            answer.is_secret = secrecy.of_answer;
            return Ok(answer);
        };
        let next = url.join(location).map_err(|reason| Reason::Redirect(reason.to_string()))?;
        if url.origin.is_https && !next.origin.is_https {
            return Err(Reason::Redirect("it leads from https to http".into()));
        }
        let leads_on_board = next.origin.is_on_board() && !was_on_board;
        if leads_on_board && !setup.settings.allow_local_redirects {
            return Err(Reason::Redirect(
                "it leads from the internet to a machine on the boat's own network".into(),
            ));
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

/// The place to which an answer leads, if it is a redirect.
fn leads_to(status: u16, headers: &[(String, String)]) -> Option<&str> {
    let is_redirect = matches!(status, 301 | 302 | 303 | 307 | 308);
    let location = |(name, _): &&(String, String)| name.eq_ignore_ascii_case("location");
    headers.iter().find(|header| is_redirect && location(header)).map(|(_, to)| &**to)
}

/// The answer of one place, over a connection that is there or a new one.
async fn answer(
    setup: &Setup,
    url: &Url,
    ask: &Ask,
    place: String,
    progress: &Progress,
) -> Result<FetchResponse, Reason> {
    loop {
        progress.waiting_for.set("the connection");
        let kept = setup.idle.borrow_mut().take(&url.origin);
        let was_kept = kept.is_some();
        let mut connection = match kept {
            Some(connection) => connection,
            None => Connection::open(&setup.trust, &url.origin).await?,
        };
        progress.waiting_for.set("an answer");
        let head = async {
            connection.send(&ask.write(url, &setup.settings.user_agent))?;
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
        let limit = setup.settings.max_response_bytes;
        let (response, keeps) = rest(&mut connection, &ask.method, place, head, limit).await?;
        if keeps {
            setup.idle.borrow_mut().keep(connection);
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
) -> Result<(FetchResponse, bool), Reason> {
    let Head { status, headers, mut keeps } = head;
    let body = match Framing::of(method, status, &headers) {
        Ok(framing) if leads_to(status, &headers).is_some() => {
            // Nobody reads it: where it is not all there, or is too much, the connection ends.
            keeps &= framing != Framing::None || !has_body(&headers);
            keeps &= matches!(now(framing.read(connection, MOST_UNREAD)), Some(Ok(_)));
            Vec::new()
        }
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
    let mut response = FetchResponse { place, status, headers, body, is_secret: false };
    let packings: Vec<_> =
        values(&response.headers, "content-encoding").map(str::to_ascii_lowercase).collect();
    match &*packings {
        _ if response.body.is_empty() => {}
        [] => {}
        [one] if one == "identity" => {}
        [one] if one == "gzip" || one == "x-gzip" => {
            response.body = gzip::unpack(&response.body, limit).await?;
        }
        _ => return Err(Reason::Malformed("it is packed in a way nobody asked for")),
    }
    Ok((response, keeps))
}

/// The result of a future that does not have to wait.
fn now<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

/// What an answer is read as that comes in these pieces, and what is left behind it: for the fuzzer.
#[cfg(not(target_family = "wasm"))]
pub fn read_recorded(
    method: &str,
    pieces: Vec<Vec<u8>>,
    limit: usize,
) -> (Result<FetchResponse, String>, Vec<u8>) {
    let mut connection = Connection::recorded(pieces);
    let answer = {
        let mut read = pin!(async {
            let head = head(&mut connection).await?;
            Ok(rest(&mut connection, method, String::new(), head, limit).await?.0)
        });
        let mut context = Context::from_waker(Waker::noop());
        loop {
            // Nothing of it waits for anybody; it only gives others their turn.
            if let Poll::Ready(answer) = read.as_mut().poll(&mut context) {
                break answer;
            }
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
    const ENDLESS: Reason = Reason::Malformed("its headers do not end");
    let mut before = 0;
    for _ in 0..=MOST_INTERIM {
        let (end, head) = one_head(connection, MOST_HEAD - before).await?.ok_or(ENDLESS)?;
        connection.take(end);
        before += end;
        match head.status {
            101 => return Err(Reason::Malformed("it changes the protocol")),
            100..200 => {}
            _ => return Ok(head),
        }
    }
    Err(ENDLESS)
}

/// The next head, and how many bytes it has; `None` where that is more than it may.
async fn one_head(
    connection: &mut Connection,
    most: usize,
) -> Result<Option<(usize, Head)>, Reason> {
    let (mut searched, mut tried, mut blank) = (0_usize, 0_usize, 0_usize);
    loop {
        let rest = connection.rest();
        // Ends of lines before it are no end of it.
        while rest.get(blank).is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
            blank += 1;
        }
        let unseen = rest.get(searched.saturating_sub(3).max(blank)..).unwrap_or_default();
        count(unseen.len());
        let is_whole = unseen.windows(2).any(|it| it == b"\n\n")
            || unseen.windows(3).any(|it| it == b"\n\r\n");
        searched = rest.len();
        // However small the pieces are, each byte is read twice or so: once it is whole, and whenever
        // it has grown to twice as much, so that what is no HTTP is told at once.
        if searched > blank && (is_whole || searched > 2 * tried) {
            count(searched);
            tried = searched;
            if let Some(found) = parse(rest)? {
                return Ok((found.0 <= most).then_some(found));
            }
        }
        if searched > most {
            return Ok(None);
        }
        if let Err(reason) = connection.read().await {
            // What is no HTTP is told as that, however late it ends.
            parse(connection.rest())?;
            return Err(reason);
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

#[cfg(test)]
mod tests {
    use super::super::work::counted;
    use super::*;

    /// Reads an answer that comes in pieces of so many bytes, and counts the work that it made.
    fn work(text: &[u8], size: usize) -> (Result<FetchResponse, String>, usize) {
        counted();
        let pieces = text.chunks(size).map(<[u8]>::to_vec).collect();
        let (answer, _) = read_recorded("GET", pieces, 1 << 20);
        (answer, counted())
    }

    #[test]
    fn the_work_grows_as_the_bytes_do_however_small_the_pieces_are() {
        let ok = "HTTP/1.1 200 OK\r\n";
        let chunked = [ok, "Transfer-Encoding: chunked\r\n\r\n"].concat();
        for (name, text) in [
            (
                "a long header",
                [ok, "x: ", &"y".repeat(60_000), "\r\nContent-Length: 0\r\n\r\n"].concat(),
            ),
            ("a head without an end", [ok, "x: ", &"y".repeat(100_000)].concat()),
            (
                "many headers",
                [ok, &"abcd: efgh\r\n".repeat(99), "Content-Length: 0\r\n\r\n"].concat(),
            ),
            ("too many headers", [ok, &"a: b\r\n".repeat(5_000)].concat()),
            ("answers to come", ["HTTP/1.1 100\r\n\r\n".repeat(5_000), ok.into()].concat()),
            ("nothing but ends of lines", "\r\n".repeat(50_000)),
            ("a body", [ok, "Content-Length: 200000\r\n\r\n", &"z".repeat(200_000)].concat()),
            (
                "a long line of a chunk",
                [&*chunked, "1;", &"e".repeat(16_000), "\r\nx\r\n0\r\n\r\n"].concat(),
            ),
            ("a line without an end", [&*chunked, "1;", &"e".repeat(90_000)].concat()),
            ("small chunks", [&*chunked, &"1\r\nx\r\n".repeat(30_000), "0\r\n\r\n"].concat()),
            (
                "empty lines of chunks",
                [&*chunked, &"1;eeeeeeeeeeee\r\nx\r\n".repeat(30_000)].concat(),
            ),
            ("trailers", [&*chunked, "0\r\n", &"a: b\r\n".repeat(2_500), "\r\n"].concat()),
            ("a trailer without an end", [&*chunked, "0\r\na: ", &"b".repeat(90_000)].concat()),
        ] {
            let (whole, _) = work(text.as_bytes(), text.len());
            for size in [1, 2, 3, 17, 1_000] {
                let (answer, work) = work(text.as_bytes(), size);
                assert!(work <= 8 * text.len(), "{name} in {size}: {work} for {}", text.len());
                let outcome =
                    |it: &Result<FetchResponse, String>| it.as_ref().map(|it| it.status).ok();
                assert_eq!(outcome(&answer), outcome(&whole), "{name} in {size}");
            }
        }
    }

    #[test]
    fn a_few_answers_that_are_only_to_come_are_passed_over() {
        let answers = |interim: usize| {
            let text = ["HTTP/1.1 103\r\n\r\n".repeat(interim), "HTTP/1.1 204\r\n\r\n".into()];
            work(text.concat().as_bytes(), 1_000).0.map(|answer| answer.status)
        };
        assert_eq!(answers(20), Ok(204));
        assert!(answers(21).unwrap_err().ends_with("its headers do not end"));
    }
}
