//! Panics, and memory that runs out.

use std::io::Write;

use serde_json::json;

use super::*;

cases! {
    on_boat, [embedded server]
    the_third_panic_in_a_row_ends_the_attempts_until_a_save
    a_panic_in_a_task_is_the_plugins
    a_crash_closes_the_sockets
    memory_beyond_the_servers_reach_is_told_with_what_to_do
}

fn the_third_panic_in_a_row_ends_the_attempts_until_a_save(boat: &mut dyn Faulty) {
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
    let refused = "{\"error\":\"the plugin is not running\"}";
    assert_eq!((status, &*body), (503, refused), "why it does not run is for its owner");
    let notice = format!("notifications.plugins.{PLUGIN}");
    until(boat, "the notification", |boat| boat.value(&notice)["state"] == "alarm");
    wait_a_little(boat);
    assert_eq!(boat.get("/alive").0, 503, "it is not started again");
    assert_eq!(boat.put_status("test.burst", &json!(0)), 503);
    let bell = |boat: &mut dyn Faulty| Some(boat.resource("buoys", "bell")?["name"].clone());
    // 2.23 takes nothing for an empty resource.
    assert!(bell(boat).is_none_or(|name| name.is_null()), "{:?}", bell(boat));
    start_with(boat, 18.5, &json!({}));
    assert_eq!(boat.put_status("test.burst", &json!(0)), 200);
    assert_eq!(bell(boat), Some(json!("Bell")));
    until(boat, "the end of the notification", |boat| boat.value(&notice)["state"] == "normal");
}

fn a_panic_in_a_task_is_the_plugins(boat: &mut dyn Faulty) {
    start_with(boat, 19.5, &json!({}));
    boat.put("test.panicInTask", &json!(true));
    until_line(boat, "Crashed: in a task (");
    until_line(boat, "Started");
    assert_is_alive(boat);
}

fn a_crash_closes_the_sockets(boat: &mut dyn Faulty) {
    let (listener, mut peer) = start_with_peer(boat, 28.625, &json!({}));
    boat.put("test.panic", &json!("with a socket"));
    until(boat, "the end of the connection", |_| is_at_its_end(&mut peer));
    let mut peer = accept(boat, &listener);
    peer.write_all(b"$AFRESH,1\n").unwrap();
    until_value(boat, "test.line", &json!("$AFRESH,1"));
}

/// All that WebAssembly can have, of which the server can address a half.
fn memory_beyond_the_servers_reach_is_told_with_what_to_do(boat: &mut dyn Faulty) {
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
