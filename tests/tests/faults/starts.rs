//! Starts that fail, stops, and servers that are killed.

use serde_json::json;

use super::*;

cases! {
    on_boat, [embedded server]
    a_start_that_fails_is_tried_again
    a_panic_in_a_start_is_told_and_ends_with_a_right_configuration
    a_watch_that_cannot_start_any_more_raises_a_notification_until_it_does
    a_stop_leaves_nothing_behind
    a_stopped_plugin_does_nothing_however_often_it_is_stopped
}

fn a_start_that_fails_is_tried_again(boat: &mut dyn Faulty) {
    boat.configure(&json!({ "radius": 11.5, "failStarts": 2 }));
    until_line(boat, "failure 1 of 2");
    until_value(boat, "test.radius", &json!(11.5));
    assert!(boat.everything_shown().contains("failure 2 of 2"));
    until_line(boat, "Started");
}

fn a_panic_in_a_start_is_told_and_ends_with_a_right_configuration(boat: &mut dyn Faulty) {
    start_with(boat, 13.5, &json!({}));
    boat.configure_in_vain(&json!({ "panicInStart": true }));
    until_line(boat, "Crashed: in start, on purpose (");
    assert!(boat.line().contains("Disable and enable the plugin to go on"), "{}", boat.line());
    // It ran before, and the crew hears of it that it does not any more.
    let notice = format!("notifications.plugins.{PLUGIN}");
    until(boat, "the notification", |boat| boat.value(&notice)["state"] == "alarm");
    let (status, _) = boat.get("/alive");
    assert_eq!(status, 503);
    assert!(boat.line().contains("Disable and enable the plugin to go on"), "{}", boat.line());
    // The server has given up on it, as on any plugin whose start fails.
    boat.configure_in_vain(&json!({ "radius": 13.75 }));
    wait_a_little(boat);
    assert_eq!(boat.value("test.radius"), json!(13.5));
    boat.disable();
    start_with(boat, 14.5, &json!({}));
    assert_is_alive(boat);
    until(boat, "its end", |boat| boat.value(&notice)["state"] == "normal");
}

fn a_watch_that_cannot_start_any_more_raises_a_notification_until_it_does(boat: &mut dyn Faulty) {
    let notice = format!("notifications.plugins.{PLUGIN}");
    start_with(boat, 15.5, &json!({}));
    for (radius, wrong) in [(16.5, json!({ "wrong": true })), (16.75, json!({ "failStarts": 3 }))] {
        boat.configure(&wrong);
        until(boat, "the notification", |boat| boat.value(&notice)["state"] == "alarm");
        start_with(boat, radius, &json!({}));
        until(boat, "its end", |boat| boat.value(&notice)["state"] == "normal");
    }
}

fn a_stop_leaves_nothing_behind(boat: &mut dyn Faulty) {
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

fn a_stopped_plugin_does_nothing_however_often_it_is_stopped(boat: &mut dyn Faulty) {
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
