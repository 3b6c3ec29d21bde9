//! Peers that are gone, silent or too fast.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};

use serde_json::json;

use super::*;

cases! {
    on_boat, [embedded server]
    a_port_that_nobody_listens_on_is_told_and_tried_again
    a_peer_that_falls_silent_is_taken_for_lost
    what_the_server_could_not_keep_is_told
    a_port_that_another_program_has_is_told_until_it_is_free
    a_group_that_cannot_be_joined_is_told_and_one_that_can_is_heard
    what_is_not_made_of_lines_is_told_and_a_cr_ends_one
    a_peer_that_takes_connections_and_drops_them_is_told_and_left_alone
}

fn a_port_that_nobody_listens_on_is_told_and_tried_again(boat: &mut dyn Faulty) {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    start_with(boat, 28.75, &json!({ "tcpPort": port }));
    until_line(boat, &format!("127.0.0.1:{port}: no connection: check that the address"));
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let mut peer = accept(boat, &listener);
    peer.write_all(b"$HERE,0\n").unwrap();
    until_value(boat, "test.line", &json!("$HERE,0"));
    until_line(boat, "Started");
    // Half a line comes, and no more of it ever.
    peer.write_all(b"$HAL").unwrap();
    wait_a_little(boat);
    drop(peer);
    until_line(boat, &format!("127.0.0.1:{port}: the connection has ended"));
    let mut peer = accept(boat, &listener);
    peer.write_all(b"$AGAIN,1\n").unwrap();
    until_value(boat, "test.line", &json!("$AGAIN,1"));
}

fn a_peer_that_falls_silent_is_taken_for_lost(boat: &mut dyn Faulty) {
    let (listener, mut peer) = start_with_peer(boat, 29.5, &json!({ "silence": 3 }));
    peer.write_all(b"$ONE,1\n$HAL").unwrap();
    until_value(boat, "test.line", &json!("$ONE,1"));
    until_line(boat, "connected, but nothing comes");
    until(boat, "the end of the connection", |_| is_at_its_end(&mut peer));
    let mut peer = accept(boat, &listener);
    peer.write_all(b"$TWO,2\n").unwrap();
    // Half a line of the one is no beginning of a line of the other.
    until_value(boat, "test.line", &json!("$TWO,2"));
    until_line(boat, "Started");
}

fn what_the_server_could_not_keep_is_told(boat: &mut dyn Faulty) {
    let port = free_udp_port();
    start_with(boat, 30.5, &json!({ "udpPort": port }));
    let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
    let send = |text: &str| {
        peer.send_to(text.as_bytes(), ("127.0.0.1", port)).unwrap();
    };
    until(boat, "the first datagram", |boat| {
        send("first");
        boat.value("test.datagram") == "first"
    });
    boat.put("test.lookAway", &json!(true));
    until_value(boat, "test.looksAway", &json!(true));
    // In portions that the system keeps until the server takes them.
    for _ in 0..80 {
        (0..50).for_each(|_| send("one of many"));
        boat.tick();
    }
    boat.put("test.lookAway", &json!(false));
    until_line(boat, "more data came than was read in time, and a part of it is lost");
    // What the server had kept came first, all of it in one look.
    boat.put("test.lookAway", &json!(true));
    until(boat, "the datagrams that were kept", |boat| {
        boat.value("test.datagrams").as_u64() >= Some(1_001)
    });
    boat.put("test.lookAway", &json!(false));
    // All is well again.
    until(boat, "the last datagram", |boat| {
        send("last");
        boat.value("test.datagram") == "last"
    });
    until_line(boat, "Started");
}

fn a_port_that_another_program_has_is_told_until_it_is_free(boat: &mut dyn Faulty) {
    let other = UdpSocket::bind("0.0.0.0:0").unwrap();
    let port = other.local_addr().unwrap().port();
    start_with(boat, 31.5, &json!({ "udpPort": port }));
    until_line(boat, &format!("UDP port {port} cannot be had: another program has it"));
    // A send from it makes the server give the socket another port, with which it must not be content.
    let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
    boat.put("test.sendDatagram", &json!(peer.local_addr().unwrap().port()));
    peer.set_read_timeout(Some(PATIENCE)).unwrap();
    let (_, from) = peer.recv_from(&mut [0; 16]).unwrap();
    assert_ne!(from.port(), port);
    wait_a_little(boat);
    assert!(boat.line().contains("cannot be had"), "{}", boat.line());
    drop(other);
    until(boat, "a datagram", |boat| {
        let _ = peer.send_to(b"at last", ("127.0.0.1", port));
        boat.value("test.datagram") == "at last"
    });
    until_line(boat, "Started");
}

