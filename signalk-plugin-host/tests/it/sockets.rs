//! UDP and TCP on the loopback interface.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use signalk_plugin_host::{Capability, Event, Host, Module, Package, Plugin};

use crate::fixture::{Wat, log};

/// What a test waits for at most. Nothing waits for all of it unless it fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// Polls until the last thing that the plugin logged is `line`.
#[track_caller]
fn poll_until(plugin: &mut Plugin, line: &str) {
    let end = Instant::now() + PATIENCE;
    while log(plugin).last().map(String::as_str) != Some(line) {
        assert!(Instant::now() < end, "never logged {line:?}, but {:?}", log(plugin));
        plugin.advance(Duration::from_secs(1)).unwrap();
        std::thread::yield_now();
    }
}

fn tcp() -> Wat {
    Wat::new()
        .env("sk_tcp_create", "(result i32)")
        .env("sk_tcp_connect", "(param i32 i32 i32 i32) (result i32)")
        .env("sk_tcp_connected", "(param i32) (result i32)")
        .env("sk_tcp_set_line_buffering", "(param i32 i32) (result i32)")
        .env("sk_tcp_send", "(param i32 i32 i32) (result i32)")
        .env("sk_tcp_recv_line", "(param i32 i32 i32) (result i32)")
        .env("sk_tcp_recv_raw", "(param i32 i32 i32) (result i32)")
        .env("sk_tcp_pending", "(param i32) (result i32)")
        .env("sk_tcp_close", "(param i32)")
        .and("(global $socket (mut i32) (i32.const 0))")
}

/// Connects at start and gives the module for the rest of the test, with the listener.
fn connecting(mode: i32, poll: &str) -> (Wat, TcpListener) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let wat = tcp()
        .start(&format!(
            "(global.set $socket (call $sk_tcp_create))
             (drop (call $sk_tcp_set_line_buffering (global.get $socket) (i32.const {mode})))
             (if (call $sk_tcp_connect (global.get $socket) {{text:127.0.0.1}} (i32.const {port})) (then {{log:failed}}))
             (if (i32.eqz (call $sk_tcp_connected (global.get $socket))) (then {{log:not yet}}))
             (i32.const 0)"
        ))
        .poll(poll);
    (wat, listener)
}

const LOG_CONNECTION: &str = "(if (i32.eq (call $sk_tcp_connected (global.get $socket)) (i32.const 1)) (then {log:connected}))
    (if (i32.eq (call $sk_tcp_connected (global.get $socket)) (i32.const -1)) (then {log:gone}))";

#[test]
fn tcp_connects_in_the_background_and_shows_it_in_a_later_call() {
    let (wat, listener) = connecting(1, &format!("{LOG_CONNECTION} (i32.const 0)"));
    let mut plugin = wat.running();
    assert_eq!(log(&plugin), ["not yet"]);
    let (peer, _) = listener.accept().unwrap();
    poll_until(&mut plugin, "connected");
    drop(peer);
    poll_until(&mut plugin, "gone");
}

#[test]
fn a_refused_connection_is_gone_without_a_reason() {
    let (wat, listener) = connecting(1, &format!("{LOG_CONNECTION} (i32.const 0)"));
    drop(listener);
    poll_until(&mut wat.running(), "gone");
}

#[test]
fn lines_arrive_one_a_call_without_their_ends() {
    let receive = "(call $debug (i32.const 40000) (call $sk_tcp_recv_line (global.get $socket) (i32.const 40000) (i32.const 100)))";
    let (wat, listener) = connecting(1, &format!("{receive} (i32.const 0)"));
    let mut plugin = wat.running();
    let (mut peer, _) = listener.accept().unwrap();
    peer.write_all(b"$GPRMC,1\r\n\r\n$GPGGA,2\nincomplete").unwrap();
    poll_until(&mut plugin, "$GPRMC,1");
    poll_until(&mut plugin, "$GPGGA,2");
    poll_until(&mut plugin, "");
}

#[test]
fn raw_chunks_arrive_as_they_are_cut_to_the_buffer() {
    let receive = "(call $debug (i32.const 40000) (call $sk_tcp_recv_raw (global.get $socket) (i32.const 40000) (i32.const 4)))";
    let (wat, listener) = connecting(0, &format!("{receive} (i32.const 0)"));
    let mut plugin = wat.running();
    let (mut peer, _) = listener.accept().unwrap();
    peer.write_all(b"a\nbcdef").unwrap();
    poll_until(&mut plugin, "a\nbc");
    plugin.advance(Duration::from_secs(1)).unwrap();
    assert_eq!(log(&plugin).last().unwrap(), "", "the rest of the chunk is lost");
}

