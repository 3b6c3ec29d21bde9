//! The HTTP server that plays a web API does what a test tells it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what it expects by unwrapping it"
)]

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::version::{TLS12, TLS13};
use rustls::{
    CertificateError, ClientConfig, ClientConnection, ProtocolVersion, RootCertStore, StreamOwned,
};
use signalk_plugin_tests::http_stub::{
    Answer, Certificate, Certificates, HttpStub, KeyType, TlsOptions,
};

/// Ends a test that waits for what does not come.
const PATIENCE: Duration = Duration::from_secs(20);
/// Longer than any test waits, so that who waits for its end is found.
const AGES: Duration = Duration::from_secs(3600);

const GET: &str = "GET / HTTP/1.1\r\nHost: stub\r\n\r\n";

/// A client that sends what it is told to and reads answers byte by byte, to not read beyond them.
struct Client<S>(S);

/// An answer as it came.
struct Received {
    head: String,
    body: Vec<u8>,
}

fn connect(stub: &HttpStub) -> Client<TcpStream> {
    Client(try_connect(stub).unwrap())
}

fn try_connect(stub: &HttpStub) -> std::io::Result<TcpStream> {
    let socket = TcpStream::connect((Ipv4Addr::LOCALHOST, stub.port()))?;
    socket.set_read_timeout(Some(PATIENCE))?;
    Ok(socket)
}

impl<S: Read + Write> Client<S> {
    fn send(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).unwrap();
        self.0.flush().unwrap();
    }

    fn ask(&mut self, request: &str) -> Received {
        self.send(request);
        let head = self.head();
        let body = if head.contains("Transfer-Encoding: chunked") {
            self.chunks().concat()
        } else {
            let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
            let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
            self.0.read_exact(&mut body).unwrap();
            body
        };
        Received { head, body }
    }

    fn head(&mut self) -> String {
        self.through("\r\n\r\n")
    }

    fn chunks(&mut self) -> Vec<Vec<u8>> {
        let mut chunks = Vec::new();
        loop {
            let line = self.through("\r\n");
            let mut chunk = vec![0; usize::from_str_radix(line.trim(), 16).unwrap()];
            self.0.read_exact(&mut chunk).unwrap();
            assert_eq!(self.through("\r\n"), "\r\n");
            if chunk.is_empty() {
                return chunks;
            }
            chunks.push(chunk);
        }
    }

    fn through(&mut self, mark: &str) -> String {
        let mut text = Vec::new();
        while !text.ends_with(mark.as_bytes()) {
            let mut byte = [0];
            self.0.read_exact(&mut byte).unwrap();
            text.push(byte[0]);
        }
        String::from_utf8(text).unwrap()
    }

    /// All that comes until the server closes the connection.
    fn rest(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        self.0.read_to_end(&mut rest).unwrap();
        rest
    }
}

impl Client<TcpStream> {
    fn assert_nothing_comes(&mut self) {
        self.0.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        let error = self.0.read(&mut [0]).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error}");
        self.0.set_read_timeout(Some(PATIENCE)).unwrap();
    }

    /// The end of a connection, by a close or a reset.
    fn assert_ended(&mut self) {
        match self.0.read(&mut [0]) {
            Ok(0) => {}
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
            other => panic!("the connection goes on: {other:?}"),
        }
    }
}

#[test]
fn requests_on_one_connection_are_answered_and_kept() {
    let stub = HttpStub::plain().unwrap();
    assert_eq!(stub.url(), format!("http://127.0.0.1:{}", stub.port()));
    stub.answer("/tides", Answer::ok("high").header("X-Station", "Horta"));
    let mut client = connect(&stub);
    let answer = client.ask("GET /tides?day=1 HTTP/1.1\r\nHost: stub\r\nx-Key:  abc \r\n\r\n");
    assert_eq!(answer.head, "HTTP/1.1 200 OK\r\nX-Station: Horta\r\nContent-Length: 4\r\n\r\n");
    assert_eq!(answer.body, b"high");
    client.ask("POST /tides HTTP/1.1\r\nContent-Length: 3\r\n\r\na\0b");
    client.ask("PUT /tides HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n");
    connect(&stub).ask("DELETE /other HTTP/1.1\r\n\r\n");

    let requests = stub.requests();
    let [get, post, put, delete] = requests.as_slice() else { panic!("{requests:?}") };
    assert_eq!((get.method.as_str(), get.path.as_str()), ("GET", "/tides?day=1"));
    let headers = [("Host", "stub"), ("x-Key", "abc")];
    assert_eq!(get.headers, headers.map(|(name, value)| (name.into(), value.into())));
    assert_eq!(get.header("X-KEY"), Some("abc"));
    assert_eq!(post.body, b"a\0b");
    assert_eq!(put.body, b"abc0123456789");
    assert_eq!((get.connection, put.connection, delete.connection), (0, 0, 1));
    assert_eq!(stub.connections(), 2);
    assert_eq!(stub.failures(), [""; 0]);
}

