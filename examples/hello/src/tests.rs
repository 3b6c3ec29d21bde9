use std::time::Duration;

use signalk_plugin_sdk::testing::{Event, OTHER_VESSEL, TestHost};

use super::Hello;

const CONFIG: &str = r#"{"transducerToKeel": 1.5}"#;
const IN: &str = "environment.depth.belowTransducer";
const OUT: &str = "environment.depth.belowKeel";

#[test]
fn the_depth_below_the_keel_is_sent_and_shown() {
    let mut host = TestHost::<Hello>::start(CONFIG);
    assert_eq!(host.status().unwrap(), "Waiting for a depth");
    host.receive(IN, 4.0);
    assert_eq!(host.value(OUT).unwrap(), 2.5);
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
    assert_eq!(host.value(OUT).unwrap(), 2.5);
    assert_eq!(host.status().unwrap(), "250 cm below the keel");
}

#[test]
fn the_depth_of_another_vessel_does_not_matter() {
    let mut host = TestHost::<Hello>::start(CONFIG);
    host.receive_from(OTHER_VESSEL, IN, 40.0);
    assert_eq!(host.value(OUT), None);
}

#[test]
fn a_wrong_setting_is_named_and_a_right_one_starts() {
    let mut host = TestHost::<Hello>::start(r#"{"transducerToKeel": -1}"#);
    let error = "Configuration: transducerToKeel: found -1, expected 0 to 10 m";
    assert_eq!(host.error().unwrap(), error);
    host.configure(CONFIG);
    host.receive(IN, 4.0);
    assert_eq!(host.value(OUT).unwrap(), 2.5);
}

#[test]
fn a_new_setting_counts_at_once_and_after_a_restart_of_the_server() {
    let mut host = TestHost::<Hello>::start("{}");
    host.receive(IN, 4.0);
    assert_eq!(host.value(OUT).unwrap(), 3.0);
    host.configure(CONFIG);
    host.receive(IN, 4.0);
    assert_eq!(host.value(OUT).unwrap(), 2.5);
    host.restart_server();
    assert_eq!(host.status().unwrap(), "Waiting for a depth");
    host.receive(IN, 5.0);
    assert_eq!(host.value(OUT).unwrap(), 3.5);
}
