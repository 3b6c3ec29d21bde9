//! Web servers, good and bad ones, that a plugin asks and waits for. The plugin is `signalk-test-fetch`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects")]

mod native;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use signalk_plugin_tests::boat::Boat;
use signalk_plugin_tests::http_stub::{Answer, Certificates, HttpStub, TlsOptions};
use signalk_plugin_tests::{Way, cases};

use native::Native;

/// The plugin.
const PLUGIN: &str = "signalk-test-fetch";

const PATIENCE: Duration = Duration::from_secs(60);
/// Of a body that says how long it is.
const TWO_MB: usize = 2_000_000;

fn until(boat: &mut dyn Boat, what: &str, mut holds: impl FnMut(&mut dyn Boat) -> bool) {
    let began = Instant::now();
    while !holds(boat) {
        assert!(began.elapsed() < PATIENCE, "{what} did not come: {}", boat.line());
        boat.step();
    }
}

/// What became of a request.
fn ask(boat: &mut dyn Boat, wanted: &Value) -> Value {
    boat.post("fetch", wanted);
    until(boat, &format!("the outcome of {wanted}"), |boat| !boat.value("test.outcome").is_null());
    boat.value("test.outcome")
}

fn get(boat: &mut dyn Boat, url: &str) -> Value {
    ask(boat, &json!({ "url": url }))
}

fn text(boat: &mut dyn Boat, url: &str) -> String {
    get(boat, url)["text"].as_str().unwrap().to_owned()
}

cases! {
    on_boat, [native embedded server]
    a_trusted_server_is_asked_and_asked_again
    a_server_that_is_not_whom_it_says_gets_no_request
    what_servers_do_to_their_clients_is_told
    a_large_answer_is_whole
    redirects_lead_to_safer_places_only
    a_redirect_is_followed_whatever_it_looks_like
    a_key_is_told_nowhere_whatever_the_answer_says
    a_password_in_an_address_is_refused_and_not_shown
    an_answer_that_makes_much_work_is_refused
    a_server_that_is_gone_and_comes_back_is_asked_again
    a_connection_of_bytes_is_waited_for
    tasks_wait_fail_and_panic_as_handlers_do
    without_trust_a_server_of_ones_own_is_a_stranger
}

cases! {
    [embedded server]
    a_panic_in_a_task_is_the_plugins
}

fn on_boat(way: Way, test: fn(&mut dyn Boat, &Certificates)) {
    let certificates = Certificates::new().unwrap();
    let trusting = |boat: &mut dyn Boat| {
        boat.configure(&json!({ "trust": certificates.ca_pem() }));
        test(boat, &certificates);
    };
    match way {
        Way::Native => trusting(&mut Native::launch()),
        _ => way.on_boat(PLUGIN, |boat| trusting(boat)),
    }
}

fn a_panic_in_a_task_is_the_plugins(way: Way) {
    way.on_boat(PLUGIN, |boat| {
        boat.configure(&json!({}));
        boat.post("panic", &json!({}));
        for expected in ["Crashed: in a task (", "Started"] {
            let began = Instant::now();
            while !boat.was_shown(expected) {
                assert!(began.elapsed() < PATIENCE, "{expected} did not come: {}", boat.line());
                boat.tick();
            }
        }
        boat.post("count/1", &json!({}));
        boat.pass(Duration::from_secs(1));
        until(boat, "the count", |boat| boat.value("test.count") == 1);
    });
}

fn a_trusted_server_is_asked_and_asked_again(boat: &mut dyn Boat, certificates: &Certificates) {
    let stub = HttpStub::tls(&certificates.good().unwrap()).unwrap();
    stub.answer("/plain", Answer::ok("{\"a\":1}").header("content-type", "application/json"));
    stub.answer("/chunks", Answer::new(200).chunked(["hel", "lo ", "chunks"]));
    stub.answer("/packed", Answer::new(200).gzip("packed".repeat(100)));
    stub.answer("/slowly", Answer::ok("byte by byte").slowly(1, Duration::from_millis(1)));
    stub.answer("/later", Answer::ok("later").interim(103, &[("link", "</a>")]));
    let outcome = get(boat, &format!("{}/plain?b=%20", stub.url()));
    assert_eq!((&outcome["status"], &outcome["text"]), (&json!(200), &json!("{\"a\":1}")));
    for (path, expected) in [
        ("/chunks", "hello chunks".to_owned()),
        ("/packed", "packed".repeat(100).chars().take(200).collect()),
        ("/slowly", "byte by byte".into()),
        ("/later", "later".into()),
    ] {
        assert_eq!(text(boat, &format!("{}{path}", stub.url())), expected, "{path}");
    }
    let posted =
        json!({ "url": format!("{}/plain", stub.url()), "method": "POST", "body": "ahoy ⚓" });
    assert_eq!(ask(boat, &posted)["status"], 200);
    let requests = stub.requests();
    assert_eq!(requests[0].path, "/plain?b=%20");
    assert_eq!(requests[0].header("host").unwrap(), format!("localhost:{}", stub.port()));
    let last = requests.last().unwrap();
    assert_eq!((&*last.method, &*last.body), ("POST", "ahoy ⚓".as_bytes()));
    assert_eq!(stub.connections(), 1, "the connection is used again");
}

