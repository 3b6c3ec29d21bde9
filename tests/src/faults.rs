//! What may go wrong with a plugin, and what then becomes of it, its owner and its server: one list for
//! the embedded host and real servers. The guide's table names these functions. The plugin is
//! `signalk-test-faults`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects")]

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::boat::Faulty;

/// The plugin.
pub const PLUGIN: &str = "signalk-test-faults";

const PATIENCE: Duration = Duration::from_secs(60);

/// All of them, each after a save of its own.
pub fn everything<B: Faulty>(boat: &mut B) {
    a_start_that_fails_is_tried_again(boat);
    a_setting_outside_of_its_limits_is_told_and_waited_for(boat);
    a_panic_in_a_start_is_told_and_ends_with_a_right_configuration(boat);
    a_password_is_shown_nowhere(boat);
    a_value_that_nests_too_deeply_is_refused(boat);
    the_third_panic_in_a_row_ends_the_attempts_until_a_save(boat);
    a_panic_in_a_task_is_the_plugins(boat);
    a_full_disk_is_told_and_loses_nothing(boat);
    a_server_that_is_killed_finds_what_was_stored(boat);
    what_its_next_start_would_refuse_is_not_saved(boat);
    a_stop_leaves_nothing_behind(boat);
    a_stopped_plugin_does_nothing_however_often_it_is_stopped(boat);
    a_crash_closes_the_sockets(boat);
    a_port_that_nobody_listens_on_is_told_and_tried_again(boat);
    a_peer_that_falls_silent_is_taken_for_lost(boat);
    what_the_server_could_not_keep_is_told(boat);
    a_port_that_another_program_has_is_told_until_it_is_free(boat);
    what_a_plugin_sends_does_not_come_back_to_it(boat);
    a_storm_of_its_own_is_bounded_and_told(boat);
    what_is_sent_in_a_handler_goes_out_once_and_in_order(boat);
    a_task_that_never_rests_stops_nobody(boat);
    a_handler_that_blocks_is_told(boat);
    memory_beyond_the_servers_reach_is_told_with_what_to_do(boat);
}

fn until<B: Faulty>(boat: &mut B, what: &str, mut holds: impl FnMut(&mut B) -> bool) {
    let began = Instant::now();
    while !holds(boat) {
        if began.elapsed() > PATIENCE {
            let shown = boat.everything_shown();
            let last: Vec<_> = shown.lines().rev().take(20).collect();
            panic!("{what} did not come: {}\n{last:#?}", boat.line());
        }
        boat.tick();
    }
}

fn until_line<B: Faulty>(boat: &mut B, part: &str) {
    until(boat, part, |boat| boat.was_shown(part));
}

fn until_value<B: Faulty>(boat: &mut B, path: &str, expected: &Value) {
    until(boat, &format!("{path} {expected}"), |boat| boat.value(path) == *expected);
}

/// A configuration that is right, and the start with it.
fn start_with<B: Faulty>(boat: &mut B, radius: f64, more: &Value) {
    let mut config = json!({ "radius": radius });
    config.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    boat.configure(&config);
    until_value(boat, "test.radius", &json!(radius));
    until_line(boat, "Started");
}

/// As [`start_with`], with a TCP peer to which the plugin has connected, and the port that it listens
/// on.
fn start_with_peer<B: Faulty>(boat: &mut B, radius: f64, more: &Value) -> (TcpListener, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut more = more.clone();
    more["tcpPort"] = json!(listener.local_addr().unwrap().port());
    start_with(boat, radius, &more);
    let peer = accept(boat, &listener);
    (listener, peer)
}

/// Lets a few seconds of the plugin's time pass.
fn wait_a_little<B: Faulty>(boat: &mut B) {
    boat.pass(Duration::from_secs(3));
}

fn assert_is_alive<B: Faulty>(boat: &mut B) {
    let (status, body) = boat.get("/alive");
    assert_eq!(status, 200, "{body}");
}

