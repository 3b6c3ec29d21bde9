//! The HTTP client against real peers on loopback.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects")]

use std::cell::Cell;
use std::future::Future;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use signalk_plugin_sdk::config::Secret;
use signalk_plugin_sdk::fetch::{Client, Error, FetchResponse, Reason, RequestBuilder};
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::task::{self, Task};
use signalk_plugin_sdk::testing::TestHost;

/// What a peer does with a request.
enum Reply {
    /// These bytes, each piece after a moment.
    Pieces(Vec<Vec<u8>>),
    /// Bytes, and the end of the connection.
    Last(Vec<u8>),
    /// Nothing, and the connection stays.
    Nothing,
}

fn reply(text: &str) -> Reply {
    Reply::Pieces(vec![text.into()])
}

fn json(body: &str) -> Reply {
    let length = body.len();
    reply(&format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}"))
}

/// A web server on loopback. What it is asked is kept as `<connection> <request>`.
struct Peer {
    port: u16,
    seen: Arc<Mutex<Vec<String>>>,
    /// How many answers were sent, each as far as it goes.
    answered: Arc<AtomicUsize>,
}

impl Peer {
    fn new(answer: impl Fn(usize, &str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::<Mutex<Vec<String>>>::default();
        let answered = Arc::<AtomicUsize>::default();
        let (answer, kept, counted) = (Arc::new(answer), seen.clone(), answered.clone());
        thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                let (answer, kept, counted) = (answer.clone(), kept.clone(), counted.clone());
                thread::spawn(move || serve(stream.unwrap(), number, &*answer, &kept, &counted));
            }
        });
        Self { port, seen, answered }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    fn answered(&self) -> usize {
        self.answered.load(Ordering::SeqCst)
    }
}

fn serve(
    mut stream: TcpStream,
    number: usize,
    answer: &dyn Fn(usize, &str) -> Reply,
    seen: &Mutex<Vec<String>>,
    answered: &AtomicUsize,
) {
    while let Some(request) = request(&mut stream) {
        let before = seen.lock().unwrap().len();
        seen.lock().unwrap().push(format!("{number} {request}"));
        let mut is_last = false;
        match answer(before, &request) {
            Reply::Pieces(pieces) => {
                for piece in pieces {
                    // A client may leave when it has had enough.
                    if stream.write_all(&piece).is_err() {
                        break;
                    }
                    thread::sleep(Duration::from_millis(2));
                }
            }
            Reply::Last(bytes) => {
                stream.write_all(&bytes).unwrap();
                is_last = true;
            }
            Reply::Nothing => {}
        }
        answered.fetch_add(1, Ordering::SeqCst);
        if is_last {
            return;
        }
    }
}

/// Head and body of the next request; `None` at the end.
fn request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return Some(text);
            }
        }
        let mut some = [0; 4096];
        match stream.read(&mut some) {
            Ok(0) => return None,
            Ok(count) => bytes.extend_from_slice(&some[..count]),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => return None,
            Err(error) => panic!("{error}"),
        }
    }
}

#[derive(Deserialize)]
struct Wanted {
    method: String,
    url: String,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    headers: Vec<(String, String)>,
}

#[derive(Default)]
struct Fetches {
    client: Client,
    task: Option<Task>,
}

thread_local!(static LAST: Cell<Option<Result<FetchResponse, Error>>> = const { Cell::new(None) });

#[signalk_plugin]
impl Fetches {
    fn start() -> Self {
        Self { client: Client::new().max_response_bytes(100_000), ..Self::default() }
    }

    #[put("test.fetch")]
    fn fetch(&mut self, wanted: Wanted) {
        LAST.set(None);
        let _ = delta::clear("test.outcome");
        let mut request = self.client.request(&wanted.method, &wanted.url);
        for (name, value) in &wanted.headers {
            request = request.header(name, value);
        }
        if let Some(body) = wanted.body {
            request = request.json(&body);
        }
        self.task = Some(task::spawn_then("fetch", request.send(), Self::fetched));
    }

    fn fetched(&mut self, outcome: Result<FetchResponse, Error>) -> Result<()> {
        let text = match &outcome {
            Ok(answer) => {
                format!("{} {}", answer.status(), String::from_utf8_lossy(answer.bytes()))
            }
            Err(error) => error.to_string(),
        };
        LAST.set(Some(outcome));
        delta::set("test.outcome", text)
    }

