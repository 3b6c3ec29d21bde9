//! UDP and TCP against real peers on loopback.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream as Peer, UdpSocket as UdpPeer};
use std::time::Duration;

use signalk_plugin_sdk::net::{LineClient, NetError, TcpStream, UdpSocket};
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::TestHost;

#[derive(Deserialize, JsonSchema, Default)]
#[serde(default)]
struct Config {
    tcp: u16,
    udp: u16,
}

struct Gateway {
    lines: LineClient,
    udp: UdpSocket,
    udp_port: u16,
    /// Kept when the plugin ends, as a static of the author's would.
    leaked: Option<UdpSocket>,
}

#[signalk_plugin]
impl Gateway {
    fn start(config: Config) -> Result<Self> {
        Ok(Self {
            lines: LineClient::new("127.0.0.1", config.tcp),
            udp: UdpSocket::bind(0)?,
            udp_port: config.udp,
            leaked: None,
        })
    }

    #[every("1s")]
    fn receive(&mut self) -> Result<()> {
        for line in self.lines.receive()? {
            delta::set("test.line", line.text())?;
        }
        server::set_status(if self.lines.is_connected() { "connected" } else { "connecting" });
        Ok(())
    }

    #[every("1s")]
    fn datagrams(&mut self) -> Result<()> {
        while let Some(datagram) = self.udp.receive()? {
            delta::set("test.datagram", String::from_utf8_lossy(&datagram.data))?;
            delta::set("test.sender", format!("{}:{}", datagram.host, datagram.port))?;
        }
        Ok(())
    }

    #[put("test.line")]
    fn line(&mut self, line: String) -> Result<()> {
        self.lines.send(&line)
    }

    #[put("test.datagram")]
    fn datagram(&mut self, text: String) -> Result<()> {
        Ok(self.udp.send_to(text.as_bytes(), "127.0.0.1", self.udp_port)?)
    }

    #[put("test.leak")]
    fn leak(&mut self, _: bool) -> Result<()> {
        let socket = UdpSocket::bind(0)?;
        socket.set_broadcast(true)?;
        std::mem::forget(self.leaked.replace(socket));
        Ok(())
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        std::mem::forget(self.leaked.take());
    }
}

type Host = TestHost<Gateway>;

struct Rig {
    host: Host,
    tcp: TcpListener,
    udp: UdpPeer,
}