fn a_start_that_fails_is_tried_again<B: Faulty>(boat: &mut B) {
    boat.configure(&json!({ "radius": 11.5, "failStarts": 2 }));
    until_line(boat, "start: failure 1 of 2");
    until_value(boat, "test.radius", &json!(11.5));
    assert!(boat.everything_shown().contains("failure 2 of 2"));
    until_line(boat, "Started");
}

fn a_setting_outside_of_its_limits_is_told_and_waited_for<B: Faulty>(boat: &mut B) {
    start_with(boat, 12.5, &json!({}));
    boat.configure(&json!({ "radius": 0.5 }));
    until_line(boat, "Configuration: radius: found 0.5, expected");
    wait_a_little(boat);
    assert_eq!(boat.value("test.radius"), json!(12.5), "it has not started with it");
    assert_eq!(boat.get("/alive").0, 503);
    start_with(boat, 13.5, &json!({}));
}

fn a_panic_in_a_start_is_told_and_ends_with_a_right_configuration<B: Faulty>(boat: &mut B) {
    start_with(boat, 13.5, &json!({}));
    boat.configure_in_vain(&json!({ "panicInStart": true }));
    until_line(boat, "Crashed: in start, on purpose (");
    // The server has given up on it, as on any plugin whose start fails.
    boat.configure_in_vain(&json!({ "radius": 13.75 }));
    wait_a_little(boat);
    assert_eq!(boat.value("test.radius"), json!(13.5));
    boat.disable();
    start_with(boat, 14.5, &json!({}));
    assert_is_alive(boat);
}

fn a_password_is_shown_nowhere<B: Faulty>(boat: &mut B) {
    let secret = "918273645";
    boat.configure(&json!({ "password": secret.parse::<u32>().unwrap() }));
    until_line(boat, "Configuration: password: ");
    start_with(boat, 15.5, &json!({ "password": secret }));
    boat.put("test.panicWithPassword", &json!(true));
    until_line(boat, "Crashed: with *** and a 9");
    assert!(!boat.everything_shown().contains(secret), "{}", boat.everything_shown());
    start_with(boat, 16.5, &json!({}));
}

fn a_value_that_nests_too_deeply_is_refused<B: Faulty>(boat: &mut B) {
    let nested = |levels| (0..levels).fold(json!([]), |inner, _| json!([inner]));
    assert_eq!(boat.put_status("test.tree", &nested(100)), 200);
    assert_eq!(boat.put_status("test.tree", &nested(1_500)), 400);
    assert_is_alive(boat);
}

fn the_third_panic_in_a_row_ends_the_attempts_until_a_save<B: Faulty>(boat: &mut B) {
    start_with(boat, 17.5, &json!({}));
    for text in ["first", "second"] {
        boat.put("test.panic", &json!(text));
        until_line(boat, &format!("Crashed: {text} ("));
        until_line(boat, "Started");
        assert_is_alive(boat);
    }
    boat.put("test.panic", &json!("third"));
    until_line(boat, "third crash in a row");
    assert!(boat.line().contains("Crashed: third ("), "{}", boat.line());
    let (status, body) = boat.get("/alive");
    assert!(status == 503 && body.contains("Crashed: third ("), "{status} {body}");
    let notice = format!("notifications.plugins.{PLUGIN}");
    until(boat, "the notification", |boat| boat.value(&notice)["state"] == "alarm");
    wait_a_little(boat);
    assert_eq!(boat.get("/alive").0, 503, "it is not started again");
    assert_eq!(boat.put_status("test.burst", &json!(0)), 503);
    let bell = |boat: &mut B| Some(boat.resource("buoys", "bell")?["name"].clone());
    // 2.23 takes nothing for an empty resource.
    assert!(bell(boat).is_none_or(|name| name.is_null()), "{:?}", bell(boat));
    start_with(boat, 18.5, &json!({}));
    assert_eq!(boat.put_status("test.burst", &json!(0)), 200);
    assert_eq!(bell(boat), Some(json!("Bell")));
    until(boat, "the end of the notification", |boat| boat.value(&notice)["state"] == "normal");
}

