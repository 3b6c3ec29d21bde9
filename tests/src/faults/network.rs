//! Peers that are gone, silent or too fast.

use std::io::Write;

use serde_json::json;

use super::*;

/// All of them, each after a save of its own.
pub fn everything<B: Faulty>(boat: &mut B) {
    a_port_that_nobody_listens_on_is_told_and_tried_again(boat);
    a_peer_that_falls_silent_is_taken_for_lost(boat);
    what_the_server_could_not_keep_is_told(boat);
    a_port_that_another_program_has_is_told_until_it_is_free(boat);
}

fn a_port_that_nobody_listens_on_is_told_and_tried_again<B: Faulty>(boat: &mut B) {
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

fn a_peer_that_falls_silent_is_taken_for_lost<B: Faulty>(boat: &mut B) {
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

fn what_the_server_could_not_keep_is_told<B: Faulty>(boat: &mut B) {
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
    // What is left comes, and all is well again.
    until(boat, "the last datagram", |boat| {
        send("last");
        boat.value("test.datagram") == "last"
    });
    until_line(boat, "Started");
}

fn a_port_that_another_program_has_is_told_until_it_is_free<B: Faulty>(boat: &mut B) {
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