impl Rig {
    fn new() -> Self {
        let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
        let udp = UdpPeer::bind("127.0.0.1:0").unwrap();
        udp.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let (tcp_port, udp_port) =
            (tcp.local_addr().unwrap().port(), udp.local_addr().unwrap().port());
        let host = Host::start(&format!(r#"{{"tcp":{tcp_port},"udp":{udp_port}}}"#));
        Self { host, tcp, udp }
    }

    fn accept(&mut self) -> Peer {
        self.second();
        self.tcp.accept().unwrap().0
    }

    fn second(&mut self) {
        self.host.advance(Duration::from_secs(1));
    }

    /// Polls until something is there: bytes on loopback take a moment that no clock of ours has.
    fn until<T>(&mut self, mut look: impl FnMut(&mut Host) -> Option<T>) -> T {
        for _ in 0..10_000 {
            self.second();
            if let Some(found) = look(&mut self.host) {
                return found;
            }
            std::thread::yield_now();
        }
        panic!("nothing came; error: {:?}, status: {:?}", self.host.error(), self.host.status());
    }
}

fn lines(host: &Host) -> Vec<String> {
    use signalk_plugin_sdk::testing::Event;
    let values = host.events().into_iter().filter_map(|event| match event {
        Event::Delta { delta, .. } => {
            let value = &delta["updates"][0]["values"][0];
            (value["path"] == "test.line").then(|| value["value"].as_str().unwrap().to_owned())
        }
        _ => None,
    });
    values.collect()
}

#[test]
fn lines_arrive_whole_however_they_were_sent_and_lines_go_out() {
    let mut rig = Rig::new();
    let mut peer = rig.accept();
    peer.write_all(b"$GPRMC,1\r\n\r\n$GP").unwrap();
    rig.until(|host| (lines(host).len() == 2).then_some(()));
    peer.write_all("GGA,é\n".as_bytes()).unwrap();
    let all = rig.until(|host| (lines(host).len() == 3).then(|| lines(host)));
    assert_eq!(all, ["$GPRMC,1", "", "$GPGGA,é"]);
    assert_eq!(rig.host.status().unwrap(), "connected");
    rig.host.put("test.line", "$PING");
    let mut sent = [0; 7];
    peer.read_exact(&mut sent).unwrap();
    assert_eq!(&sent, b"$PING\r\n");
}

#[test]
fn a_lost_connection_is_told_with_its_address_and_made_again() {
    let mut rig = Rig::new();
    let mut peer = rig.accept();
    peer.write_all(b"one\nhalf a line").unwrap();
    rig.until(|host| (lines(host).len() == 1).then_some(()));
    drop(peer);
    let error = rig.until(|host| host.error());
    let port = rig.tcp.local_addr().unwrap().port();
    assert_eq!(error, format!("127.0.0.1:{port}: the connection has ended"));
    let answer = rig.host.put("test.line", "lost");
    assert!(answer.message.as_deref().unwrap().contains("the connection has ended"), "{answer}");
    let mut peer = rig.accept();
    peer.write_all(b"two\n").unwrap();
    let all = rig.until(|host| (lines(host).len() == 2).then(|| lines(host)));
    assert_eq!(all, ["one", "two"]);
    assert_eq!(rig.host.error(), None);
}

#[test]
fn a_peer_that_is_not_there_is_tried_after_1_2_and_4_seconds() {
    let mut rig = Rig::new();
    let address = rig.tcp.local_addr().unwrap();
    // The port is free again, so whoever connects is refused.
    rig.tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    rig.second();
    assert_eq!(
        rig.host.error().unwrap(),
        format!("{address}: no connection: check that the address is right and the peer is on")
    );
    rig.host.advance(Duration::from_secs(3));
    // Attempts were at 1, 2 and 4 s, so the next is at 8 s.
    rig.tcp = TcpListener::bind(address).unwrap();
    rig.host.advance(Duration::from_secs(3));
    assert!(rig.host.error().is_some());
    rig.second();
    assert_eq!(rig.host.error(), None);
}

#[test]
fn datagrams_come_and_go_with_their_senders_address() {
    let mut rig = Rig::new();
    rig.host.put("test.datagram", "ping");
    let mut bytes = [0; 64];
    let (len, from) = rig.udp.recv_from(&mut bytes).unwrap();
    assert_eq!(&bytes[..len], b"ping");
    rig.udp.send_to(b"pong", ("127.0.0.1", from.port())).unwrap();
    let sender = rig.until(|host| host.value("test.sender"));
    assert_eq!(sender, rig.udp.local_addr().unwrap().to_string().as_str());
    assert_eq!(rig.host.value("test.datagram").unwrap(), "pong");
    // One of no bytes is one.
    rig.udp.send_to(b"", ("127.0.0.1", from.port())).unwrap();
    rig.until(|host| host.value("test.datagram").filter(|value| value == ""));
}

#[test]
fn a_port_that_another_program_has_is_told_and_tried_again_until_it_is_free() {
    let mut host = TestHost::<Gateway>::start("{}");
    let other = UdpPeer::bind("0.0.0.0:0").unwrap();
    let port = other.local_addr().unwrap().port();
    let mut socket = UdpSocket::bind(port).unwrap();
    // The server takes a moment for a bind.
    assert_eq!(socket.receive(), Ok(None));
    host.advance(Duration::from_secs(1));
    // What is sent goes out from another port, which is none to be content with.
    socket.send_to(b"x", "127.0.0.1", port).unwrap();
    for _ in 0..70 {
        assert_eq!(socket.receive(), Err(NetError::PortTaken(port)));
        host.advance(Duration::from_secs(1));
    }
    drop(other);
    let peer = UdpPeer::bind("127.0.0.1:0").unwrap();
    host.advance(Duration::from_secs(60));
    assert_eq!(socket.receive(), Err(NetError::PortTaken(port)), "asked for, and not seen yet");
    host.advance(Duration::from_secs(1));
    assert_eq!(socket.receive(), Ok(None));
    socket.send_to(b"x", "127.0.0.1", peer.local_addr().unwrap().port()).unwrap();
    assert_eq!(peer.recv_from(&mut [0; 8]).unwrap().1.port(), port);
    drop(socket);

    let other = UdpPeer::bind(("0.0.0.0", port)).unwrap();
    let error = NetError::PortTaken(port).to_string();
    assert!(error.contains(&port.to_string()) && error.contains("another program"), "{error}");

    let mut socket = UdpSocket::bind(port).unwrap();
    // What is set before the port is had counts for the one that has it.
    socket.set_broadcast(true).unwrap();
    host.advance(Duration::from_secs(1));
    assert_eq!(socket.receive(), Err(NetError::PortTaken(port)));
    drop(other);
    host.advance(Duration::from_secs(1));
    // It asks, and sees a moment later that it was given.
    assert_eq!(socket.receive(), Err(NetError::PortTaken(port)));
    host.advance(Duration::from_secs(1));
    assert_eq!(socket.receive(), Ok(None));
    let everybody = UdpPeer::bind("0.0.0.0:0").unwrap();
    let everybodys = everybody.local_addr().unwrap().port();
    socket.send_to(b"all", "127.255.255.255", everybodys).unwrap();
    assert_eq!(everybody.recv_from(&mut [0; 8]).unwrap().1.port(), port);
    let peer = UdpPeer::bind("127.0.0.1:0").unwrap();
    peer.send_to(b"at last", ("127.0.0.1", port)).unwrap();
    let datagram = std::iter::repeat_with(|| socket.receive().unwrap()).find_map(|it| it);
    assert_eq!(datagram.unwrap().data, b"at last");
}

/// A socket, a peer, and where the peer finds the socket.
fn udp_pair() -> (UdpSocket, UdpPeer, u16) {
    let socket = UdpSocket::bind(0).unwrap();
    let peer = UdpPeer::bind("127.0.0.1:0").unwrap();
    socket.send_to(b"here", "127.0.0.1", peer.local_addr().unwrap().port()).unwrap();
    let (_, to) = peer.recv_from(&mut [0; 16]).unwrap();
    (socket, peer, to.port())
}

/// In portions that the system's own buffer holds, taken over by each look.
fn flood(host: &Host, peer: &UdpPeer, to: u16, portions: usize) {
    for _ in 0..portions {
        for index in 0..100u8 {
            peer.send_to(&[index], ("127.0.0.1", to)).unwrap();
        }
        host.poll_sockets();
    }
}

/// The loop of the documentation.
fn all(socket: &mut UdpSocket) -> (usize, Result<(), NetError>) {
    let mut came = 0;
    let mut everything = || {
        while let Some(datagram) = socket.receive()? {
            assert_eq!(datagram.data.len(), 1);
            came += 1;
        }
        Ok(())
    };
    let outcome = everything();
    (came, outcome)
}

#[test]
fn what_is_left_of_a_queue_that_ran_over_is_handed_out_before_the_error() {
    let host = Host::start("{}");
    let (mut socket, peer, to) = udp_pair();
    // Each second as many come, and nothing of what the server keeps is left behind.
    for _ in 0..3 {
        flood(&host, &peer, to, 20);
        assert_eq!(all(&mut socket), (1_000, Err(NetError::Overflow)));
    }
    assert_eq!(all(&mut socket), (0, Ok(())));
    flood(&host, &peer, to, 9);
    assert_eq!(all(&mut socket), (900, Ok(())));
}

#[test]
fn who_takes_a_few_at_a_time_is_told_of_an_overflow_once_for_each_thousand() {
    let host = Host::start("{}");
    let (mut socket, peer, to) = udp_pair();
    let (mut came, mut errors) = (0, 0);
    flood(&host, &peer, to, 20);
    for _ in 0..30 {
        flood(&host, &peer, to, 1);
        for _ in 0..100 {
            match socket.receive() {
                Ok(datagram) => came += usize::from(datagram.is_some()),
                Err(error) => {
                    assert_eq!(error, NetError::Overflow);
                    errors += 1;
                }
            }
        }
    }
    assert_eq!((came + errors, errors), (3_000, 2));
}

#[test]
fn a_group_that_cannot_be_joined_is_told_and_asked_for_again_until_it_is() {
    for (group, more) in [("239.2.1.1", "239.2.1.2"), ("ff02::4711", "ff02::4712")] {
        let mut host = Host::start("{}");
        let is_v6 = group.contains(':');
        let bind = if is_v6 { UdpSocket::bind_v6 } else { UdpSocket::bind };
        let mut socket = bind(0).unwrap();
        let missing = NetError::NotJoined(group.parse().unwrap());
        host.refuse_multicast(true);
        // The server takes it before the bind, and tells nobody what became of it.
        socket.join_multicast(group, None).unwrap();
        assert_eq!(socket.receive(), Ok(None));
        // Asked for after 1, 2, 4 … s.
        for _ in 0..10 {
            host.advance(Duration::from_secs(1));
            assert_eq!(socket.receive(), Err(missing));
        }
        let text = missing.to_string();
        assert!(text.contains(group) && text.contains("not up yet"), "{text}");
        host.refuse_multicast(false);
        let seconds = (1..).find(|_| {
            host.advance(Duration::from_secs(1));
            socket.receive() == Ok(None)
        });
        assert!(seconds < Some(9), "{seconds:?}");
        // It was, so it can be left; and one that was not is told as well, on a socket that is bound.
        host.refuse_multicast(true);
        socket.join_multicast(more, None).unwrap();
        assert_eq!(socket.receive(), Err(NetError::NotJoined(more.parse().unwrap())));
        socket.leave_multicast(more, None).unwrap();
        assert_eq!(socket.receive(), Ok(None));
        socket.leave_multicast(group, None).unwrap();
        assert_eq!(socket.leave_multicast(group, None), Err(NetError::Refused));
    }
}

#[test]
fn a_group_on_an_interface_that_is_not_there_is_told_and_the_others_are_joined() {
    let mut host = Host::start("{}");
    let mut socket = UdpSocket::bind(0).unwrap();
    let peer = UdpPeer::bind("127.0.0.1:0").unwrap();
    socket.join_multicast("239.2.1.7", Some("198.51.100.7")).unwrap();
    socket.join_multicast(" 239.2.1.8 ", Some(" 127.0.0.1 ")).unwrap();
    socket.send_to(b"here", "127.0.0.1", peer.local_addr().unwrap().port()).unwrap();
    let (_, to) = peer.recv_from(&mut [0; 16]).unwrap();
    host.advance(Duration::from_secs(1));
    let missing = NetError::NotJoined("239.2.1.7".parse().unwrap());
    assert_eq!(socket.receive(), Err(missing));
    // What comes meanwhile is handed out first.
    peer.send_to(b"x", ("127.0.0.1", to.port())).unwrap();
    let first = std::iter::repeat_with(|| socket.receive()).find(|it| *it != Err(missing));
    assert_eq!(first.unwrap().unwrap().unwrap().data, b"x");
    // Those that were joined are asked for again each minute, which harms nobody.
    for _ in 0..200 {
        host.advance(Duration::from_secs(1));
        assert_eq!(socket.receive(), Err(missing));
    }
    socket.leave_multicast("239.2.1.7", Some("198.51.100.7")).unwrap();
    assert_eq!(socket.receive(), Ok(None));
    socket.leave_multicast("239.2.1.8", Some("127.0.0.1")).unwrap();
}

#[test]
fn what_can_never_be_a_group_is_refused_at_once() {
    let host = Host::start("{}");
    let (v4, v6) = (UdpSocket::bind(0).unwrap(), UdpSocket::bind_v6(0).unwrap());
    for (socket, group, interface) in [
        (&v4, "", None),
        (&v4, "not an address", None),
        (&v4, "10.0.0.1", None),
        (&v4, "240.0.0.1", None),
        (&v4, "255.255.255.255", None),
        (&v4, "239.2.1", None),
        (&v4, "ff02::1", None),
        (&v4, "239.2.1.1", Some("eth0")),
        (&v4, "239.2.1.1", Some("::1")),
        (&v6, "fe80::1", None),
        (&v6, "239.2.1.1", None),
        (&v6, "ff02::1", Some("eth0")),
        (&v6, "ff02::1", Some("127.0.0.1")),
        // Node would take any interface for these.
        (&v6, "ff02::1", Some("::1")),
        (&v6, "ff02::1", Some("::%")),
    ] {
        let found = socket.join_multicast(group, interface);
        assert_eq!(found, Err(NetError::Refused), "{group} {interface:?}");
        assert_eq!(socket.leave_multicast(group, interface), Err(NetError::Refused));
    }
    v6.join_multicast("ff02::1", Some("::%lo")).unwrap();
    drop(host);
}

#[test]
fn white_space_around_the_name_of_a_peer_is_none_of_it() {
    let mut rig = Rig::new();
    let udp = UdpSocket::bind(0).unwrap();
    udp.send_to(b"x", " 127.0.0.1\t", rig.udp.local_addr().unwrap().port()).unwrap();
    assert_eq!(rig.udp.recv_from(&mut [0; 8]).unwrap().0, 1);
    let port = rig.tcp.local_addr().unwrap().port();
    let stream = TcpStream::open("127.0.0.1 \n", port).unwrap();
    assert_eq!(stream.is_connected(), Ok(true));
    assert_eq!(udp.send_to(b"x", " \t", 9), Err(NetError::Refused));
    assert_eq!(TcpStream::open(" ", 9).unwrap_err(), NetError::Refused);
    rig.second();
}

#[test]
fn a_stream_with_a_hole_ends_with_an_error_and_gives_nothing_behind_the_hole() {
    let host = Host::start("{}");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut stream = TcpStream::open("127.0.0.1", listener.local_addr().unwrap().port()).unwrap();
    let mut peer = listener.accept().unwrap().0;
    peer.set_nodelay(true).unwrap();
    // Each look takes what has come as one chunk; five times as many as the queue holds.
    for _ in 0..5_000 {
        peer.write_all(b"x").unwrap();
        host.poll_sockets();
    }
    let mut bytes = Vec::new();
    assert_eq!(stream.receive(&mut bytes), Err(NetError::Overflow));
    assert_eq!(stream.send(b"x"), Err(NetError::Overflow));
    assert_eq!(bytes, b"");
}

#[test]
fn nothing_is_sent_before_the_connection_is_there_or_after_it_has_ended() {
    let host = Host::start("{}");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut stream = TcpStream::open("127.0.0.1", port).unwrap();
    assert_eq!(stream.is_connected(), Ok(true));
    let peer = listener.accept().unwrap().0;
    stream.send(b"x").unwrap();
    drop((peer, listener));
    let mut error = Ok(());
    for _ in 0..10_000 {
        error = stream.send(b"x");
        if error.is_err() {
            break;
        }
        std::thread::yield_now();
    }
    assert_eq!(error, Err(NetError::Closed));
    let mut never = TcpStream::open("127.0.0.1", port).unwrap();
    assert_eq!(never.send(b"x"), Err(NetError::NotConnected));
    assert_eq!(never.is_connected(), Err(NetError::NotConnected));
    drop(host);
}

#[test]
fn without_the_capability_the_error_names_the_line_of_package_json() {
    let mut host = Host::new();
    host.deny_capability("rawSockets");
    host.configure("{}");
    assert_eq!(
        host.error().unwrap(),
        "sockets are not allowed: package.json needs \"rawSockets\": true in wasmCapabilities"
    );
}

#[test]
fn a_stop_closes_every_socket_also_those_that_nobody_dropped() {
    let mut rig = Rig::new();
    let mut peer = rig.accept();
    rig.host.put("test.leak", true);
    assert_eq!(rig.host.open_sockets(), 3);
    rig.host.stop();
    assert_eq!(rig.host.open_sockets(), 0);
    assert_eq!(peer.read(&mut [0; 8]).unwrap(), 0);
    rig.host.configure("{}");
    assert_eq!(rig.host.open_sockets(), 1);
}

#[test]
fn a_socket_that_was_closed_by_a_stop_says_so() {
    let mut host = Host::start("{}");
    let mut udp = UdpSocket::bind(0).unwrap();
    host.stop();
    assert_eq!(udp.receive(), Err(NetError::Closed));
    assert_eq!(udp.send_to(b"x", "127.0.0.1", 9), Err(NetError::Closed));
}

#[test]
fn options_are_taken_and_a_wrong_address_is_refused() {
    let host = Host::start("{}");
    let udp = UdpSocket::bind(0).unwrap();
    udp.set_broadcast(true).unwrap();
    udp.set_multicast_ttl(4).unwrap();
    udp.set_multicast_loopback(false).unwrap();
    udp.join_multicast("239.2.1.1", Some("127.0.0.1")).unwrap();
    udp.leave_multicast("239.2.1.1", Some("127.0.0.1")).unwrap();
    assert_eq!(udp.join_multicast("not an address", None), Err(NetError::Refused));
    drop(host);
}

#[test]
fn what_the_server_would_take_for_something_else_is_refused() {
    let host = Host::start("{}");
    let udp = UdpSocket::bind(0).unwrap();
    assert_eq!(udp.send_to(b"x", "", 9), Err(NetError::Refused));
    assert_eq!(udp.send_to(b"x", "127.0.0.1", 0), Err(NetError::Refused));
    assert_eq!(udp.send_to(&[0; 65_508], "127.0.0.1", 9), Err(NetError::TooLarge));
    assert_eq!(TcpStream::open("", 9).unwrap_err(), NetError::Refused);
    assert_eq!(TcpStream::open("127.0.0.1", 0).unwrap_err(), NetError::Refused);
    drop(host);
}

/// A client and a peer to which it has connected.
fn line_pair(limit: Option<u64>) -> (LineClient, TcpListener, Peer) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut client = LineClient::new(" 127.0.0.1 ", listener.local_addr().unwrap().port());
    if let Some(seconds) = limit {
        client = client.read_timeout(Duration::from_secs(seconds));
    }
    client.receive().unwrap();
    let peer = listener.accept().unwrap().0;
    (client, listener, peer)
}

/// Sends, and waits until the client has seen all of it: what it handed out and told.
fn sends(client: &mut LineClient, peer: &mut Peer, bytes: &[u8], lines: usize) -> Vec<String> {
    peer.write_all(bytes).unwrap();
    let mut found = Vec::new();
    for _ in 0..10_000 {
        match client.receive() {
            Ok(lines) => found.extend(lines.iter().map(|line| line.text().into_owned())),
            Err(error) => found.push(error.to_string()),
        }
        if found.len() >= lines {
            break;
        }
        std::thread::yield_now();
    }
    found
}

#[test]
fn lines_that_end_with_cr_alone_are_lines() {
    let host = Host::start("{}");
    let (mut client, _listener, mut peer) = line_pair(Some(30));
    assert_eq!(sends(&mut client, &mut peer, b"$A,1\r$B,2\r", 2), ["$A,1", "$B,2"]);
    drop(host);
}

#[test]
fn bytes_without_the_end_of_a_line_are_told() {
    let mut host = Host::start("{}");
    // Without a limit after a minute, and the connection stays; it may become well.
    let (mut client, _listener, mut peer) = line_pair(None);
    sends(&mut client, &mut peer, b"\x02\x03binary", 0);
    for second in 0..=65 {
        peer.write_all(b"\x04").unwrap();
        std::thread::sleep(Duration::from_millis(1));
        match client.receive() {
            Ok(lines) => assert!(lines.is_empty() && second <= 61, "{second}"),
            Err(error) => {
                assert_eq!(error.downcast_ref::<NetError>(), Some(&NetError::NoLines));
                assert!(error.to_string().contains("no end of a line"), "{error}");
                assert!(second >= 60, "{second}");
            }
        }
        host.advance(Duration::from_secs(1));
    }
    assert!(client.is_connected() && client.receive().is_err());
    let found = sends(&mut client, &mut peer, b"\n", 2);
    assert!(found.iter().any(|it| it.starts_with("\u{2}\u{3}binary")), "{found:?}");
    assert!(client.receive().unwrap().is_empty());

    // With one, as silence is, and the connection is made again.
    let (mut client, _listener, mut peer) = line_pair(Some(30));
    let error = (0..40).find_map(|second| {
        peer.write_all(b"\x04").unwrap();
        std::thread::sleep(Duration::from_millis(1));
        host.advance(Duration::from_secs(1));
        client.receive().err().map(|error| (second, error))
    });
    let (second, error) = error.unwrap();
    assert_eq!(error.downcast_ref::<NetError>(), Some(&NetError::NoLines));
    assert!((29..=32).contains(&second), "{second}");
    assert!(!client.is_connected());
}

#[test]
fn a_line_that_is_left_out_is_told_once_and_no_other_is_lost() {
    let host = Host::start("{}");
    let (mut client, _listener, mut peer) = line_pair(None);
    let long = [b'x'; 70_000];
    // While it goes on, and nothing else comes.
    let found = sends(&mut client, &mut peer, &long, 1);
    assert!(found[0].contains("more than 65536 bytes"), "{found:?}");
    let mut found = sends(&mut client, &mut peer, b"\nshort\n", 1);
    while client.dropped() == 0 || !found.iter().any(|it| it == "short") {
        found.extend(sends(&mut client, &mut peer, b"", 1));
    }
    let bytes = [&b"one\n"[..], &long, b"\ntwo\n", &long, b"\nthree\n"].concat();
    let mut found = sends(&mut client, &mut peer, &bytes, 4);
    found.extend((0..100).filter_map(|_| client.receive().err()).map(|error| error.to_string()));
    let lines: Vec<_> = found.iter().filter(|it| !it.contains("65536")).collect();
    assert_eq!(lines, ["one", "two", "three"]);
    assert!(found.len() > 3, "it was told");
    assert_eq!(client.dropped(), 3);
    drop(host);
}

#[test]
fn a_look_takes_ten_thousand_lines_and_the_rest_waits() {
    let host = Host::start("{}");
    let (mut client, _listener, mut peer) = line_pair(None);
    let writer = std::thread::spawn(move || {
        peer.write_all(&[b'\n'; 300_000]).unwrap();
        peer
    });
    let mut came = 0;
    while came < 300_000 {
        let lines = client.receive().unwrap().len();
        assert!(lines <= 10_000);
        came += lines;
        std::thread::yield_now();
    }
    drop((writer.join().unwrap(), host));
}

/// Counts the connections to a peer that takes each and drops it after a while, and in how
/// many of the seconds the client tells an error.
fn flaps(host: &mut Host, seconds: u64, lasts: u64, greeting: &[u8]) -> (u32, u64) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let mut client = LineClient::new("127.0.0.1", listener.local_addr().unwrap().port());
    let mut peer: Option<(Peer, u64)> = None;
    let (mut connections, mut errors) = (0, 0);
    for second in 0..seconds {
        errors += u64::from(client.receive().is_err());
        if let Ok((mut stream, _)) = listener.accept() {
            stream.write_all(greeting).unwrap();
            connections += 1;
            peer = Some((stream, second + lasts));
        }
        // A moment, for loopback is not at once.
        std::thread::sleep(Duration::from_millis(2));
        if lasts > 0 {
            errors += u64::from(client.receive().is_err());
        }
        if peer.as_ref().is_some_and(|(_, until)| second >= *until) {
            peer = None;
            std::thread::sleep(Duration::from_millis(2));
        }
        host.advance(Duration::from_secs(1));
    }
    (connections, errors)
}