    #[put("test.cancel")]
    fn cancel(&mut self, _: bool) {
        self.task = None;
    }

    #[delta("test.poke")]
    fn poke(&mut self, _: f64) {}
}

type Host = TestHost<Fetches>;

/// Has the plugin called, without any time passing for it, until it holds.
fn until(host: &mut Host, what: &str, holds: impl Fn(&Host) -> bool) {
    let began = Instant::now();
    while !holds(host) {
        assert!(began.elapsed() < Duration::from_secs(20), "{what}");
        host.receive("test.poke", 1.0);
        thread::sleep(Duration::from_millis(1));
    }
}

fn outcome(host: &mut Host) -> String {
    until(host, "the outcome", |host| host.value("test.outcome").is_some_and(|it| !it.is_null()));
    host.value("test.outcome").unwrap().as_str().unwrap().to_owned()
}

fn ask(host: &mut Host, wanted: serde_json::Value) -> String {
    host.put("test.fetch", wanted);
    outcome(host)
}

fn get(host: &mut Host, url: &str) -> String {
    ask(host, serde_json::json!({"method": "GET", "url": url}))
}

#[test]
fn a_request_says_who_asks_and_for_what() {
    let peer = Peer::new(|_, _| json("7"));
    let mut host = Host::start("{}");
    assert_eq!(get(&mut host, &peer.url("/a/b?c=%20")), "200 7");
    let seen = peer.seen().remove(0);
    assert!(seen.starts_with("0 GET /a/b?c=%20 HTTP/1.1\r\n"), "{seen}");
    for line in [
        &*format!("host: 127.0.0.1:{}", peer.port),
        "connection: keep-alive",
        "accept-encoding: gzip",
        concat!("user-agent: signalk-plugin-sdk/", env!("CARGO_PKG_VERSION")),
        "accept: */*",
    ] {
        assert!(seen.contains(&format!("\r\n{line}\r\n")), "{line} in {seen}");
    }
    let wanted = serde_json::json!({"method": "post", "url": peer.url("/x"), "body": "é",
        "headers": [["X-Key", "k"], ["User-Agent", "me"]]});
    assert_eq!(ask(&mut host, wanted), "200 7");
    let seen = peer.seen().remove(1);
    assert!(seen.starts_with("0 POST /x HTTP/1.1\r\n"), "{seen}");
    for line in ["content-type: application/json", "content-length: 4", "X-Key: k"] {
        assert!(seen.contains(&format!("\r\n{line}\r\n")), "{line} in {seen}");
    }
    assert_eq!(seen.matches("gent:").count(), 1, "{seen}");
    assert!(seen.ends_with("\r\n\r\n\"é\""), "{seen}");
}

