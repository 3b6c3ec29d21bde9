//! Faults of a plugin, and what then becomes of it, its owner and its server. The plugin is `signalk-test-faults`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects")]

mod crashes;
mod deltas;
mod disk;
mod network;
mod platform;
mod requests;
mod self_vessel;
mod settings;
mod starts;

use std::io::{ErrorKind, Read};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

use serde_json::{Value, json};

use signalk_plugin_tests::boat::{Faulty, PATIENCE, until, until_line, until_value};
use signalk_plugin_tests::{Way, cases};

/// The plugin.
const PLUGIN: &str = "signalk-test-faults";

fn on_boat(way: Way, test: fn(&mut dyn Faulty)) {
    way.on_boat(PLUGIN, |boat| test(boat));
}

/// A configuration that is right, and the start with it.
fn start_with(boat: &mut dyn Faulty, radius: f64, more: &Value) {
    let mut config = json!({ "radius": radius });
    config.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    boat.configure(&config);
    until_value(boat, "test.radius", &json!(radius));
    until_line(boat, "Started");
}

/// As [`start_with`], with a TCP peer to which the plugin has connected, and the port that it listens
/// on.
fn start_with_peer(boat: &mut dyn Faulty, radius: f64, more: &Value) -> (TcpListener, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut more = more.clone();
    more["tcpPort"] = json!(listener.local_addr().unwrap().port());
    start_with(boat, radius, &more);
    let peer = accept(boat, &listener);
    (listener, peer)
}

/// Lets a few seconds of the plugin's time pass.
fn wait_a_little(boat: &mut dyn Faulty) {
    boat.pass(Duration::from_secs(3));
}

fn assert_is_alive(boat: &mut dyn Faulty) {
    let (status, body) = boat.get("/alive");
    assert_eq!(status, 200, "{body}");
}

fn until_some<T>(
    boat: &mut dyn Faulty,
    what: &str,
    mut look: impl FnMut(&mut dyn Faulty) -> Option<T>,
) -> T {
    let mut found = None;
    until(boat, what, |boat| {
        found = look(boat);
        found.is_some()
    });
    found.unwrap()
}

fn accept(boat: &mut dyn Faulty, listener: &TcpListener) -> TcpStream {
    listener.set_nonblocking(true).unwrap();
    let (peer, _) = until_some(boat, "a connection", |_| listener.accept().ok());
    peer
}

/// Tells whether the other side has closed the connection.
fn is_at_its_end(peer: &mut TcpStream) -> bool {
    peer.set_nonblocking(true).unwrap();
    match peer.read(&mut [0; 16]) {
        Ok(count) => count == 0,
        Err(error) => error.kind() != ErrorKind::WouldBlock,
    }
}

fn free_udp_port() -> u16 {
    UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