fn a_server_that_is_not_whom_it_says_gets_no_request(
    boat: &mut dyn Boat,
    certificates: &Certificates,
) {
    let insecure = "no secure connection: ";
    for (certificate, expected) in [
        (certificates.expired(), "its certificate has expired, or the clock of this computer is"),
        (certificates.wrong_name(), "its certificate is for another name"),
        (certificates.unknown_ca(), "nobody who is trusted has signed its certificate"),
        (certificates.self_signed(), "nobody who is trusted has signed its certificate"),
    ] {
        let stub = HttpStub::tls(&certificate.unwrap()).unwrap();
        stub.answer("/", Answer::ok("secret"));
        let text = text(boat, &format!("{}/?key=secret", stub.url()));
        assert!(text.contains(&[insecure, expected].concat()), "{text}");
        assert!(!text.contains("secret"), "{text}");
        // The other side learns that it was not trusted, and never what it was to be asked.
        stub.wait_for_failure(0, PATIENCE).unwrap();
        assert_eq!(stub.requests().len(), 0);
    }
    let resets = TlsOptions::default().reset_in_handshake();
    let stub = HttpStub::tls_with(&certificates.good().unwrap(), resets).unwrap();
    let found = text(boat, &stub.url());
    assert!(found.ends_with("it ended the connection at the beginning"), "{found}");
    let found = text(boat, &format!("https://localhost:{}", answers_in_the_clear()));
    assert!(found.ends_with("no secure connection: what it answers is no TLS"), "{found}");
    for options in [
        TlsOptions::default().only_1_2(),
        TlsOptions::default().records_in_pieces(7, Duration::from_millis(1)),
    ] {
        let stub = HttpStub::tls_with(&certificates.good().unwrap(), options).unwrap();
        stub.answer("/", Answer::ok("whole"));
        assert_eq!(text(boat, &stub.url()), "whole");
    }
}

/// The port of a server that takes what TLS begins with for a bad request.
fn answers_in_the_clear() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        // Until the plugin has let go of it.
        while stream.read(&mut [0; 1024]).is_ok_and(|count| count > 0) {}
    });
    port
}

fn what_servers_do_to_their_clients_is_told(boat: &mut dyn Boat, certificates: &Certificates) {
    let ended = "the connection ended before the answer did";
    for stub in [HttpStub::plain().unwrap(), HttpStub::tls(&certificates.good().unwrap()).unwrap()]
    {
        stub.answer("/closes", Answer::close());
        stub.answer("/half", Answer::ok("half a body").half_body());
        stub.answer("/noise", Answer::raw("SSH-2.0-OpenSSH_9.2\r\n\r\n"));
        for (path, end) in [("/closes", ended), ("/half", ended), ("/noise", "it is no HTTP")] {
            let text = text(boat, &format!("{}{path}", stub.url()));
            assert!(text.ends_with(end), "{path}: {text}");
        }
        stub.answer("/500", Answer::new(500).body("{\"reason\":\"out of order\"}"));
        assert_eq!(get(boat, &format!("{}/500", stub.url()))["status"], 500);
        stub.answer("/hangs", Answer::hang());
        stub.answer("/stops", Answer::ok("half a body").half_body_then_hang());
        for (path, stage) in [("/hangs", "an answer"), ("/stops", "the rest of the answer")] {
            let before = stub.answered();
            boat.post("fetch", &json!({ "url": format!("{}{path}", stub.url()), "timeout": 8 }));
            until(boat, "what there is of the answer", |_| stub.answered() > before);
            // It is to be read, too.
            for _ in 0..20 {
                boat.step();
            }
            boat.pass(Duration::from_secs(9));
            until(boat, "the outcome", |boat| !boat.value("test.outcome").is_null());
            let text = boat.value("test.outcome")["text"].as_str().unwrap().to_owned();
            let end = format!("no answer within 8 s: waiting for {stage}");
            assert!(text.ends_with(&end), "{text}");
        }
    }
}