#[test]
fn requests_that_were_sent_together_are_answered_in_their_order() {
    let stub = HttpStub::plain().unwrap();
    stub.answer("/a", Answer::ok("a"));
    stub.answer("/b", Answer::ok("b"));
    let mut client = connect(&stub);
    assert_eq!(client.ask("GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n").body, b"a");
    assert_eq!(client.ask("").body, b"b");
}

#[test]
fn the_longest_beginning_of_a_path_says_the_answer_which_may_change() {
    let stub = HttpStub::plain().unwrap();
    let mut client = connect(&stub);
    assert!(client.ask(GET).head.starts_with("HTTP/1.1 404 "));
    stub.answer("/", Answer::ok("all"));
    stub.answer("/a/b", Answer::ok("b"));
    assert_eq!(client.ask("GET /a/bc HTTP/1.1\r\n\r\n").body, b"b");
    assert_eq!(client.ask("GET /a HTTP/1.1\r\n\r\n").body, b"all");
    stub.answer_in_turn("/a/b", [Answer::new(503), Answer::ok("again")]);
    let bodies = [1, 2, 3].map(|_| client.ask("GET /a/b HTTP/1.1\r\n\r\n").body);
    assert_eq!(bodies, [&b""[..], b"again", b"again"]);
    stub.answer_in_turn("/a/b", []);
    assert_eq!(client.ask("GET /a/b HTTP/1.1\r\n\r\n").body, b"all");
}