fn a_group_that_cannot_be_joined_is_told_and_one_that_can_is_heard(boat: &mut dyn Faulty) {
    let port = free_udp_port();
    // An address that no machine has (RFC 5737), as of an interface that is not up yet.
    let away = json!({ "udpPort": port, "group": "239.255.41.9", "interface": "198.51.100.7" });
    start_with(boat, 32.25, &away);
    until_line(boat, "the multicast group 239.255.41.9 cannot be joined: its network is");
    let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
    until(boat, "a datagram that was sent to it alone", |boat| {
        let _ = peer.send_to(b"alone", ("127.0.0.1", port));
        boat.value("test.datagram") == "alone"
    });
    // While it is not there, it stays told.
    wait_a_little(boat);
    assert!(boat.line().contains("cannot be joined"), "{}", boat.line());
    let here = json!({ "udpPort": port, "group": "239.255.41.9", "interface": "127.0.0.1" });
    start_with(boat, 32.5, &here);
    let (peer, group) = (multicast(), SocketAddr::from(([239, 255, 41, 9], port)).into());
    // Before it is known whether it was joined, and afterwards.
    for text in ["to all", "to all again"] {
        until(boat, text, |boat| {
            let _ = peer.send_to(text.as_bytes(), &group);
            boat.value("test.datagram") == text
        });
        wait_a_little(boat);
        assert_eq!(boat.line(), "Started");
    }
    for group in ["10.0.0.1", "ff02::1", "nonsense"] {
        boat.configure(&json!({ "radius": 32.75, "udpPort": port, "group": group }));
        until_line(boat, "the server refused it: check the address");
    }
}

fn what_is_not_made_of_lines_is_told_and_a_cr_ends_one(boat: &mut dyn Faulty) {
    let (listener, mut peer) = start_with_peer(boat, 33.25, &json!({ "silence": 4 }));
    peer.write_all(b"$ONE,1\r").unwrap();
    until_value(boat, "test.line", &json!("$ONE,1"));
    peer.write_all(b"\n$TWO,2\r").unwrap();
    until_value(boat, "test.line", &json!("$TWO,2"));
    until(boat, "the error", |boat| {
        let _ = peer.write_all(b"\x02\x03");
        boat.was_shown(
            "connected, but what comes has no end of a line: check that this is the right",
        )
    });
    // And it is connected to again.
    let mut peer = accept(boat, &listener);
    peer.write_all(b"$THREE,3\n").unwrap();
    until_value(boat, "test.line", &json!("$THREE,3"));
    until_line(boat, "Started");
    peer.write_all(&vec![b'x'; 70_000]).unwrap();
    until_line(boat, "a line of more than 65536 bytes came and is left out");
    peer.write_all(b"\n$FOUR,4\n").unwrap();
    until_value(boat, "test.line", &json!("$FOUR,4"));
    until_line(boat, "Started");
}

fn a_peer_that_takes_connections_and_drops_them_is_told_and_left_alone(boat: &mut dyn Faulty) {
    let (listener, peer) = start_with_peer(boat, 34.25, &json!({}));
    drop(peer);
    let began = boat.value("test.tick")[1].as_u64().unwrap();
    let (mut connections, mut peer) = (0, None);
    // After 1, 2, 4 and 8 s of the plugin's time, and not once a second or two.
    until(boat, "twenty seconds of the plugin", |boat| {
        if let Ok((mut stream, _)) = listener.accept() {
            connections += 1;
            let _ = stream.write_all(format!("busy {connections}\r\n").as_bytes());
            peer = Some(stream);
        }
        // It is dropped when the plugin has seen it.
        if boat.value("test.line") == format!("busy {connections}") {
            peer = None;
        }
        boat.value("test.tick")[1].as_u64() >= Some(began + 20)
    });
    assert!((2..=5).contains(&connections), "{connections}");
    until_line(boat, "the connection has ended");
}

/// A socket that sends to a group on loopback.
fn multicast() -> socket2::Socket {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::DGRAM, None).unwrap();
    socket.set_multicast_if_v4(&Ipv4Addr::LOCALHOST).unwrap();
    socket
}