fn a_panic_in_a_task_is_the_plugins<B: Faulty>(boat: &mut B) {
    start_with(boat, 19.5, &json!({}));
    boat.put("test.panicInTask", &json!(true));
    until_line(boat, "Crashed: in a task (");
    until_line(boat, "Started");
    assert_is_alive(boat);
}

fn a_full_disk_is_told_and_loses_nothing<B: Faulty>(boat: &mut B) {
    start_with(boat, 22.5, &json!({}));
    store(boat, "anchor", 1);
    boat.fill_disk(true);
    let large = "x".repeat(500);
    boat.put("test.store", &json!({ "a large one": large, "anchor": 2 }));
    until_line(boat, "its disk may be full or not writable");
    wait_a_little(boat);
    // 2.23 writes in place, and leaves half a file, which is not left like that.
    assert_eq!(stored(boat), json!({ "anchor": 1 }));
    boat.fill_disk(false);
    until(boat, "what was to be stored", |boat| {
        stored(boat) == json!({ "a large one": large, "anchor": 2 })
    });
    until_line(boat, "Started");
}

fn a_server_that_is_killed_finds_what_was_stored<B: Faulty>(boat: &mut B) {
    store(boat, "anchor", 4);
    boat.kill();
    until_line(boat, "Started");
    store(boat, "later", 5);
    assert_eq!(stored(boat)["anchor"], 4);
}

/// Has a document stored, and looks for it when the plugin says that it is.
fn store<B: Faulty>(boat: &mut B, name: &str, document: u32) {
    let before = boat.sent("test.stored").len();
    boat.put("test.store", &json!({ name: document }));
    until(boat, "that it is stored", |boat| boat.sent("test.stored").len() > before);
    assert_eq!(stored(boat)[name], json!(document));
}

fn stored<B: Faulty>(boat: &mut B) -> Value {
    // 2.23 writes in place, so a look may find half of it.
    let file: Value = serde_json::from_str(&boat.file()).unwrap_or_default();
    file["configuration"]["signalk-plugin-sdk"]["documents"].clone()
}

fn what_its_next_start_would_refuse_is_not_saved<B: Faulty>(boat: &mut B) {
    start_with(boat, 23.5, &json!({}));
    assert_eq!(boat.put_status("test.setting", &json!(0.25)), 500);
    assert!(!boat.file().contains("0.25"), "{}", boat.file());
    boat.put("test.setting", &json!(23.75));
    until(boat, "the saved setting", |boat| boat.file().contains("23.75"));
    boat.kill();
    until_value(boat, "test.radius", &json!(23.75));
}

fn a_stop_leaves_nothing_behind<B: Faulty>(boat: &mut B) {
    let (listener, mut first) = start_with_peer(boat, 23.5, &json!({}));
    let port = listener.local_addr().unwrap().port();
    for radius in [24.5, 25.5, 26.5] {
        start_with(boat, radius, &json!({ "tcpPort": port }));
    }
    // The old socket is closed, and of the new ones one is open.
    until(boat, "the end of the first connection", |_| is_at_its_end(&mut first));
    let mut open = Vec::new();
    let mut count = || {
        open.extend(std::iter::from_fn(|| listener.accept().ok()).map(|(peer, _)| peer));
        open.retain_mut(|peer| !is_at_its_end(peer));
        open.len()
    };
    until(boat, "one connection that is open", |_| count() > 0);
    wait_a_little(boat);
    assert_eq!(count(), 1, "connections that are open");
    // The timers of what was stopped do not run beside those of what was started.
    let start = boat.get("/alive").1;
    let sent = boat.sent("test.tick").len();
    until(boat, "three more ticks", |boat| boat.sent("test.tick").len() > sent + 3);
    let ticks = boat.sent("test.tick").split_off(sent);
    let expected: Vec<_> = (0..ticks.len() as u64)
        .map(|at| json!([start.parse::<u32>().unwrap(), ticks[0][1].as_u64().unwrap() + at]))
        .collect();
    assert_eq!(ticks, expected);
}