#[test]
fn bodies_come_in_chunks_or_compressed() {
    let stub = HttpStub::plain().unwrap();
    let mut client = connect(&stub);
    stub.answer("/", Answer::new(200).chunked(["wind", "", " and a long wave"]));
    client.send(GET);
    assert_eq!(client.head(), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    assert_eq!(client.chunks(), [&b"wind"[..], b" and a long wave"]);

    stub.answer("/", Answer::new(200).gzip("wind".repeat(1000)));
    let answer = client.ask(GET);
    assert!(answer.head.contains("Content-Encoding: gzip"), "{}", answer.head);
    assert!(answer.body.len() < 100);
    let mut text = String::new();
    GzDecoder::new(answer.body.as_slice()).read_to_string(&mut text).unwrap();
    assert_eq!(text, "wind".repeat(1000));
}

#[test]
fn what_has_no_body_gets_none() {
    let stub = HttpStub::plain().unwrap();
    let mut client = connect(&stub);
    stub.answer("/", Answer::ok("long"));
    client.send("HEAD / HTTP/1.1\r\n\r\n");
    assert_eq!(client.head(), "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
    stub.answer("/", Answer::new(204));
    client.send(GET);
    assert_eq!(client.head(), "HTTP/1.1 204 No Content\r\n\r\n");
    stub.answer("/", Answer::redirect(302, "/elsewhere"));
    let answer = client.ask(GET);
    let expected = "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(answer.head, expected);
}

#[test]
fn it_hangs() {
    let stub = HttpStub::plain().unwrap();
    stub.answer("/", Answer::hang());
    let mut client = connect(&stub);
    client.send(GET);
    stub.wait_for_request(0, PATIENCE).unwrap();
    client.assert_nothing_comes();
}

#[test]
fn it_closes_without_an_answer() {
    let stub = HttpStub::plain().unwrap();
    stub.answer("/", Answer::close());
    let mut client = connect(&stub);
    client.send(GET);
    assert_eq!(client.rest(), b"");
    assert_eq!(stub.requests().len(), 1);
}

#[test]
fn it_sends_half_a_body_and_closes_or_hangs() {
    let stub = HttpStub::plain().unwrap();
    stub.answer("/", Answer::ok("12345678").half_body());
    let mut client = connect(&stub);
    client.send(GET);
    assert!(client.head().contains("Content-Length: 8"));
    assert_eq!(client.rest(), b"1234");

    stub.answer("/", Answer::ok("12345678").half_body_then_hang());
    let mut client = connect(&stub);
    client.send(GET);
    client.head();
    client.0.read_exact(&mut [0; 4]).unwrap();
    client.assert_nothing_comes();
}

#[test]
fn it_sends_slowly() {
    let stub = HttpStub::plain().unwrap();
    let (body, pause) = ("0123456789", Duration::from_millis(2));
    stub.answer("/", Answer::ok(body).slowly(1, pause));
    let mut client = connect(&stub);
    let start = Instant::now();
    let answer = client.ask(GET);
    let pauses = u32::try_from(answer.head.len() + answer.body.len() - 1).unwrap();
    assert_eq!(answer.body, body.as_bytes());
    assert!(start.elapsed() >= pause * pauses, "{:?}", start.elapsed());

    let pause = Duration::from_millis(100);
    stub.answer("/", Answer::raw("abcdef").in_pieces(&[1, 3], pause));
    let start = Instant::now();
    client.send(GET);
    for (piece, pauses) in [("a", 0), ("bcd", 1), ("ef", 2)] {
        let mut buffer = vec![0; piece.len()];
        client.0.read_exact(&mut buffer).unwrap();
        assert_eq!(buffer, piece.as_bytes());
        assert!(start.elapsed() >= pause * pauses, "{piece} after {:?}", start.elapsed());
    }
}

#[test]
fn it_closes_after_an_answer() {
    let stub = HttpStub::plain().unwrap();
    let told = |answer| {
        stub.answer("/", answer);
        let mut client = connect(&stub);
        let start = Instant::now();
        let head = client.ask(GET).head;
        assert_eq!(client.rest(), b"");
        (head.contains("Connection: close"), start.elapsed())
    };
    let late = Duration::from_millis(300);
    assert!(told(Answer::ok("a").close_after(Duration::ZERO)).0);
    let (announced, after) = told(Answer::ok("a").close_after(late));
    assert!(announced && after >= late, "{after:?}");
    assert!(!told(Answer::ok("a").close_unannounced_after(Duration::ZERO)).0);

    stub.answer("/", Answer::ok("a"));
    let mut client = connect(&stub);
    client.ask("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
    assert_eq!(client.rest(), b"");
}

#[test]
fn it_sends_what_is_not_http_and_interim_answers() {
    let stub = HttpStub::plain().unwrap();
    let mut client = connect(&stub);
    stub.answer("/", Answer::raw("HTTP/9 what\n\n").close_unannounced_after(Duration::ZERO));
    client.send(GET);
    assert_eq!(client.rest(), b"HTTP/9 what\n\n");

    stub.answer("/", Answer::ok("a").interim(100, &[]).interim(103, &[("Link", "</b>")]));
    let mut client = connect(&stub);
    client.send("PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
    assert_eq!(client.head(), "HTTP/1.1 100 Continue\r\n\r\n");
    assert_eq!(client.head(), "HTTP/1.1 103 Early Hints\r\nLink: </b>\r\n\r\n");
    client.assert_nothing_comes();
    assert_eq!(client.ask("body").body, b"a");
    assert_eq!(stub.wait_for_request(1, PATIENCE).unwrap().body, b"body");
}

#[test]
fn what_clients_do_wrong_is_a_failure() {
    let stub = HttpStub::plain().unwrap();
    connect(&stub).send("GET /\r\n\r\n");
    let failure = stub.wait_for_failure(0, PATIENCE).unwrap();
    assert_eq!(failure, r#"connection 0: not a request of HTTP/1.1: "GET /""#);
    connect(&stub).send("GET / HTTP/1.1\r\n");
    let failure = stub.wait_for_failure(1, PATIENCE).unwrap();
    assert!(failure.contains("within a request's head"), "{failure}");
    let error = stub.wait_for_request(0, Duration::from_millis(10)).unwrap_err().to_string();
    assert!(error.contains("request 0 did not come"), "{error}");
}

#[test]
fn it_refuses_connections_and_listens_again_on_its_port() {
    let mut stub = HttpStub::plain().unwrap();
    stub.answer("/", Answer::ok("here"));
    for round in 0..5 {
        let port = stub.port();
        let mut idle = connect(&stub);
        assert_eq!(idle.ask(GET).body, b"here");
        stub.answer("/hang", Answer::hang());
        let mut waiting = connect(&stub);
        waiting.send("GET /hang HTTP/1.1\r\n\r\n");
        stub.wait_for_request(2 * round + 1, PATIENCE).unwrap();

        stub.refuse().unwrap();
        stub.refuse().unwrap();
        idle.assert_ended();
        waiting.assert_ended();
        for _ in 0..100 {
            assert_eq!(try_connect(&stub).unwrap_err().kind(), ErrorKind::ConnectionRefused);
        }
        stub.listen_again().unwrap();
        stub.listen_again().unwrap();
        assert_eq!(stub.port(), port);
    }
    assert_eq!(connect(&stub).ask(GET).body, b"here");
    assert_eq!(stub.connections(), 11);
    assert_eq!(stub.failures(), [""; 0]);
    stub.refuse().unwrap();
}

#[test]
fn it_ends_at_once_whatever_its_clients_are_at() {
    let stub = HttpStub::plain().unwrap();
    stub.answer("/hang", Answer::hang());
    stub.answer("/slow", Answer::ok("a").slowly(1, AGES));
    stub.answer("/late", Answer::ok("a").close_after(AGES));
    stub.answer("/long", Answer::ok(vec![0; 64 << 20]));
    let mut clients = [(); 6].map(|()| connect(&stub));
    let asked = ["/hang", "/slow", "/late", "/long"];
    for (client, path) in clients.iter_mut().zip(asked) {
        client.send(&format!("GET {path} HTTP/1.1\r\n\r\n"));
    }
    clients[4].send("GET / HTT");
    stub.wait_for_request(asked.len() - 1, PATIENCE).unwrap();
    let start = Instant::now();
    drop(stub);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());

    let certificate = Certificates::new().unwrap().good().unwrap();
    let silent = TlsOptions::default().records_in_pieces(1, AGES);
    for options in [TlsOptions::default(), TlsOptions::default().reset_in_handshake(), silent] {
        let stub = HttpStub::tls_with(&certificate, options).unwrap();
        let mut within_handshake = connect(&stub);
        within_handshake.send("\u{16}\u{3}");
        let start = Instant::now();
        drop(stub);
        within_handshake.assert_ended();
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    }
}

type TlsClient<S> = Client<StreamOwned<ClientConnection, S>>;

fn config(
    certificates: &Certificates,
    versions: &[&'static rustls::SupportedProtocolVersion],
) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(certificates.ca_der())).unwrap();
    ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

/// Gets through the handshake, or says why not.
fn shake_hands<S: Read + Write>(
    mut socket: S,
    config: ClientConfig,
    name: &'static str,
) -> std::io::Result<TlsClient<S>> {
    let name = ServerName::try_from(name).unwrap();
    let mut tls = ClientConnection::new(Arc::new(config), name).unwrap();
    while tls.is_handshaking() {
        tls.complete_io(&mut socket)?;
    }
    Ok(Client(StreamOwned::new(tls, socket)))
}

fn connect_tls(stub: &HttpStub, certificates: &Certificates) -> TlsClient<TcpStream> {
    let socket = try_connect(stub).unwrap();
    shake_hands(socket, config(certificates, &[&TLS13, &TLS12]), "localhost").unwrap()
}

#[test]
fn a_good_certificate_is_taken_with_every_type_of_key() {
    for key_type in [KeyType::EcdsaP256, KeyType::EcdsaP384, KeyType::Ed25519] {
        let certificates = Certificates::with_keys(key_type).unwrap();
        assert!(certificates.ca_pem().starts_with("-----BEGIN CERTIFICATE-----"));
        let stub = HttpStub::tls(&certificates.good().unwrap()).unwrap();
        assert_eq!(stub.url(), format!("https://localhost:{}", stub.port()));
        stub.answer("/", Answer::ok("secret"));
        for name in ["localhost", "127.0.0.1"] {
            for (version, expected) in
                [(&TLS13, ProtocolVersion::TLSv1_3), (&TLS12, ProtocolVersion::TLSv1_2)]
            {
                let socket = try_connect(&stub).unwrap();
                let mut client =
                    shake_hands(socket, config(&certificates, &[version]), name).unwrap();
                assert_eq!(client.0.conn.protocol_version(), Some(expected));
                assert_eq!(client.ask(GET).body, b"secret");
                assert_eq!(client.ask(GET).body, b"secret");
            }
        }
    }
}

#[test]
fn bad_certificates_are_bad_in_the_one_way_that_they_say() {
    let certificates = Certificates::new().unwrap();
    let verdict = |certificate: anyhow::Result<Certificate>| {
        let stub = HttpStub::tls(&certificate.unwrap()).unwrap();
        let socket = try_connect(&stub).unwrap();
        let config = config(&certificates, &[&TLS13, &TLS12]);
        let Err(error) = shake_hands(socket, config, "localhost") else {
            panic!("the certificate was taken")
        };
        let failure = stub.wait_for_failure(0, PATIENCE).unwrap();
        assert!(failure.contains("the TLS handshake failed: received fatal alert"), "{failure}");
        assert_eq!(stub.requests(), []);
        match error.downcast::<rustls::Error>() {
            Ok(rustls::Error::InvalidCertificate(error)) => error,
            other => panic!("{other:?}"),
        }
    };
    let expired = verdict(certificates.expired());
    assert!(matches!(expired, CertificateError::ExpiredContext { .. }), "{expired:?}");
    let wrong_name = verdict(certificates.wrong_name());
    assert!(
        matches!(wrong_name, CertificateError::NotValidForNameContext { .. }),
        "{wrong_name:?}"
    );
    assert_eq!(verdict(certificates.unknown_ca()), CertificateError::UnknownIssuer);
    assert_eq!(verdict(certificates.self_signed()), CertificateError::UnknownIssuer);
}

#[test]
fn tls_may_be_1_2_only() {
    let certificates = Certificates::new().unwrap();
    let options = TlsOptions::default().only_1_2();
    let stub = HttpStub::tls_with(&certificates.good().unwrap(), options).unwrap();
    let client = connect_tls(&stub, &certificates);
    assert_eq!(client.0.conn.protocol_version(), Some(ProtocolVersion::TLSv1_2));
    let socket = try_connect(&stub).unwrap();
    assert!(shake_hands(socket, config(&certificates, &[&TLS13]), "localhost").is_err());
}

#[test]
fn a_handshake_is_reset() {
    let certificates = Certificates::new().unwrap();
    let options = TlsOptions::default().reset_in_handshake();
    let stub = HttpStub::tls_with(&certificates.good().unwrap(), options).unwrap();
    let socket = try_connect(&stub).unwrap();
    let Err(error) = shake_hands(socket, config(&certificates, &[&TLS13]), "localhost") else {
        panic!("there was a handshake")
    };
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert_eq!(stub.failures(), [""; 0]);
}

/// Counts what is read off a socket.
struct Counting {
    socket: TcpStream,
    reads: usize,
}

impl Read for Counting {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.reads += 1;
        self.socket.read(buffer)
    }
}

impl Write for Counting {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.socket.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.socket.flush()
    }
}

#[test]
fn records_come_in_pieces() {
    let certificates = Certificates::new().unwrap();
    let options = TlsOptions::default().records_in_pieces(20, Duration::from_millis(2));
    let stub = HttpStub::tls_with(&certificates.good().unwrap(), options).unwrap();
    stub.answer("/", Answer::ok("a".repeat(1000)));
    let socket = Counting { socket: try_connect(&stub).unwrap(), reads: 0 };
    let mut client = shake_hands(socket, config(&certificates, &[&TLS13]), "localhost").unwrap();
    let before = client.0.sock.reads;
    assert_eq!(client.ask(GET).body, "a".repeat(1000).as_bytes());
    // 50 pieces; on a busy machine some come together.
    let reads = client.0.sock.reads - before;
    assert!(before > 5 && reads > 10, "{before} + {reads} reads");
}

#[test]
fn tls_ends_with_a_word_or_without() {
    let certificates = Certificates::new().unwrap();
    let stub = HttpStub::tls(&certificates.good().unwrap()).unwrap();
    stub.answer("/", Answer::ok("a").close_after(Duration::ZERO));
    let mut client = connect_tls(&stub, &certificates);
    client.ask(GET);
    assert_eq!(client.rest(), b"");

    for cut in [Answer::close(), Answer::ok("ab").half_body()] {
        stub.answer("/", cut);
        let mut client = connect_tls(&stub, &certificates);
        client.send(GET);
        let error = client.0.read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    }
}

#[test]
fn long_bodies_pass_tls_both_ways() {
    let certificates = Certificates::new().unwrap();
    let stub = HttpStub::tls(&certificates.good().unwrap()).unwrap();
    let long = "wave ".repeat(200_000);
    stub.answer("/", Answer::ok(long.as_str()));
    let mut client = connect_tls(&stub, &certificates);
    let request = format!("POST / HTTP/1.1\r\nContent-Length: {}\r\n\r\n{long}", long.len());
    assert_eq!(client.ask(&request).body, long.as_bytes());
    assert_eq!(stub.requests()[0].body, long.as_bytes());
}
