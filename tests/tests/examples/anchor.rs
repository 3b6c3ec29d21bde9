//! Duties of a watch at anchor on a real boat: one list for the embedded host and real
//! servers. The plugin is `signalk-anchor-watch`, and the alarms are those that the server shows.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use signalk_plugin_tests::boat::Crewed;
use signalk_plugin_tests::{ServerVersion, Way, cases};

/// The plugin.
const PLUGIN: &str = "signalk-anchor-watch";

const ALARM: &str = "notifications.navigation.anchor";
const POSITION: &str = "navigation.position";
const ANCHOR: &str = "navigation.anchor.position";

const PATIENCE: Duration = Duration::from_secs(60);
const SECOND: Duration = Duration::from_secs(1);

cases! {
    on_boat, [embedded server]
    a_glitch_neither_raises_nor_ends_an_alarm
    a_lost_position_sounds_while_the_anchor_is_down
    a_setting_taken_away_leaves_the_anchor_where_it_lies
    at_rest_the_anchor_is_dropped_only_if_the_owner_asked_for_it
    two_antennas_do_not_make_it_flap
}

cases! {
    [embedded server]
    nothing_is_dropped_and_nothing_missed_before_the_crew_has_dropped_the_anchor
    the_radius_is_set_by_a_put
    what_gets_worse_sounds_though_the_warning_was_acknowledged_or_silenced
}

fn on_boat(way: Way, test: fn(&mut dyn Crewed)) {
    way.on_boat(PLUGIN, test);
}

/// A place that many metres north of the anchor; a degree of latitude has 111,328 m there.
fn north(metres: f64) -> Value {
    json!({ "latitude": 54.5 + metres / 111_328.0, "longitude": 10.2 })
}

fn settings() -> Value {
    json!({ "anchor": north(0.0), "maxRadius": 50, "lostPositionAfter": 5 })
}

fn fix(boat: &mut dyn Crewed, position: &Value) {
    boat.receive(POSITION, position);
    boat.pass(SECOND);
}

/// Lies at a place until the notification is in a state.
fn lie_until(boat: &mut dyn Crewed, metres: f64, state: &str) {
    let began = Instant::now();
    loop {
        fix(boat, &north(metres));
        let now = boat.value(ALARM)["state"].clone();
        // What was never raised is not there.
        if now == state || (state == "normal" && now.is_null()) {
            return;
        }
        assert!(
            began.elapsed() < PATIENCE,
            "at {metres} m it is {now}, not {state}: {}",
            boat.line()
        );
    }
}

fn until(boat: &mut dyn Crewed, what: &str, mut holds: impl FnMut(&mut dyn Crewed) -> bool) {
    let began = Instant::now();
    while !holds(boat) {
        assert!(began.elapsed() < PATIENCE, "{what} did not come: {}", boat.line());
        boat.tick();
    }
}

/// Begins with an anchor that is down, and a boat well inside of its circle.
fn anchored(boat: &mut dyn Crewed, settings: &Value) {
    boat.configure(settings);
    lie_until(boat, 10.0, "normal");
    until(boat, "the watch", |boat| boat.line().starts_with("Watching"));
}

/// The states in which the notification was sent since there were so many of them.
fn states_since(boat: &mut dyn Crewed, before: usize) -> Vec<Value> {
    boat.sent(ALARM).split_off(before).into_iter().map(|value| value["state"].clone()).collect()
}

fn assert_nothing_was_told_since(boat: &mut dyn Crewed, before: usize) {
    let states = states_since(boat, before);
    assert!(states.is_empty(), "{states:?}");
}

fn sounds(boat: &mut dyn Crewed) -> bool {
    let value = boat.value(ALARM);
    value["method"].as_array().unwrap().contains(&json!("sound"))
}

/// C9 and C15.
fn nothing_is_dropped_and_nothing_missed_before_the_crew_has_dropped_the_anchor(way: Way) {
    way.on_own_boat(PLUGIN, |boat| {
        boat.configure(&json!({ "lostPositionAfter": 5 }));
        until(boat, "the start", |boat| boat.line() == "Anchor is up");
        boat.receive(POSITION, &json!({ "latitude": 0, "longitude": 0 }));
        for step in 0..4 {
            fix(boat, &north(100.0 * f64::from(step)));
        }
        boat.pass(7 * SECOND);
        assert_eq!(boat.value(ANCHOR), Value::Null);
        assert_eq!(boat.value(ALARM), Value::Null);
    });
}

/// C5.
fn a_glitch_neither_raises_nor_ends_an_alarm(boat: &mut dyn Crewed) {
    let glitches = [
        json!({ "latitude": 0, "longitude": 0 }),
        json!({ "latitude": 214.748_364_7, "longitude": 214.748_364_7 }),
        north(5_000.0),
        north(60.0),
    ];
    anchored(boat, &settings());
    let before = boat.sent(ALARM).len();
    for glitch in &glitches {
        fix(boat, &north(30.0));
        fix(boat, glitch);
        fix(boat, &north(30.0));
    }
    assert_nothing_was_told_since(boat, before);
    lie_until(boat, 60.0, "alarm");
    let before = boat.sent(ALARM).len();
    for glitch in [&glitches[0], &north(5.0)] {
        fix(boat, glitch);
        fix(boat, &north(60.0));
    }
    assert!(states_since(boat, before).iter().all(|state| state == "alarm"));
    lie_until(boat, 10.0, "normal");
}

