//! Deltas that come back, in storms, or while others are sent.

use serde_json::json;

use super::*;

/// All of them, each after a save of its own.
pub fn everything<B: Faulty>(boat: &mut B) {
    what_a_plugin_sends_does_not_come_back_to_it(boat);
    a_storm_of_its_own_is_bounded_and_told(boat);
    what_is_sent_in_a_handler_goes_out_once_and_in_order(boat);
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