#[test]
fn what_is_unread_when_the_peer_closes_is_lost() {
    let receive = "(call $debug (i32.const 40000) (call $sk_tcp_recv_raw (global.get $socket) (i32.const 40000) (i32.const 100)))";
    let (wat, listener) = connecting(0, &format!("{receive} {LOG_CONNECTION} (i32.const 0)"));
    let mut plugin = wat.running();
    let (mut peer, _) = listener.accept().unwrap();
    peer.write_all(b"answer").unwrap();
    drop(peer);
    poll_until(&mut plugin, "gone");
    assert!(!log(&plugin).contains(&"answer".to_owned()));
}

const SEND_HELLO: &str = "(if (i32.eq (call $sk_tcp_send (global.get $socket) {text:hello}) (i32.const 5)) (then {log:sent}))";

#[test]
fn tcp_sends_once_connected() {
    let send = format!(
        "(if (i32.eq (call $sk_tcp_connected (global.get $socket)) (i32.const 1)) (then {SEND_HELLO}))"
    );
    let (wat, listener) = connecting(1, &format!("{send} (i32.const 0)"));
    let mut plugin = wat.running();
    let (mut peer, _) = listener.accept().unwrap();
    poll_until(&mut plugin, "sent");
    peer.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut received = [0; 5];
    peer.read_exact(&mut received).unwrap();
    assert_eq!(&received, b"hello");
}

#[test]
fn sending_unconnected_reports_success() {
    let create = "(global.set $socket (call $sk_tcp_create))";
    let plugin = tcp().start(&format!("{create} {SEND_HELLO} (i32.const 0)")).running();
    assert_eq!(log(&plugin), ["sent"]);
}

#[test]
fn a_stop_leaves_tcp_open_and_close_ends_it() {
    let (wat, listener) = connecting(1, &format!("{LOG_CONNECTION} (i32.const 0)"));
    let mut plugin = wat.running();
    let (peer, _) = listener.accept().unwrap();
    poll_until(&mut plugin, "connected");
    plugin.disable().unwrap();
    assert!(is_open(&peer));
    drop(plugin);
    assert!(!is_open(&peer));

    let (wat, listener) = connecting(1, &format!("{LOG_CONNECTION} (i32.const 0)"));
    let mut plugin = wat.stop("(call $sk_tcp_close (global.get $socket)) (i32.const 0)").running();
    let (peer, _) = listener.accept().unwrap();
    poll_until(&mut plugin, "connected");
    plugin.disable().unwrap();
    assert!(!is_open(&peer));
}

/// Whether the other end is still there; waits a moment for it to go.
fn is_open(mut peer: &TcpStream) -> bool {
    peer.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    !matches!(peer.read(&mut [0]), Ok(0))
}

#[test]
fn unknown_sockets_answer_as_the_server_does() {
    let wat = tcp().start(
        "(if (i32.eq (call $sk_tcp_connected (i32.const 9)) (i32.const -1)) (then {log:connected -1}))
         (if (i32.eq (call $sk_tcp_set_line_buffering (i32.const 9) (i32.const 1)) (i32.const -1)) (then {log:mode -1}))
         (if (i32.eqz (call $sk_tcp_pending (i32.const 9))) (then {log:pending 0}))
         (if (i32.eqz (call $sk_tcp_recv_raw (i32.const 9) (i32.const 40000) (i32.const 9))) (then {log:receive 0}))
         (if (i32.eq (call $sk_tcp_connect (i32.const 9) {text:127.0.0.1} (i32.const 1)) (i32.const -1)) (then {log:connect -1}))
         (if (i32.eq (call $sk_tcp_send (i32.const 9) {text:abc}) (i32.const 3)) (then {log:send 3}))
         (if (i32.eq (call $sk_tcp_connect (call $sk_tcp_create) {text:127.0.0.1} (i32.const 70000)) (i32.const -1))
            (then {log:port -1}))
         (i32.const 0)",
    );
    let expected =
        ["connected -1", "mode -1", "pending 0", "receive 0", "connect -1", "send 3", "port -1"];
    assert_eq!(log(&wat.running()), expected);
}