fn a_stopped_plugin_does_nothing_however_often_it_is_stopped<B: Faulty>(boat: &mut B) {
    let (_listener, mut peer) = start_with_peer(boat, 27.5, &json!({}));
    let start: u32 = boat.get("/alive").1.parse().unwrap();
    boat.disable();
    boat.disable();
    until(boat, "the end of the connection", |_| is_at_its_end(&mut peer));
    until_value(boat, "test.stopped", &json!(start));
    wait_a_little(boat);
    let ticks = boat.sent("test.tick").len();
    assert_eq!(boat.get("/alive").0, 503);
    boat.put("test.panic", &json!("nobody is here to panic"));
    boat.receive("test.loop", &json!(1));
    wait_a_little(boat);
    assert_eq!(boat.sent("test.tick").len(), ticks);
    assert!(!boat.sent("test.loop").contains(&json!(2)));
    let stops = boat.sent("test.stopped");
    assert_eq!(stops.iter().filter(|stop| **stop == json!(start)).count(), 1);
    start_with(boat, 28.5, &json!({}));
    assert!(!boat.everything_shown().contains("nobody is here"));
}

fn a_crash_closes_the_sockets<B: Faulty>(boat: &mut B) {
    let (listener, mut peer) = start_with_peer(boat, 28.625, &json!({}));
    boat.put("test.panic", &json!("with a socket"));
    until(boat, "the end of the connection", |_| is_at_its_end(&mut peer));
    let mut peer = accept(boat, &listener);
    peer.write_all(b"$AFRESH,1\n").unwrap();
    until_value(boat, "test.line", &json!("$AFRESH,1"));
}