fn a_large_answer_is_whole(boat: &mut dyn Boat, certificates: &Certificates) {
    let body: Vec<u8> = (0..TWO_MB).map(|at| (at % 251) as u8).collect();
    let sum: u64 = body.iter().map(|byte| u64::from(*byte)).sum();
    let stub = HttpStub::tls(&certificates.good().unwrap()).unwrap();
    stub.answer("/large", Answer::ok(body.clone()));
    stub.answer("/packed", Answer::new(200).gzip(&body));
    stub.answer("/too_large", Answer::ok(vec![b'x'; 5 << 20]));
    for path in ["/large", "/packed"] {
        let outcome = get(boat, &format!("{}{path}", stub.url()));
        assert_eq!((&outcome["bytes"], &outcome["sum"]), (&json!(TWO_MB), &json!(sum)), "{path}");
    }
    let text = text(boat, &format!("{}/too_large", stub.url()));
    assert!(text.ends_with("more than the 4194304 bytes that it may have"), "{text}");
}

fn redirects_lead_to_safer_places_only(boat: &mut dyn Boat, certificates: &Certificates) {
    let plain = HttpStub::plain().unwrap();
    let secure = HttpStub::tls(&certificates.good().unwrap()).unwrap();
    plain.answer("/up", Answer::redirect(301, &format!("{}/there", secure.url())));
    secure.answer("/there", Answer::ok("there"));
    secure.answer("/down", Answer::redirect(302, &format!("{}/up", plain.url())));
    assert_eq!(text(boat, &format!("{}/up", plain.url())), "there");
    let seen = plain.requests().len();
    let text = text(boat, &format!("{}/down", secure.url()));
    assert!(text.ends_with("it leads from https to http"), "{text}");
    assert_eq!(plain.requests().len(), seen);
}

fn a_redirect_is_followed_whatever_it_looks_like(boat: &mut dyn Boat, _: &Certificates) {
    let stub = HttpStub::plain().unwrap();
    stub.answer("/start", Answer::redirect(302, "/x|ä[1]?a= b"));
    stub.answer("/x%7C%C3%A4%5B1%5D", Answer::ok("there"));
    assert_eq!(text(boat, &format!(" {}/start\n", stub.url())), "there");
    // Nobody reads the body of a redirect, however large it is.
    stub.answer("/large", Answer::redirect(302, "/last").body(vec![b'x'; 5 << 20]));
    stub.answer("/last", Answer::ok("there, too"));
    assert_eq!(text(boat, &format!("{}/large", stub.url())), "there, too");
}

fn a_key_is_told_nowhere_whatever_the_answer_says(
    boat: &mut dyn Boat,
    certificates: &Certificates,
) {
    const KEY: &str = "k3y/with&signs";
    for stub in [HttpStub::plain().unwrap(), HttpStub::tls(&certificates.good().unwrap()).unwrap()]
    {
        let elsewhere = format!("/unknown/{KEY}");
        stub.answer("/200", Answer::ok(format!("{{\"current\":\"invalid key {KEY}\"}}")));
        stub.answer("/name", Answer::ok("{\"k3y\":\"x\"}"));
        stub.answer("/401", Answer::new(401).body("no key k3y%2Fwith, k&#51;y or \\u006b3y"));
        stub.answer("/302", Answer::redirect(302, &elsewhere));
        stub.answer("/odd", Answer::redirect(302, "http://k3y:k3y@k3y/"));
        stub.answer("/noise", Answer::raw("k3y\r\n\r\n"));
        for (path, end) in [
            ("/200", "no details are shown, for the request held a secret"),
            ("/name", "no details are shown, for the request held a secret"),
            ("/401", "answered 401"),
            ("/302", "answered 404"),
            ("/odd", "a name or password belongs in a header and not in the address"),
            ("/noise", "it is no HTTP"),
        ] {
            let url = format!("{}{path}", stub.url());
            let outcome = ask(boat, &json!({ "url": url, "key": KEY, "json": true }));
            let text = outcome["text"].as_str().unwrap();
            assert!(text.starts_with(&url) && text.ends_with(end), "{path}: {text}");
            assert!(!outcome.to_string().contains("3y"), "{path}: {outcome}");
        }
        let asked = &stub.requests()[0];
        assert_eq!(asked.path, "/200?key=k3y%2Fwith%26signs");
        assert_eq!(asked.header("authorization").unwrap(), format!("Bearer {KEY}"));
    }
}