#[test]
fn a_peer_that_takes_connections_and_drops_them_is_left_alone_longer_and_longer() {
    let mut host = Host::start("{}");
    for (lasts, greeting) in [(0, &b""[..]), (2, b""), (2, b"busy\r\n"), (0, b"busy\r\n")] {
        let (connections, errors) = flaps(&mut host, 300, lasts, greeting);
        assert!((6..=11).contains(&connections), "{connections} {lasts}");
        assert!(errors > 200, "{errors} {lasts}");
    }
    // One that stood for a minute was sound.
    let (connections, _) = flaps(&mut host, 700, 62, b"");
    assert!(connections >= 10, "{connections}");
}

#[test]
fn a_peer_that_has_fallen_silent_is_taken_for_lost_and_connected_to_again() {
    let mut host = Host::start("{}");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut client =
        LineClient::new("127.0.0.1", address.port()).read_timeout(Duration::from_secs(30));
    client.receive().unwrap();
    let mut peer = listener.accept().unwrap().0;
    peer.write_all(b"one\n").unwrap();
    while client.receive().unwrap().is_empty() {
        std::thread::yield_now();
    }
    host.advance(Duration::from_secs(30));
    assert!(client.receive().unwrap().is_empty());
    host.advance(Duration::from_secs(1));
    let error = client.receive().unwrap_err();
    assert_eq!(error.to_string(), format!("{address}: connected, but nothing comes"));
    assert_eq!(error.downcast_ref::<NetError>(), Some(&NetError::Silent));
    host.advance(Duration::from_secs(1));
    client.receive().unwrap();
    assert!(listener.accept().is_ok() && client.is_connected());
}