fn a_port_that_nobody_listens_on_is_told_and_tried_again<B: Faulty>(boat: &mut B) {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    start_with(boat, 28.75, &json!({ "tcpPort": port }));
    until_line(boat, &format!("lines: 127.0.0.1:{port}: no connection: check that the address"));
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let mut peer = accept(boat, &listener);
    peer.write_all(b"$HERE,0\n").unwrap();
    until_value(boat, "test.line", &json!("$HERE,0"));
    until_line(boat, "Started");
    // Half a line comes, and no more of it ever.
    peer.write_all(b"$HAL").unwrap();
    wait_a_little(boat);
    drop(peer);
    until_line(boat, &format!("lines: 127.0.0.1:{port}: the connection has ended"));
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
    until_line(boat, "datagrams: more data came than was read in time, and a part of it is lost");
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
    until_line(boat, &format!("datagrams: UDP port {port} cannot be had: another program has it"));
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

fn what_a_plugin_sends_does_not_come_back_to_it<B: Faulty>(boat: &mut B) {
    start_with(boat, 32.5, &json!({}));
    boat.tick();
    boat.receive("test.loop", &json!(100));
    let its_own = |boat: &mut B| {
        let mut sent = boat.sent("test.loop");
        sent.retain(|count| count.as_u64() > Some(100));
        sent
    };
    until(boat, "its answer", |boat| !its_own(boat).is_empty());
    wait_a_little(boat);
    assert_eq!(its_own(boat), [json!(101)]);
}

fn a_storm_of_its_own_is_bounded_and_told<B: Faulty>(boat: &mut B) {
    start_with(boat, 33.5, &json!({}));
    boat.tick();
    boat.receive("test.flood", &json!(0));
    until_line(boat, "deltas that came while the plugin was sending were dropped");
    // The server has time for others meanwhile, and the plugin for what it is asked.
    boat.put("test.calm", &json!(true));
    until(boat, "that it is calm", |boat| boat.value("test.flooded").as_u64() > Some(200));
    until_line(boat, "Started");
    start_with(boat, 34.5, &json!({}));
}

fn what_is_sent_in_a_handler_goes_out_once_and_in_order<B: Faulty>(boat: &mut B) {
    start_with(boat, 35.5, &json!({}));
    boat.put("test.burst", &json!(500));
    // Somebody else's comes after all that wait.
    boat.receive("test.burst", &json!(1_000));
    until(boat, "the last", |boat| boat.sent("test.burstEcho").contains(&json!(1_000)));
    wait_a_little(boat);
    let expected: Vec<_> = (0..500).map(|at| json!(at)).collect();
    let mut bursts = boat.sent("test.burst");
    bursts.retain(|at| *at != json!(1_000));
    assert_eq!(bursts, expected);
    assert_eq!(boat.sent("test.burstEcho"), [expected, vec![json!(1_000)]].concat());
}

fn a_task_that_never_rests_stops_nobody<B: Faulty>(boat: &mut B) {
    start_with(boat, 36.5, &json!({}));
    boat.put("test.restless", &json!(true));
    until(boat, "the task", |boat| boat.value("test.steps").as_u64() > Some(400));
    let ticks = boat.sent("test.tick").len();
    until(boat, "two more ticks", |boat| boat.sent("test.tick").len() > ticks + 2);
    assert_is_alive(boat);
    // A crash ends it with the plugin.
    boat.put("test.panic", &json!("with a task"));
    until_line(boat, "Crashed: with a task (");
    until_line(boat, "Started");
    let steps = boat.sent("test.steps").len();
    wait_a_little(boat);
    assert_eq!(boat.sent("test.steps").len(), steps);
}

fn a_handler_that_blocks_is_told<B: Faulty>(boat: &mut B) {
    boat.put("test.nap", &json!(1_300));
    until_line(boat, " ms, and the whole server stood still meanwhile");
    assert!(boat.line().starts_with("test.nap took "), "{}", boat.line());
    boat.put("test.nap", &json!(1));
    until_line(boat, "Started");
}

/// All that WebAssembly can have, of which the server can address a half.
fn memory_beyond_the_servers_reach_is_told_with_what_to_do<B: Faulty>(boat: &mut B) {
    boat.put("test.hoard", &json!(1_u32 << 30));
    until_line(boat, "the memory or the stack probably ran out");
    until_line(boat, "2 GB of memory are used up");
    assert!(boat.line().ends_with("restart the server to go on"), "{}", boat.line());
    let notice = format!("notifications.plugins.{PLUGIN}");
    until(boat, "the notification", |boat| boat.value(&notice)["state"] == "alarm");
    boat.kill();
    until_line(boat, "Started");
    assert_is_alive(boat);
    // So it is where nothing has crashed: the next who asks for something is the first to notice.
    for _ in 0..2 {
        boat.put("test.leak", &json!(1_u32 << 30));
    }
    until(boat, "that it is told", |boat| {
        boat.get("/alive");
        boat.was_shown("2 GB of memory are used up")
    });
    boat.kill();
    until_line(boat, "Started");
}

fn until_some<B: Faulty, T>(
    boat: &mut B,
    what: &str,
    mut look: impl FnMut(&mut B) -> Option<T>,
) -> T {
    let mut found = None;
    until(boat, what, |boat| {
        found = look(boat);
        found.is_some()
    });
    found.unwrap()
}

fn accept<B: Faulty>(boat: &mut B, listener: &TcpListener) -> TcpStream {
    listener.set_nonblocking(true).unwrap();
    let (peer, _) = until_some(boat, "a connection", |_| listener.accept().ok());
    peer
}

/// Whether the other side has closed the connection.
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