fn a_password_in_an_address_is_refused_and_not_shown(boat: &mut dyn Boat, _: &Certificates) {
    for url in [
        "http://me:hunter2@localhost/",
        "http://me:hun/ter2@localhost/",
        "http://me:hun?ter2@localhost/",
        "http://me:12/hunter2@localhost/",
        "//me:hunter2@localhost/x",
        "http:/me:hunter2@localhost/",
        "http:\\\\me:hunter2@localhost",
        "http://me%3Ahunter2%40localhost/",
        "http://me:hunter2＠localhost/",
    ] {
        let outcome = get(boat, url);
        let text = outcome["text"].as_str().unwrap();
        assert!(text.starts_with("the address: ") && !text.contains("ter2"), "{url}: {text}");
    }
}

fn an_answer_that_makes_much_work_is_refused(boat: &mut dyn Boat, _: &Certificates) {
    let stub = HttpStub::plain().unwrap();
    // 50,000 members of nothing, which took seconds.
    let member = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let members = Answer::ok(member.repeat(50_000)).header("content-encoding", "gzip");
    stub.answer("/members", members);
    stub.answer("/interim", Answer::raw("HTTP/1.1 100\r\n\r\n".repeat(1_000)));
    for (path, end) in
        [("/members", "it is packed in too many parts"), ("/interim", "its headers do not end")]
    {
        let text = text(boat, &format!("{}{path}", stub.url()));
        assert!(text.ends_with(end), "{path}: {text}");
    }
}

fn a_server_that_is_gone_and_comes_back_is_asked_again(
    boat: &mut dyn Boat,
    certificates: &Certificates,
) {
    let mut stub = HttpStub::tls(&certificates.good().unwrap()).unwrap();
    stub.answer("/", Answer::ok("here"));
    assert_eq!(text(boat, &stub.url()), "here");
    stub.refuse().unwrap();
    let gone = text(boat, &stub.url());
    assert!(gone.contains("no connection: "), "{gone}");
    stub.listen_again().unwrap();
    assert_eq!(text(boat, &stub.url()), "here");
}

fn a_connection_of_bytes_is_waited_for(boat: &mut dyn Boat, _: &Certificates) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let peer = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = [0; 4];
        stream.read_exact(&mut asked).unwrap();
        for part in ["ay", "e\n"] {
            stream.write_all(part.as_bytes()).unwrap();
            thread::sleep(Duration::from_millis(20));
        }
        // Until the plugin has let go of it.
        let _ = stream.read(&mut [0; 4]);
        asked
    });
    boat.post("dial", &json!({ "port": port, "text": "ahoy" }));
    until(boat, "the answer", |boat| boat.value("test.answer") == "aye");
    assert_eq!(&peer.join().unwrap(), b"ahoy");
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    boat.post("dial", &json!({ "port": nobody, "text": "ahoy" }));
    until(boat, "the error", |boat| boat.line().starts_with("no connection"));
}

fn tasks_wait_fail_and_panic_as_handlers_do(boat: &mut dyn Boat, _: &Certificates) {
    boat.post("count/3", &json!({}));
    for number in 1..=3 {
        boat.pass(Duration::from_secs(1));
        until(boat, "the count", |boat| boat.value("test.count").as_u64() >= Some(number));
    }
    boat.post("count/1000", &json!({}));
    boat.pass(Duration::from_secs(1));
    until(boat, "the count", |boat| boat.value("test.count") == 1);
    boat.post("give_up", &json!({}));
    boat.pass(Duration::from_secs(3));
    // One that was on its way when it was given up.
    assert!(boat.value("test.count").as_u64() <= Some(2), "{}", boat.value("test.count"));
}

fn without_trust_a_server_of_ones_own_is_a_stranger(
    boat: &mut dyn Boat,
    certificates: &Certificates,
) {
    let stub = HttpStub::tls(&certificates.good().unwrap()).unwrap();
    boat.configure(&json!({}));
    let text = text(boat, &stub.url());
    assert!(text.ends_with("nobody who is trusted has signed its certificate"), "{text}");
    assert!(stub.requests().is_empty());
}
