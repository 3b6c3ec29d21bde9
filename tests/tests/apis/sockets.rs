//! UDP and TCP, to peers on loopback.

use super::*;

cases! {
    on_boat, [embedded server]
    datagrams_go_out_and_come_in
    lines_go_out_and_come_in_and_a_lost_connection_is_made_again
    a_crash_closes_the_sockets
    a_name_that_does_not_exist_is_told_with_the_address_and_tried_again
}

fn datagrams_go_out_and_come_in(boat: &mut dyn Crewed) {
    let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
    peer.set_read_timeout(Some(PATIENCE)).unwrap();
    let address = peer.local_addr().unwrap();
    boat.post("datagram", &json!({ "port": address.port(), "text": "ahoy ⚓" }));
    let mut bytes = [0; 64];
    let (len, from) = peer.recv_from(&mut bytes).unwrap();
    assert_eq!(&bytes[..len], "ahoy ⚓".as_bytes());
    for text in ["aye\u{0} ⚓", ""] {
        peer.send_to(text.as_bytes(), ("127.0.0.1", from.port())).unwrap();
        until_value(boat, "test.datagram", &json!(format!("{text} from {address}")));
    }
    boat.post("multicast/239.2.1.1", &json!({}));
    // The system refuses a broadcast of a socket that may not.
    let everybody = UdpSocket::bind("0.0.0.0:0").unwrap();
    everybody.set_read_timeout(Some(PATIENCE)).unwrap();
    let port = everybody.local_addr().unwrap().port();
    boat.post("datagram", &json!({ "host": "127.255.255.255", "port": port, "text": "all" }));
    let (len, _) = everybody.recv_from(&mut bytes).unwrap();
    assert_eq!(&bytes[..len], b"all");
}

/// Has the plugin connect to a peer.
fn connected(boat: &mut dyn Crewed) -> (TcpListener, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    boat.configure(&json!({ "tcpPort": listener.local_addr().unwrap().port() }));
    let peer = accept(boat, &listener);
    (listener, peer)
}

fn accept(boat: &mut dyn Crewed, listener: &TcpListener) -> TcpStream {
    listener.set_nonblocking(true).unwrap();
    let mut found = None;
    until(boat, "a connection", |_| {
        found = listener.accept().ok();
        found.is_some()
    });
    let (peer, _) = found.unwrap();
    peer.set_nonblocking(false).unwrap();
    peer.set_read_timeout(Some(PATIENCE)).unwrap();
    // The plugin has to see for itself that it is connected.
    boat.pass(Duration::from_secs(2));
    peer
}

fn lines_go_out_and_come_in_and_a_lost_connection_is_made_again(boat: &mut dyn Crewed) {
    let (listener, mut peer) = connected(boat);
    peer.write_all("$GPRMC,1\r\n\r\n$GPGGA,é".as_bytes()).unwrap();
    until(boat, "the lines", |boat| boat.sent("test.line").len() >= 2);
    assert_eq!(boat.sent("test.line"), [json!("$GPRMC,1"), json!("")]);
    peer.write_all(b"\n").unwrap();
    until_value(boat, "test.line", &json!("$GPGGA,é"));
    boat.post("line", &json!(["$PING", "$PONG"]));
    let mut sent = [0; 14];
    peer.read_exact(&mut sent).unwrap();
    assert_eq!(&sent, b"$PING\r\n$PONG\r\n");

    drop(peer);
    let address = listener.local_addr().unwrap();
    until_line(boat, &format!("{address}: the connection has ended"));
    let mut peer = accept(boat, &listener);
    peer.write_all(b"again\n").unwrap();
    until_value(boat, "test.line", &json!("again"));
    until_line(boat, "radius 50");
}

fn a_crash_closes_the_sockets(boat: &mut dyn Crewed) {
    let (listener, mut peer) = connected(boat);
    boat.put("test.panic", &json!("on purpose"));
    boat.pass(Duration::from_secs(1));
    assert_eq!(peer.read(&mut [0; 8]).unwrap(), 0, "closed by the poll after the crash");
    let mut peer = accept(boat, &listener);
    peer.write_all(b"afresh\n").unwrap();
    until_value(boat, "test.line", &json!("afresh"));
}

fn a_name_that_does_not_exist_is_told_with_the_address_and_tried_again(boat: &mut dyn Crewed) {
    boat.configure(&json!({ "tcpHost": "nobody.invalid", "tcpPort": 10110 }));
    let expected =
        "nobody.invalid:10110: no connection: check that the address is right and the peer is on";
    until(boat, expected, |boat| boat.line() == expected);
}