#[test]
fn without_the_capability_every_socket_call_answers_minus_1() {
    let wat = udp()
        .env("sk_tcp_create", "(result i32)")
        .env("sk_tcp_connected", "(param i32) (result i32)")
        .start(
            "(if (i32.eq (call $sk_tcp_create) (i32.const -1)) (then {log:tcp}))
             (if (i32.eq (call $sk_tcp_connected (i32.const 1)) (i32.const -1)) (then {log:connected}))
             (if (i32.eq (call $sk_udp_create (i32.const 0)) (i32.const -1)) (then {log:udp}))
             (if (i32.eq (call $sk_udp_bind (i32.const 1) (i32.const 0)) (i32.const -1)) (then {log:bind}))
             (if (i32.eq (call $sk_udp_pending (i32.const 1)) (i32.const -1)) (then {log:pending}))
             (i32.const 0)",
        );
    let mut plugin = Host::new().install(wat.module_with(&[Capability::Network])).unwrap();
    plugin.enable("{}").unwrap();
    assert_eq!(log(&plugin), ["tcp", "connected", "udp", "bind", "pending"]);
}

fn udp() -> Wat {
    Wat::new()
        .env("sk_udp_create", "(param i32) (result i32)")
        .env("sk_udp_bind", "(param i32 i32) (result i32)")
        .env("sk_udp_join_multicast", "(param i32 i32 i32 i32 i32) (result i32)")
        .env("sk_udp_set_multicast_loopback", "(param i32 i32) (result i32)")
        .env("sk_udp_set_multicast_ttl", "(param i32 i32) (result i32)")
        .env("sk_udp_set_broadcast", "(param i32 i32) (result i32)")
        .env("sk_udp_send", "(param i32 i32 i32 i32 i32 i32) (result i32)")
        .env("sk_udp_recv", "(param i32 i32 i32 i32 i32) (result i32)")
        .env("sk_udp_pending", "(param i32) (result i32)")
        .env("sk_udp_close", "(param i32)")
        .and("(global $socket (mut i32) (i32.const 0))")
}

/// A port that is free at the moment.
fn free_port() -> u16 {
    UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

fn bound(port: u16, poll: &str) -> Wat {
    udp()
        .start(&format!(
            "(global.set $socket (call $sk_udp_create (i32.const 0)))
             (call $sk_udp_bind (global.get $socket) (i32.const {port}))"
        ))
        .poll(poll)
}

const RECEIVE: &str = "(call $debug (i32.const 40000)
        (call $sk_udp_recv (global.get $socket) (i32.const 40000) (i32.const 100) (i32.const 41000) (i32.const 42000)))";

#[test]
fn datagrams_arrive_with_the_address_and_port_of_their_sender() {
    let port = free_port();
    let poll = format!(
        "{RECEIVE} (call $debug (i32.const 41000) (i32.const 10)) (i32.load16_u (i32.const 42000))"
    );
    let mut plugin = bound(port, &poll).running();
    let peer = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    peer.send_to(b"hello", (Ipv4Addr::LOCALHOST, port)).unwrap();
    poll_until(&mut plugin, "127.0.0.1\0");
    assert!(log(&plugin).contains(&"hello".to_owned()));
    let code = Event::Returned {
        handler: "poll".to_owned(),
        code: i32::from(peer.local_addr().unwrap().port()),
    };
    assert!(plugin.events().iter().any(|recorded| recorded.event == code));
}

#[test]
fn the_queue_holds_1000_datagrams_and_drops_the_oldest() {
    let port = free_port();
    let poll = format!(
        "(if (i32.eq (call $sk_udp_pending (global.get $socket)) (i32.const 1000)) (then {RECEIVE})) (i32.const 0)"
    );
    let mut plugin = bound(port, &poll).running();
    let peer = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    for number in 0..1003 {
        peer.send_to(number.to_string().as_bytes(), (Ipv4Addr::LOCALHOST, port)).unwrap();
        plugin.poll_sockets();
    }
    poll_until(&mut plugin, "3");
}

#[test]
fn an_empty_datagram_looks_like_none_but_counts() {
    let port = free_port();
    let poll = format!(
        "(if (call $sk_udp_pending (global.get $socket)) (then {{log:pending}} {RECEIVE})) (i32.const 0)"
    );
    let mut plugin = bound(port, &poll).running();
    let peer = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    peer.send_to(b"", (Ipv4Addr::LOCALHOST, port)).unwrap();
    poll_until(&mut plugin, "");
    assert_eq!(log(&plugin), ["pending", ""]);
}

/// Sends `text` to a peer from a socket that was set up by `before`.
fn sent(before: &str, to: SocketAddr, text: &str) -> Plugin {
    udp()
        .start(&format!(
            "(global.set $socket (call $sk_udp_create (i32.const 0))) {before}
             (if (i32.eq {{len:{text}}} (call $sk_udp_send (global.get $socket) {{text:{ip}}} (i32.const {port}) {{text:{text}}}))
                (then {{log:sent}})) (i32.const 0)",
            ip = to.ip(),
            port = to.port()
        ))
        .poll(&format!("{RECEIVE} (i32.const 0)"))
        .running()
}

