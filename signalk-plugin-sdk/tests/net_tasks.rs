//! Tasks that wait for datagrams of real peers on loopback.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects")]

use std::net::UdpSocket as UdpPeer;

use signalk_plugin_sdk::net::{NetError, UdpSocket};
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::task::{self, Task};
use signalk_plugin_sdk::testing::TestHost;

#[derive(Deserialize, JsonSchema)]
struct Config {
    port: u16,
}

struct Listener {
    _task: Task,
}

#[signalk_plugin]
impl Listener {
    fn start(config: Config) -> Result<Self> {
        let socket = UdpSocket::bind(config.port)?;
        Ok(Self { _task: task::spawn("listen", listen(socket)) })
    }

    #[delta("any")]
    fn any(&mut self, _value: f64) {}
}

async fn listen(mut socket: UdpSocket) -> Result<()> {
    let (mut count, mut errors) = (0, 0);
    loop {
        match socket.recv().await {
            Ok(_) => {
                count += 1;
                delta::set("test.count", count)?;
                delta::set("test.port", socket.local_port())?;
            }
            Err(error) => {
                errors += 1;
                delta::set("test.errors", errors)?;
                delta::set("test.error", error.to_string())?;
            }
        }
    }
}

/// A port that is free now.
fn free_port() -> u16 {
    UdpPeer::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn a_task_takes_all_that_has_arrived_with_every_delta() {
    let port = free_port();
    let mut host =
        TestHost::<Listener>::start_with(&signalk_plugin_sdk::serde_json::json!({"port": port}));
    host.advance(Duration::from_secs(2));
    let peer = UdpPeer::bind("127.0.0.1:0").unwrap();
    for sent in [1, 100] {
        let before = host.value("test.count").map_or(0, |count| count.as_u64().unwrap());
        for _ in 0..sent {
            peer.send_to(b"x", ("127.0.0.1", port)).unwrap();
        }
        // No time passes: the server calls for a delta.
        while host.value("test.count").is_none_or(|count| count != before + sent) {
            host.receive("any", 1);
        }
    }
    assert_eq!(host.value("test.port").unwrap(), port);
}

#[test]
fn an_error_comes_once_a_call_and_holds_nothing_up() {
    let other = UdpPeer::bind("0.0.0.0:0").unwrap();
    let port = other.local_addr().unwrap().port();
    let mut host =
        TestHost::<Listener>::start_with(&signalk_plugin_sdk::serde_json::json!({"port": port}));
    host.advance(Duration::from_secs(1));
    host.new_events();
    host.advance(Duration::from_secs(5));
    assert_eq!(host.text("test.error"), NetError::PortTaken(port).to_string());
    assert!(host.number("test.errors") <= 6.0, "{}", host.number("test.errors"));
    // Once it is free it is had, and what comes is taken.
    drop(other);
    host.advance(Duration::from_secs(60));
    let peer = UdpPeer::bind("127.0.0.1:0").unwrap();
    peer.send_to(b"x", ("127.0.0.1", port)).unwrap();
    while host.value("test.count").is_none() {
        host.receive("any", 1);
    }
}

#[test]
fn a_socket_tells_what_waits_and_its_port_once_it_is_had() {
    let mut host = TestHost::<Listener>::start_with(
        &signalk_plugin_sdk::serde_json::json!({"port": free_port()}),
    );
    let port = free_port();
    let mut socket = UdpSocket::bind(port).unwrap();
    assert_eq!((socket.local_port(), socket.pending()), (None, 0));
    assert_eq!(socket.receive(), Ok(None));
    host.advance(Duration::from_secs(1));
    assert_eq!(socket.receive(), Ok(None));
    assert_eq!(socket.local_port(), Some(port));
    let peer = UdpPeer::bind("127.0.0.1:0").unwrap();
    for _ in 0..3 {
        peer.send_to(b"x", ("127.0.0.1", port)).unwrap();
    }
    while socket.pending() < 3 {
        std::thread::yield_now();
    }
    socket.receive().unwrap().unwrap();
    assert_eq!(socket.pending(), 2);
    let any = UdpSocket::bind(0).unwrap();
    host.advance(Duration::from_secs(1));
    assert_eq!(any.local_port(), None, "the server does not tell which it took");
    host.stop();
    assert_eq!((socket.local_port(), socket.pending()), (None, 0));
}