/// C9.
fn a_lost_position_sounds_while_the_anchor_is_down(boat: &mut dyn Crewed) {
    anchored(boat, &settings());
    until(boat, "the alarm", |boat| boat.value(ALARM)["state"] == "alarm");
    assert!(boat.value(ALARM)["message"].as_str().unwrap().starts_with("No position for"));
    assert!(sounds(boat));
    lie_until(boat, 10.0, "normal");
    boat.put(ANCHOR, &Value::Null);
    until(boat, "the anchor", |boat| boat.line() == "Anchor is up");
    let before = boat.sent(ALARM).len();
    boat.pass(7 * SECOND);
    assert_nothing_was_told_since(boat, before);
}

/// C23.
fn a_setting_taken_away_leaves_the_anchor_where_it_lies(boat: &mut dyn Crewed) {
    // Another wish than that of the last start.
    let mut settings = settings();
    settings["anchor"] = north(1.0);
    anchored(boat, &settings);
    lie_until(boat, 60.0, "alarm");
    settings["anchor"] = Value::Null;
    boat.configure(&settings);
    lie_until(boat, 60.0, "alarm");
    assert_eq!(boat.value(ANCHOR), north(1.0));
    boat.kill();
    until(boat, "the start", |boat| boat.line().starts_with("Anchor is down"));
    assert_eq!(boat.value(ANCHOR), north(1.0));
}

/// C28.
fn the_radius_is_set_by_a_put(way: Way) {
    // The radius is stored, and counts for every later test.
    way.on_own_boat(PLUGIN, |boat| {
        const RADIUS: &str = "navigation.anchor.maxRadius";
        anchored(boat, &settings());
        lie_until(boat, 60.0, "alarm");
        assert_eq!(boat.put_status(RADIUS, &json!(80)), 200);
        lie_until(boat, 60.0, "normal");
        assert_eq!(boat.value(RADIUS), json!(80));
        assert!(boat.put_status(RADIUS, &json!(1)) >= 400);
        boat.kill();
        until(boat, "the radius", |boat| boat.value(RADIUS) == json!(80));
    });
}

/// C15.
fn at_rest_the_anchor_is_dropped_only_if_the_owner_asked_for_it(boat: &mut dyn Crewed) {
    boat.configure(&json!({ "maxRadius": 51, "dropAtRest": true }));
    boat.put(ANCHOR, &Value::Null);
    until(boat, "the anchor", |boat| boat.line().starts_with("Anchor is up"));
    for _ in 0..5 {
        fix(boat, &north(0.0));
    }
    // It was raised here.
    assert_eq!(boat.value(ANCHOR), Value::Null);
}

/// C8.
fn two_antennas_do_not_make_it_flap(boat: &mut dyn Crewed) {
    let mut settings = settings();
    settings["anchor"] = north(0.5);
    anchored(boat, &settings);
    let before = boat.sent(ALARM).len();
    for _ in 0..5 {
        boat.receive(POSITION, &north(30.0));
        boat.receive_from("second.antenna", POSITION, &north(70.0));
        boat.pass(SECOND);
    }
    assert_nothing_was_told_since(boat, before);
}

/// C1. On 2.23 nothing that a plugin sends makes it sound.
fn what_gets_worse_sounds_though_the_warning_was_acknowledged_or_silenced(way: Way) {
    way.on_own_boat(PLUGIN, |boat| {
        let mut settings = settings();
        settings["lostPositionAfter"] = json!(60);
        anchored(boat, &settings);
        lie_until(boat, 60.0, "alarm");
        assert!(sounds(boat));
        lie_until(boat, 10.0, "normal");
        let ways: [fn(&mut dyn Crewed); 3] =
            [|boat| boat.acknowledge(ALARM), |boat| boat.silence(ALARM), |boat| boat.silence_all()];
        for mute in ways {
            lie_until(boat, 46.0, "warn");
            mute(boat);
            lie_until(boat, 60.0, "alarm");
            assert_eq!(sounds(boat), way.version() >= ServerVersion::V2_32);
            if way.version() < ServerVersion::V2_32 {
                // It stays acknowledged, and cannot be silenced any more.
                return;
            }
            // Better and worse again, with the alarm acknowledged, too.
            boat.acknowledge(ALARM);
            lie_until(boat, 42.0, "warn");
            assert_eq!(boat.value(ALARM)["method"], json!([]));
            lie_until(boat, 60.0, "alarm");
            assert!(sounds(boat));
            lie_until(boat, 10.0, "normal");
        }
    });
}