#[test]
fn a_first_send_binds_the_socket_and_an_answer_arrives() {
    let peer = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    peer.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut plugin = sent("", peer.local_addr().unwrap(), "ping");
    assert_eq!(log(&plugin), ["sent"]);
    let mut buffer = [0; 16];
    let (length, from) = peer.recv_from(&mut buffer).unwrap();
    assert_eq!(&buffer[..length], b"ping");
    peer.send_to(b"pong", from).unwrap();
    poll_until(&mut plugin, "pong");
}

#[test]
fn sending_before_binding_makes_the_bind_fail_in_silence() {
    let peer = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = free_port();
    let wat = udp().start(&format!(
        "(global.set $socket (call $sk_udp_create (i32.const 0)))
         (drop (call $sk_udp_send (global.get $socket) {{text:127.0.0.1}} (i32.const {}) {{text:x}}))
         (if (i32.eqz (call $sk_udp_bind (global.get $socket) (i32.const {port}))) (then {{log:bound}})) (i32.const 0)",
        peer.local_addr().unwrap().port()
    ));
    let plugin = wat.running();
    assert_eq!(log(&plugin), ["bound"]);
    assert!(UdpSocket::bind((Ipv4Addr::UNSPECIFIED, port)).is_ok(), "the port is still free");
}

#[test]
fn a_multicast_group_joined_before_the_bind_is_joined_after_it() {
    let port = free_port();
    let wat = udp()
        .start(&format!(
            "(global.set $socket (call $sk_udp_create (i32.const 0)))
             (drop (call $sk_udp_join_multicast (global.get $socket) {{text:239.255.41.7}} {{text:127.0.0.1}}))
             (drop (call $sk_udp_set_multicast_loopback (global.get $socket) (i32.const 1)))
             (call $sk_udp_bind (global.get $socket) (i32.const {port}))"
        ))
        .poll(&format!(
            "{RECEIVE} (if (i32.eq (call $sk_udp_set_multicast_ttl (global.get $socket) (i32.const 300)) (i32.const -1))
                (then {{log:ttl}})) (i32.const 0)"
        ));
    let mut plugin = wat.running();
    plugin.advance(Duration::from_secs(1)).unwrap();
    assert_eq!(log(&plugin).last().unwrap(), "ttl", "bound, an option fails at once");
    let peer = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::DGRAM, None).unwrap();
    peer.set_multicast_if_v4(&Ipv4Addr::LOCALHOST).unwrap();
    let group: SocketAddr = (Ipv4Addr::new(239, 255, 41, 7), port).into();
    peer.send_to(b"to all", &group.into()).unwrap();
    let end = Instant::now() + PATIENCE;
    while !log(&plugin).contains(&"to all".to_owned()) {
        assert!(Instant::now() < end, "the group was not joined");
        plugin.advance(Duration::from_secs(1)).unwrap();
    }
}

#[test]
fn a_stop_closes_udp_sockets() {
    let port = free_port();
    let mut plugin = bound(port, "(i32.const 0)").running();
    plugin.poll_sockets();
    assert!(UdpSocket::bind((Ipv4Addr::UNSPECIFIED, port)).is_err());
    plugin.disable().unwrap();
    assert!(UdpSocket::bind((Ipv4Addr::UNSPECIFIED, port)).is_ok());
}

#[test]
fn a_stop_forgets_the_udp_sockets_of_a_scoped_package() {
    let port = free_port();
    let module = Module::load_unchecked(
        bound(port, "(i32.const 0)").wasm(),
        Package::new("@me/plugin").capability(Capability::RawSockets),
    );
    let mut plugin = Host::new().install(module.unwrap()).unwrap();
    plugin.enable("{}").unwrap();
    plugin.disable().unwrap();
    assert!(UdpSocket::bind((Ipv4Addr::UNSPECIFIED, port)).is_err());
}

#[test]
fn less_room_than_none_is_answered_as_it_is() {
    let receive = "(call $debug (i32.const 40000) (i32.const 6))
        (if (i32.eq (call $sk_tcp_pending (global.get $socket)) (i32.const 1))
            (then (if (i32.eq (call $sk_tcp_recv_raw (global.get $socket) (i32.const 40000) (i32.const -2)) (i32.const -2))
                (then {log:minus two}))))";
    let (wat, listener) = connecting(0, &format!("{receive} (i32.const 0)"));
    let mut plugin = wat.running();
    let (mut peer, _) = listener.accept().unwrap();
    peer.write_all(b"abcdef").unwrap();
    poll_until(&mut plugin, "minus two");
    plugin.advance(Duration::from_secs(1)).unwrap();
    assert_eq!(log(&plugin).last().unwrap(), "abcd\0\0");
}
