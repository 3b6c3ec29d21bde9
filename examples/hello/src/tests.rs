use std::time::Duration;

use signalk_plugin_sdk::serde_json::{Value, json};
use signalk_plugin_sdk::testing::{Event, OTHER_VESSEL, TestHost};

use super::Hello;

const CONFIG: &str = r#"{"transducerToKeel": 1.5}"#;
const IN: &str = "environment.depth.belowTransducer";
const OUT: &str = "environment.depth.belowKeel";

/// The depths that were sent since the last look.
fn sent(host: &mut TestHost<Hello>) -> Vec<Value> {
    let deltas = host.new_events().into_iter().filter_map(|event| match event {
        Event::Delta { delta, .. } => Some(delta["updates"][0]["values"][0]["value"].clone()),
        _ => None,
    });
    deltas.collect()
}

#[test]
fn the_depth_below_the_keel_is_sent_and_shown() {
    let mut host = TestHost::<Hello>::start(CONFIG);
    assert_eq!(host.status().unwrap(), "Waiting for a depth");
    host.receive(IN, 4.0);
    assert_eq!(host.number(OUT), 2.5);
    assert_eq!(host.status().unwrap(), "250 cm below the keel");
}

#[test]
fn a_keel_in_the_mud_is_a_negative_depth() {
    let mut host = TestHost::<Hello>::start(CONFIG);
    host.receive(IN, 1.3);
    assert_eq!(host.status().unwrap(), "-20 cm below the keel");
}

#[test]
fn a_cleared_depth_is_cleared_below_the_keel_too() {
    let mut host = TestHost::<Hello>::start(CONFIG);
    host.receive(IN, 4.0);
    host.receive(IN, None::<f64>);
    assert!(host.value(OUT).unwrap().is_null());
    assert_eq!(host.status().unwrap(), "Waiting for a depth");
}

#[test]
fn what_a_sounder_tells_without_a_bottom_is_no_depth() {
    for told in [42_949_672.92, 42_949_672.95, 2_147_483.647, 65_535.0, -1.0, 1e308] {
        let mut host = TestHost::<Hello>::start(CONFIG);
        host.receive(IN, told);
        assert_eq!(host.value(OUT), None, "{told}");
        assert_eq!(host.status().unwrap(), "Waiting for a depth");
        host.receive(IN, 4.0);
        host.new_events();
        for _ in 0..3 {
            host.receive(IN, told);
        }
        assert_eq!(sent(&mut host), [Value::Null], "cleared, and that once");
        assert_eq!(host.status().unwrap(), "Waiting for a depth");
        host.receive(IN, 4.5);
        assert_eq!(sent(&mut host), [3.0]);
    }
}

#[test]
fn of_two_sounders_one_is_used_until_it_has_no_depth_any_more() {
    let mut host = TestHost::<Hello>::start(CONFIG);
    for _ in 0..3 {
        host.receive_from("bow", IN, 4.0);
        host.receive_from("stern", IN, 6.0);
        host.advance(Duration::from_secs(1));
    }
    assert_eq!(sent(&mut host), [2.5; 3]);
    for _ in 0..3 {
        host.receive_from("bow", IN, 42_949_672.95);
        host.receive_from("stern", IN, 6.0);
        host.advance(Duration::from_secs(1));
    }
    assert_eq!(sent(&mut host), [json!(null), json!(4.5), json!(4.5), json!(4.5)]);
}

#[test]
fn nothing_is_left_of_it_when_it_is_stopped() {
    let mut host = TestHost::<Hello>::start(CONFIG);
    host.receive(IN, 4.0);
    host.stop();
    assert!(host.value(OUT).unwrap().is_null());
}

#[test]
fn nothing_is_made_up_while_the_sounder_is_silent() {
    let mut host = TestHost::<Hello>::start(CONFIG);
    host.receive(IN, 4.0);
    host.new_events();
    host.advance(Duration::from_secs(3600));
    let sent = host.new_events().into_iter().filter(|event| matches!(event, Event::Delta { .. }));
    assert_eq!(sent.count(), 0);
}

#[test]
fn a_depth_that_is_no_number_is_told_and_the_next_one_is_taken() {
    let mut host = TestHost::<Hello>::start(CONFIG);
    host.receive(IN, "deep");
    assert!(host.error().unwrap().contains("found the text \"deep\", expected a number"));
    assert_eq!(host.value(OUT), None);
    host.receive(IN, 4.0);
    assert_eq!(host.number(OUT), 2.5);
    assert_eq!(host.status().unwrap(), "250 cm below the keel");
}

#[test]
fn the_depth_of_another_vessel_does_not_matter() {
    let mut host = TestHost::<Hello>::start(CONFIG);
    host.receive_other(OTHER_VESSEL, IN, 40.0);
    assert_eq!(host.value(OUT), None);
}

#[test]
fn a_wrong_setting_is_named_and_a_right_one_starts() {
    let mut host = TestHost::<Hello>::start(r#"{"transducerToKeel": -1}"#);
    let error =
        "Configuration: From the transducer down to the keel (m): found -1, expected 0 to 10";
    assert_eq!(host.error().unwrap(), error);
    host.configure(CONFIG);
    host.receive(IN, 4.0);
    assert_eq!(host.number(OUT), 2.5);
}

#[test]
fn a_new_setting_counts_at_once_and_after_a_restart_of_the_server() {
    let mut host = TestHost::<Hello>::start_default();
    host.receive(IN, 4.0);
    assert_eq!(host.number(OUT), 3.0);
    host.configure(CONFIG);
    host.receive(IN, 4.0);
    assert_eq!(host.number(OUT), 2.5);
    host.restart_server();
    assert_eq!(host.status().unwrap(), "Waiting for a depth");
    host.receive(IN, 5.0);
    assert_eq!(host.number(OUT), 3.5);
}