#[test]
fn a_connection_is_used_again_and_one_that_was_closed_meanwhile_is_not() {
    let peer = Peer::new(|number, _| match number {
        1 => Reply::Last(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1".into()),
        _ => json("0"),
    });
    let mut host = Host::start("{}");
    assert_eq!(get(&mut host, &peer.url("/")), "200 0");
    // Over the same connection. Whether its answer survives the end of the connection is chance.
    let second = get(&mut host, &peer.url("/"));
    assert!(second == "200 1" || second == "200 0", "{second}");
    assert_eq!(get(&mut host, &peer.url("/")), "200 0");
    let connections: Vec<_> = peer.seen().iter().map(|it| it.as_bytes()[0]).collect();
    assert_eq!(connections[..3], *b"001");
}

#[test]
fn what_can_be_asked_twice_is_asked_again_where_a_kept_connection_ended() {
    // Each connection answers once and ends when it is asked again.
    let peer = Peer::new(|number, _| match number {
        1 | 4 => Reply::Last(Vec::new()),
        _ => json("0"),
    });
    let mut host = Host::start("{}");
    assert_eq!(get(&mut host, &peer.url("/")), "200 0");
    assert_eq!(get(&mut host, &peer.url("/")), "200 0");
    assert_eq!(get(&mut host, &peer.url("/")), "200 0");
    let post = serde_json::json!({"method": "POST", "url": peer.url("/x"), "body": "b"});
    let outcome = ask(&mut host, post);
    assert!(outcome.ends_with("the connection ended before the answer did"), "{outcome}");
    assert_eq!(peer.seen().len(), 5);
}

#[test]
fn an_answer_may_come_in_chunks_and_pieces_and_behind_others_that_are_no_answers() {
    let pieces = [
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.",
        "1 200 OK\r\nTransfer-Enc",
        "oding: chunked\r\n\r\n5\r\nhe",
        "llo\r",
        "\n6;name=\"x\"\r\n world\r\n0\r\nX-Sum: 1\r",
        "\n\r\n",
    ];
    let peer = Peer::new(move |_, _| Reply::Pieces(pieces.map(Into::into).to_vec()));
    let mut host = Host::start("{}");
    assert_eq!(get(&mut host, &peer.url("/")), "200 hello world");
    assert_eq!(get(&mut host, &peer.url("/")), "200 hello world");
    assert!(peer.seen()[1].starts_with("0 "), "the connection was used again");
}

/// By Python's gzip module, which is another hand than the one that unpacks it: "hello gzip".
const HELLO: &str = "1f8b0800000000000203cb48cdc9c95748afca2c0000196ad2df0a000000";
/// The same, of 200,000 times "a"; `*` stands for 191 zeroes.
const BOMB: &str = "1f8b0800000000000203edc13101000000c2a0aceb5fc20cfe4001*af019b5369e0400d0300";

fn packed(hex: &str) -> Vec<u8> {
    let hex = hex.replace('*', &"00".repeat(191));
    (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap()).collect()
}

fn gzip_answer(body: &[u8]) -> Reply {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    Reply::Pieces(vec![[head.as_bytes(), body].concat()])
}

#[test]
fn a_packed_answer_is_unpacked_up_to_the_limit() {
    let peer = Peer::new(|_, request| match request {
        it if it.contains(" /hello ") => gzip_answer(&packed(HELLO)),
        it if it.contains(" /bomb ") => gzip_answer(&packed(BOMB)),
        it if it.contains(" /cut ") => gzip_answer(&packed(HELLO)[..20]),
        it if it.contains(" /damaged ") => {
            let mut body = packed(HELLO);
            body[14] ^= 1;
            gzip_answer(&body)
        }
        _ => gzip_answer(b"hello"),
    });
    let mut host = Host::start("{}");
    assert_eq!(get(&mut host, &peer.url("/hello")), "200 hello gzip");
    let outcome = get(&mut host, &peer.url("/bomb"));
    assert!(outcome.ends_with("more than the 100000 bytes that it may have"), "{outcome}");
    for path in ["/cut", "/damaged", "/none"] {
        let outcome = get(&mut host, &peer.url(path));
        assert!(outcome.ends_with("what is packed in it is cut or damaged"), "{path}: {outcome}");
    }
}

#[test]
fn an_answer_of_more_bytes_than_it_may_have_is_refused_before_it_is_taken() {
    for answer in [
        "HTTP/1.1 200 OK\r\nContent-Length: 100001\r\n\r\n".to_owned(),
        "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n".to_owned(),
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n".to_owned(),
        format!(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nea60\r\n{}\r\nea60\r\n",
            "x".repeat(60_000)
        ),
    ] {
        let peer = Peer::new(move |_, _| reply(&answer));
        let mut host = Host::start("{}");
        let outcome = get(&mut host, &peer.url("/"));
        assert!(outcome.ends_with("more than the 100000 bytes that it may have"), "{outcome}");
    }
}

#[test]
fn redirects_are_followed_and_tokens_stay_where_they_were_meant_for() {
    let other = Peer::new(|_, _| json("2"));
    let to_other = other.url("/other?x=1");
    let peer = Peer::new(move |_, request| match request {
        it if it.contains(" /a ") => {
            reply("HTTP/1.1 302 Found\r\nLocation: b\r\nContent-Length: 2\r\n\r\nno")
        }
        it if it.contains(" /b ") => {
            reply(&format!("HTTP/1.1 307 X\r\nLocation: {to_other}\r\nContent-Length: 0\r\n\r\n"))
        }
        it if it.contains(" /loop ") => {
            reply("HTTP/1.1 301 X\r\nLocation: /loop\r\nContent-Length: 0\r\n\r\n")
        }
        it if it.contains("POST /form ") => {
            reply("HTTP/1.1 303 X\r\nLocation: /done\r\nContent-Length: 0\r\n\r\n")
        }
        it if it.contains(" /done ") => json("3"),
        it if it.contains(" /file ") => {
            reply("HTTP/1.1 302 X\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n")
        }
        _ => json("1"),
    });
    let mut host = Host::start("{}");
    let wanted = serde_json::json!({"method": "GET", "url": peer.url("/a"),
        "headers": [["Authorization", "Bearer t"], ["X-Api-Key", "k"], ["Accept", "text/x"]]});
    assert_eq!(ask(&mut host, wanted), "200 2");
    assert!(peer.seen()[1].contains("X-Api-Key: k\r\n"), "the same place");
    let seen = other.seen().remove(0);
    assert!(seen.starts_with("0 GET /other?x=1 "), "{seen}");
    assert!(seen.contains("Accept: text/x\r\n"), "{seen}");
    assert!(!seen.contains("Bearer") && !seen.contains("X-Api-Key"), "{seen}");

    let post = serde_json::json!({"method": "POST", "url": peer.url("/form"), "body": "b"});
    assert_eq!(ask(&mut host, post), "200 3");
    let seen = peer.seen().pop().unwrap();
    assert!(seen.contains("GET /done") && !seen.contains("content-"), "{seen}");

    let outcome = get(&mut host, &peer.url("/loop"));
    assert!(outcome.ends_with("it leads on and on"), "{outcome}");
    let outcome = get(&mut host, &peer.url("/file"));
    assert!(outcome.ends_with("/file: only http and https are known"), "{outcome}");
}

#[test]
fn what_goes_wrong_is_told_with_the_place_and_without_the_query() {
    let peer = Peer::new(|_, request| match request {
        it if it.contains(" /closes") => Reply::Last(Vec::new()),
        it if it.contains(" /half") => {
            Reply::Last(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf".into())
        }
        it if it.contains(" /endless") => Reply::Last(b"HTTP/1.1 200 OK\r\n\r\nall".into()),
        it if it.contains(" /ssh") => reply("SSH-2.0-OpenSSH_9.2\r\n"),
        it if it.contains(" /zstd") => {
            reply("HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\nContent-Length: 1\r\n\r\nx")
        }
        it if it.contains(" /upgrade") => reply("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"),
        it if it.contains(" /chunks") => {
            reply("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc")
        }
        it if it.contains(" /headers") => {
            reply(&format!("HTTP/1.1 200 OK\r\n{}", "a: b\r\n".repeat(101)))
        }
        _ => reply(&format!("HTTP/1.1 200 OK\r\nx: {}", "y".repeat(70_000))),
    });
    let mut host = Host::start("{}");
    for (path, end) in [
        ("/closes", "the connection ended before the answer did"),
        ("/half", "the connection ended before the answer did"),
        ("/endless", "what comes just before the end of a connection is lost"),
        ("/ssh", "the answer cannot be read: it is no HTTP"),
        ("/zstd", "the answer cannot be read: it is packed in a way nobody asked for"),
        ("/upgrade", "the answer cannot be read: it changes the protocol"),
        ("/chunks", "the answer cannot be read: its chunks cannot be told apart"),
        ("/headers", "the answer cannot be read: it has too many headers"),
        ("/long", "the answer cannot be read: its headers do not end"),
    ] {
        let outcome = get(&mut host, &peer.url(&format!("{path}?key=secret")));
        // A connection that ends may take what it brought with it.
        let is_lost = path == "/endless" && outcome.ends_with("ended before the answer did");
        assert!(outcome.ends_with(end) || is_lost, "{path}: {outcome}");
        assert!(outcome.starts_with(&peer.url(path)) && !outcome.contains("secret"), "{outcome}");
    }
    let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let outcome = get(&mut host, &format!("http://127.0.0.1:{unused}/x?key=secret"));
    let expected =
        "no connection: the name is unknown, nobody listens there, or there is no network";
    assert_eq!(outcome, format!("http://127.0.0.1:{unused}/x: {expected}"));
    for (url, end) in [
        ("not an address?key=secret", "or one with characters that have to be encoded"),
        ("http://127.0.0.1:99999/", "its port is no number up to 65535"),
        (
            "http://me:secret@127.0.0.1/",
            "a name or password belongs in a header and not in the address",
        ),
    ] {
        let outcome = get(&mut host, url);
        assert!(outcome.ends_with(end) && !outcome.contains("secret"), "{outcome}");
    }
}

fn secret(text: &str) -> Secret {
    signalk_plugin_sdk::json::from_str(&serde_json::json!(text).to_string()).unwrap()
}

/// Does with an answer as an author would, and gives the error that comes of it.
fn error_of(host: &mut Host, request: RequestBuilder) -> String {
    ANSWER.set(None);
    task::spawn("fetch", async {
        let outcome = async {
            let answer = request.send().await?;
            assert!(!format!("{answer:?}").contains("k3y"), "{answer:?}");
            answer.error_for_status()?.json::<std::collections::BTreeMap<String, f64>>()
        };
        ANSWER.set(Some(format!("{:?}", outcome.await.unwrap_err())));
        Ok(())
    })
    .detach();
    until(host, "the answer", |_| {
        let answer = ANSWER.take();
        ANSWER.set(answer.clone());
        answer.is_some()
    });
    ANSWER.take().unwrap()
}

#[test]
fn of_a_request_with_a_secret_no_error_says_what_the_answer_says() {
    let peer = Peer::new(|_, request| {
        let target = request.split(' ').nth(1).unwrap();
        let answer = |status: u16, body: String| {
            let length = body.len();
            reply(&format!("HTTP/1.1 {status} k3y\r\nContent-Length: {length}\r\n\r\n{body}"))
        };
        let to = |location: &str| {
            reply(&format!("HTTP/1.1 302 X\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"))
        };
        match target.split(['/', '?']).nth(1).unwrap() {
            "401" => answer(401, format!("no such key: k3y/ß, k&#51;y, \\u006b3y in {target}")),
            "200" => answer(200, r#"{"current":"invalid key k3y"}"#.into()),
            "key" => answer(200, r#"{"k3y":"x"}"#.into()),
            "html" => answer(200, "k3y".into()),
            "redirect" => to("/401/k3y?k3y#k3y"),
            "loop" => to("/loop/k3y"),
            "nowhere" => to("http://k3y:k3y@k3y/k3y"),
            "odd" => to("k3y://k3y"),
            "gone" => to("http://k3y.localhost:1/k3y"),
            "noise" => reply("k3y\r\n\r\n"),
            "packed" => {
                reply("HTTP/1.1 200 X\r\nContent-Encoding: k3y\r\nContent-Length: 3\r\n\r\nk3y")
            }
            _ => answer(500, "k3y".into()),
        }
    });
    let port = peer.port;
    let mut host = Host::start("{}");
    let key = secret("k3y/ß");
    for path in [
        "/401",
        "/200",
        "/key",
        "/html",
        "/redirect",
        "/loop",
        "/nowhere",
        "/odd",
        "/gone",
        "/noise",
        "/packed",
    ] {
        let client = Client::new();
        let get = || client.get(&peer.url(path));
        for request in [
            get().query_secret("key", &key),
            get().bearer(&secret("k3y")),
            get().header_secret("x-station", &secret("k3y")),
            get().header("X-Api-Key", "k3y"),
            get().header("Cookie", "id=k3y"),
            get().query("apiKey", "k3y"),
            client.get(&peer.url(&[path, "?x=1&appid=k3y"].concat())),
            client.get(&peer.url(&[path, "/k3y"].concat())).holds_secret(),
        ] {
            assert!(!format!("{request:?} {client:?}").contains("k3y"), "{request:?}");
            let error = error_of(&mut host, request);
            assert!(!error.contains("k3y") && !error.contains("&#51;"), "{path}: {error}");
            assert!(error.starts_with(&format!("http://127.0.0.1:{port}")), "{path}: {error}");
        }
    }
    let seen = peer.seen();
    for part in ["GET /401?key=k3y%2F%C3%9F HTTP", "authorization: Bearer k3y", "x-station: k3y"] {
        assert!(seen.iter().any(|it| it.contains(part)), "{part}");
    }
    // Without a secret all of it is told; and none is sent where there is none.
    let none = secret("");
    let get = |path: &str| {
        let request = Client::new().get(&peer.url(path));
        request.query_secret("key", &none).bearer(&none).header_secret("x-station", &none)
    };
    let error = error_of(&mut host, get("/401"));
    assert!(error.contains("answered 401: no such key: k3y/ß"), "{error}");
    let error = error_of(&mut host, get("/200"));
    assert!(error.contains("current: found the text \"invalid key k3y\""), "{error}");
    let last = peer.seen().pop().unwrap().to_lowercase();
    assert!(!last.contains("key=") && !last.contains("authorization") && !last.contains("station"));
    let events = format!("{:?}", host.events());
    assert!(!events.contains("k3y"), "{events}");
}

#[test]
fn a_redirect_from_the_internet_to_a_machine_on_board_is_not_followed() {
    let relay = Peer::new(|_, _| json("on"));
    let to = relay.url("/relay/on");
    let weather = Peer::new(move |_, request| match request {
        it if it.contains(" /there ") => json("there"),
        it if it.contains(" /on ") => {
            reply("HTTP/1.1 302 X\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n")
        }
        _ => reply(&format!("HTTP/1.1 302 X\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n")),
    });
    let mut host = Host::start("{}");
    host.resolve("weather.example", "127.0.0.1");
    let url = format!("http://weather.example:{}", weather.port);
    let outcome = get(&mut host, &url);
    assert!(
        outcome.ends_with("from the internet to a machine on the boat's own network"),
        "{outcome}"
    );
    assert!(relay.seen().is_empty());
    assert_eq!(get(&mut host, &format!("{url}/on")), "200 there");
    // One that was on board all the time may lead anywhere.
    assert_eq!(get(&mut host, &weather.url("/")), "200 on");
    // And where the author wants it.
    let client = Client::new().allow_local_redirects(true);
    let error = error_of(&mut host, client.get(&url));
    assert!(error.contains("the answer is not what was expected"), "{error}");
    assert_eq!(relay.seen().len(), 2);
}

#[test]
fn the_body_of_a_redirect_is_nobodys_concern() {
    let large = "x".repeat(200_000);
    let peer = Peer::new(move |_, request| {
        let body = |head: &str, body: &str| {
            reply(&format!("HTTP/1.1 302 X\r\nLocation: /there\r\n{head}\r\n\r\n{body}"))
        };
        match request {
            it if it.contains(" /there ") => json("there"),
            it if it.contains(" /large ") => body("Content-Length: 200000", &large),
            it if it.contains(" /half ") => body("Content-Length: 10", "half"),
            it if it.contains(" /endless ") => body("X: y", "any"),
            it if it.contains(" /packed ") => {
                body("Content-Encoding: gzip\r\nContent-Length: 4", "none")
            }
            it if it.contains(" /odd ") => body("Transfer-Encoding: chunked", "zzz"),
            _ => body("Transfer-Encoding: chunked", "2\r\nno\r\n0\r\n\r\n"),
        }
    });
    let mut host = Host::start("{}");
    for path in ["/large", "/half", "/endless", "/packed", "/odd", "/chunks"] {
        assert_eq!(get(&mut host, &peer.url(path)), "200 there", "{path}");
    }
}

#[test]
fn a_redirect_is_followed_whatever_letters_it_has() {
    let peer = Peer::new(|_, request| match request {
        it if it.contains(" /x%7C%C3%A4%5B1%5D?a=%20b ") => json("there"),
        _ => reply("HTTP/1.1 302 X\r\nLocation: /x|ä[1]?a= b#c\r\nContent-Length: 0\r\n\r\n"),
    });
    assert_eq!(get(&mut Host::start("{}"), &peer.url("/")), "200 there");
}

#[test]
fn white_space_around_an_address_is_none_of_it() {
    let peer = Peer::new(|_, _| json("7"));
    let mut host = Host::start("{}");
    let url = format!(" \t{} \n", peer.url("/x"));
    assert_eq!(get(&mut host, &url), "200 7");
    let error = error_of(&mut host, Client::new().get(&url).query("a", 1));
    assert!(error.contains("the answer is not what was expected"), "{error}");
    assert!(peer.seen()[1].contains("GET /x?a=1 HTTP"), "{:?}", peer.seen());
}

thread_local!(static ANSWER: Cell<Option<String>> = const { Cell::new(None) });

#[test]
fn a_header_that_would_be_two_is_refused() {
    let peer = Peer::new(|_, _| json("1"));
    let mut host = Host::start("{}");
    for (name, value) in
        [("X-A", "b\r\nHost: evil"), ("X A", "b"), ("", "b"), ("Host", "evil"), ("X\r\nY", "z")]
    {
        let wanted = serde_json::json!({"method": "GET", "url": peer.url("/"),
            "headers": [[name, value]]});
        assert!(ask(&mut host, wanted).contains("the header "), "{name}");
    }
    let wanted = serde_json::json!({"method": "GET / HTTP/1.1\r\nX:", "url": peer.url("/")});
    assert!(ask(&mut host, wanted).ends_with("the method is no word"));
    assert!(peer.seen().is_empty());
}

#[test]
fn a_peer_that_does_not_answer_costs_no_more_than_the_time_that_it_was_given() {
    let peer = Peer::new(|_, request| {
        if request.contains(" /part ") {
            reply("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        } else {
            Reply::Nothing
        }
    });
    let mut host = Host::start("{}");
    for (path, stage) in [("/", "an answer"), ("/part", "the rest of the answer")] {
        let before = peer.answered();
        host.put("test.fetch", serde_json::json!({"method": "GET", "url": peer.url(path)}));
        until(&mut host, "the request", |_| peer.answered() > before);
        host.receive("test.poke", 1.0);
        host.advance(Duration::from_secs(29));
        assert!(host.value("test.outcome").is_none_or(|it| it.is_null()));
        host.advance(Duration::from_secs(1));
        let expected = format!("no answer within 30 s: waiting for {stage}");
        let outcome = outcome(&mut host);
        assert!(outcome.ends_with(&expected), "{outcome}");
    }
    // Neither connection is kept.
    assert_eq!(host.open_sockets(), 0);
}

#[test]
fn a_request_that_is_given_up_closes_its_connection() {
    let peer = Peer::new(|_, _| Reply::Nothing);
    let mut host = Host::start("{}");
    host.put("test.fetch", serde_json::json!({"method": "GET", "url": peer.url("/")}));
    until(&mut host, "the request", |_| !peer.seen().is_empty());
    assert_eq!(host.open_sockets(), 1);
    host.put("test.cancel", true);
    assert_eq!(host.open_sockets(), 0);
}

#[test]
fn a_status_of_failure_is_an_answer_until_it_is_asked_to_be_ok() {
    let peer = Peer::new(|_, _| {
        reply(
            "HTTP/1.1 429 X\r\nRetry-After: 60\r\nContent-Length: 20\r\n\r\n{\"reason\": \"limit\"}\n",
        )
    });
    let mut host = Host::start("{}");
    assert!(get(&mut host, &peer.url("/")).starts_with("429 "));
    let answer = LAST.take().unwrap().unwrap();
    assert_eq!(answer.header("retry-after"), Some("60"));
    let error = answer.error_for_status().unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(60)));
    assert_eq!(
        error.to_string(),
        format!("{}: answered 429: {{\"reason\": \"limit\"}}", peer.url("/"))
    );
    assert!(matches!(error.reason(), Reason::Status { status: 429, .. }));
}

#[test]
fn json_that_is_not_what_was_expected_is_told_with_the_place_in_it() {
    let peer = Peer::new(|_, _| json(r#"{"hourly":{"time":"now"}}"#));
    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Document {
        hourly: Hourly,
    }
    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Hourly {
        time: Vec<u64>,
    }
    let mut host = Host::start("{}");
    get(&mut host, &peer.url("/"));
    let answer = LAST.take().unwrap().unwrap();
    let error = answer.json::<Document>().unwrap_err().to_string();
    assert!(
        error.ends_with(
            "the answer is not what was expected: hourly.time: found the text \"now\", expected a list"
        ),
        "{error}"
    );
}

#[cfg(not(feature = "tls"))]
#[test]
fn https_without_the_feature_is_refused_with_a_sentence() {
    let mut host = Host::start("{}");
    let outcome = get(&mut host, "https://127.0.0.1/");
    assert!(outcome.contains("https needs the feature \"tls\" of signalk-plugin-sdk"), "{outcome}");
}

#[test]
fn what_comes_unasked_is_no_answer_to_what_is_asked_next() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n";
    let peer = Peer::new(move |_, request| match request {
        // A second answer, a moment later.
        it if it.contains(" /twice ") => {
            Reply::Pieces([answer, "once", answer, "EVIL"].map(Into::into).to_vec())
        }
        // The body that a HEAD must not have.
        it if it.starts_with("HEAD") => Reply::Pieces([answer, "EVIL"].map(Into::into).to_vec()),
        _ => json("good"),
    });
    let mut host = Host::start("{}");
    for wanted in [
        serde_json::json!({"method": "GET", "url": peer.url("/twice")}),
        serde_json::json!({"method": "HEAD", "url": peer.url("/")}),
    ] {
        let first = ask(&mut host, wanted);
        assert!(first == "200 once" || first == "200 ", "{first}");
        // The rest of it is there by then.
        until(&mut host, "the second answer", |_| peer.answered() == peer.seen().len());
        assert_eq!(get(&mut host, &peer.url("/")), "200 good");
    }
    let connections: Vec<_> = peer.seen().iter().map(|it| it.as_bytes()[0]).collect();
    assert_eq!(connections, *b"0112", "the connection of the HEAD is not kept either");
}

#[test]
fn a_flood_around_an_answer_is_no_answer() {
    let interim = "HTTP/1.1 100\r\n\r\n".repeat(10_000);
    let tiny = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        format!("1;{}\r\nx\r\n", "e".repeat(1_000)).repeat(1_000)
    );
    let empty = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n\r\n\r\n";
    for (flood, end) in [
        (&*interim, "its headers do not end"),
        (&*tiny, "its chunks cannot be told apart"),
        (empty, "its chunks cannot be told apart"),
        ("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "does not have"),
    ] {
        let flood = flood.to_owned();
        let peer = Peer::new(move |_, _| reply(&flood));
        let outcome = get(&mut Host::start("{}"), &peer.url("/"));
        assert!(outcome.ends_with(end), "{outcome}");
    }
}

#[test]
fn a_status_of_failure_or_a_redirect_needs_no_length() {
    let peer = Peer::new(|_, request| match request {
        it if it.contains(" /there ") => json("there"),
        it if it.contains(" /moved ") => {
            Reply::Last(b"HTTP/1.1 302 X\r\nLocation: /there\r\n\r\n".into())
        }
        _ => reply("HTTP/1.1 503 X\r\n\r\nwith words of any length"),
    });
    let mut host = Host::start("{}");
    assert_eq!(get(&mut host, &peer.url("/")), "503 ");
    // What comes with the end of a connection may be lost with it.
    let moved = get(&mut host, &peer.url("/moved"));
    assert!(moved == "200 there" || moved.ends_with("ended before the answer did"), "{moved}");
}

#[test]
fn what_was_sent_is_not_sent_on_to_another_place() {
    let other = Peer::new(|_, _| json("other"));
    let to = other.url("/");
    let peer = Peer::new(move |_, _| {
        reply(&format!("HTTP/1.1 308 X\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n"))
    });
    let post = serde_json::json!({"method": "POST", "url": peer.url("/"), "body": "key"});
    let outcome = ask(&mut Host::start("{}"), post);
    assert!(outcome.ends_with("it leads what was sent to another place"), "{outcome}");
    assert!(other.seen().is_empty());
}

#[test]
fn a_name_that_would_be_a_request_is_refused() {
    let peer = Peer::new(|_, _| json("1"));
    let client = Client::new().user_agent("me\r\n\r\nDELETE /all HTTP/1.1\r\nhost: x");
    let request = client.get(&peer.url("/"));
    let error = ready(request.send()).unwrap_err();
    assert!(error.to_string().ends_with("has a line break or the like in it"), "{error}");
    assert!(peer.seen().is_empty());
}

/// The output of a future that does not wait.
fn ready<F: Future>(future: F) -> F::Output {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => panic!("it waits"),
    }
}

#[test]
fn nothing_in_a_body_acts_on_who_reads_the_error() {
    let peer = Peer::new(|_, _| {
        let body = "\u{1b}[2J\u{202e}two\nlines\0";
        reply(&format!("HTTP/1.1 500 X\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
    });
    get(&mut Host::start("{}"), &peer.url("/"));
    let error = LAST.take().unwrap().unwrap().error_for_status().unwrap_err();
    assert_eq!((error.status(), error.retry_after()), (Some(500), None));
    let text = error.to_string();
    assert!(text.ends_with("answered 500: \u{fffd}[2J\u{fffd}two lines\u{fffd}"), "{text:?}");
}
