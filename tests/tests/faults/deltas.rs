//! Deltas that come back, in storms, or while others are sent.

use serde_json::{Value, json};

use super::*;

cases! {
    on_boat, [embedded server]
    what_a_plugin_sends_does_not_come_back_to_it
    a_storm_of_its_own_is_bounded_and_told
    what_is_sent_in_a_handler_goes_out_once_and_in_order
    what_a_plugin_sends_takes_no_room_from_what_others_say
    a_loop_ends_and_is_told
    one_odd_field_loses_nothing_else
    what_is_left_of_another_vessels_notification_is_not_the_own_ship
    what_newer_servers_and_other_plugins_say_is_read
    of_two_sources_one_is_used_until_it_falls_silent
}

fn what_a_plugin_sends_does_not_come_back_to_it(boat: &mut dyn Faulty) {
    start_with(boat, 32.5, &json!({}));
    // By its own source, and by one that it names.
    for path in ["test.loop", "test.named"] {
        boat.tick();
        boat.receive(path, &json!(100));
        let its_own = |boat: &mut dyn Faulty| {
            let mut sent = boat.sent(path);
            sent.retain(|count| count.as_u64() > Some(100));
            sent
        };
        until(boat, "its answer", |boat| !its_own(boat).is_empty());
        wait_a_little(boat);
        assert_eq!(its_own(boat), [json!(101)], "{path}");
    }
}

fn a_storm_of_its_own_is_bounded_and_told(boat: &mut dyn Faulty) {
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

fn what_is_sent_in_a_handler_goes_out_once_and_in_order(boat: &mut dyn Faulty) {
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

fn what_a_plugin_sends_takes_no_room_from_what_others_say(boat: &mut dyn Faulty) {
    start_with(boat, 36.5, &json!({}));
    boat.put("test.spam", &json!(1_200));
    boat.receive("test.spammed", &json!(2_000));
    until_value(boat, "test.heard", &json!(2_000));
    assert_eq!(boat.sent("test.heard"), [json!(2_000)]);
    assert!(!boat.was_shown("were dropped"), "{}", boat.line());
}

fn a_loop_ends_and_is_told(boat: &mut dyn Faulty) {
    start_with(boat, 37.5, &json!({}));
    boat.tick();
    boat.receive("test.round", &json!(0));
    until_line(boat, "test.round has come back to the plugin 100 times in a row");
    let sent = boat.sent("test.round");
    wait_a_little(boat);
    assert_eq!(boat.sent("test.round"), sent);
    assert_is_alive(boat);
}

/// Plugins in JavaScript send a number for a time, and the server passes it on.
fn one_odd_field_loses_nothing_else(boat: &mut dyn Faulty) {
    start_with(boat, 38.5, &json!({}));
    boat.tick();
    let odd = |value: u32, field: &str, odd: Value| {
        let mut update = json!({ "$source": "gps", "timestamp": "2026-01-01T00:00:00.000Z" });
        update["values"] = json!([{ "path": "test.odd", "value": value }]);
        update[field] = odd;
        json!({ "context": "vessels.self", "updates": [update] })
    };
    boat.receive_delta(&odd(1, "timestamp", json!(1_700_000_000)));
    until_value(boat, "test.oddSeen", &json!([1, "gps", "", true]));
    boat.receive_delta(&odd(2, "meta", json!({ "path": "test.odd" })));
    until(boat, "the value beside", |boat| boat.value("test.oddSeen")[0] == 2);
}

/// On 2.32 that is a delta without updates, which the answer to the question for the own ship is, too.
fn what_is_left_of_another_vessels_notification_is_not_the_own_ship(boat: &mut dyn Faulty) {
    start_with(boat, 39.5, &json!({}));
    let notification = json!({ "state": "alert", "method": [], "message": "theirs" });
    let values = json!([{ "path": "notifications.theirs", "value": notification }]);
    let theirs = json!({
        "context": "vessels.urn:mrn:imo:mmsi:244999999",
        "updates": [{ "$source": "ais", "values": values }],
    });
    for count in 100..103 {
        boat.receive_delta(&theirs);
        boat.receive("test.odd", &json!(count));
        until(boat, "a value of the own ship", |boat| boat.value("test.oddSeen")[0] == count);
    }
}

/// A state that this SDK does not send, one that it does not know, and timeouts that are words.
fn what_newer_servers_and_other_plugins_say_is_read(boat: &mut dyn Faulty) {
    start_with(boat, 40.5, &json!({}));
    boat.tick();
    let said = |what: &str, said: Value| {
        let mut update = json!({ "$source": "others" });
        update[what] = json!([said]);
        json!({ "context": "vessels.self", "updates": [update] })
    };
    for (state, read) in [("nominal", "Nominal"), ("warn", "Warn"), ("overheated", "Unknown")] {
        let value = json!({ "state": state, "method": [], "message": "theirs" });
        let path = "notifications.test.others";
        boat.receive_delta(&said("values", json!({ "path": path, "value": value })));
        until_value(boat, "test.othersState", &json!(read));
    }
    for (timeout, read) in
        [(json!("auto"), "Some(Auto)"), (json!(5), "Some(Seconds(5.0))"), (json!(0), "Some(Never)")]
    {
        let value =
            json!({ "units": "m", "timeout": timeout, "displayUnits": { "category": "depth" } });
        boat.receive_delta(&said("meta", json!({ "path": "test.metered", "value": value })));
        until_value(boat, "test.timeout", &json!(read));
    }
}

fn of_two_sources_one_is_used_until_it_falls_silent(boat: &mut dyn Faulty) {
    start_with(boat, 36.5, &json!({}));
    boat.tick();
    let all = |boat: &mut dyn Faulty| boat.sent("test.turnAll").len();
    let tell = |boat: &mut dyn Faulty, source: &str, value: f64| {
        let before = all(boat);
        boat.receive_from(source, "test.turn", &json!(value));
        until(boat, "that it has arrived", |boat| all(boat) > before);
    };
    for turn in 0..3 {
        tell(boat, "antenna.A", 10.5 + f64::from(turn));
        tell(boat, "antenna.B", 20.5 + f64::from(turn));
    }
    assert_eq!(boat.sent("test.turnUsed"), [json!(10.5), json!(11.5), json!(12.5)]);
    assert_eq!(boat.sent("test.turnB"), [json!(20.5), json!(21.5), json!(22.5)]);
    // A falls silent, and comes back.
    boat.pass(Duration::from_secs(6));
    tell(boat, "antenna.B", 23.5);
    tell(boat, "antenna.A", 13.5);
    assert_eq!(boat.sent("test.turnUsed").last(), Some(&json!(23.5)));
    // B has no value any more.
    boat.receive_from("antenna.B", "test.turn", &json!(null));
    until_value(boat, "test.turnUsed", &json!(-0.5));
    tell(boat, "antenna.A", 14.5);
    until_value(boat, "test.turnUsed", &json!(14.5));
}
