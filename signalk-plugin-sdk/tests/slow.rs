//! Handlers that take too long.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use std::time::Duration;

use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::{TestHost, take_time};

struct Sloth;

#[signalk_plugin]
impl Sloth {
    fn start() -> Self {
        Self
    }

    #[delta("test.take")]
    fn take(&mut self, millis: u64) {
        take_time(Duration::from_millis(millis));
    }

    #[delta("test.first")]
    fn first(&mut self, value: f64) -> Result<()> {
        delta::set("test.sent", value)
    }

    #[delta("test.second")]
    fn second(&mut self, _: f64) {}

    #[put("test.take")]
    fn put(&mut self, millis: u64) {
        take_time(Duration::from_millis(millis));
    }
}

#[test]
fn a_handler_that_takes_too_long_is_told_of_until_it_does_not() {
    let mut host = TestHost::<Sloth>::start("{}");
    host.receive("test.take", 900);
    assert_eq!(host.error(), None);
    host.receive("test.take", 1_500);
    assert_eq!(
        host.error().unwrap(),
        "take took 1500 ms, and the whole server stood still meanwhile"
    );
    // Another handler's good time does not take it back.
    host.put("test.take", 1);
    assert!(host.error().is_some());
    host.receive("test.take", 1);
    assert_eq!(host.error(), None);
    host.put("test.take", 2_000);
    assert!(host.error().unwrap().starts_with("test.take took 2000 ms"));
}

#[test]
fn a_single_slow_moment_is_forgotten_after_a_minute() {
    let mut host = TestHost::<Sloth>::start("{}");
    host.receive("test.take", 1_500);
    host.advance(Duration::from_secs(59));
    assert!(host.error().is_some());
    host.advance(Duration::from_secs(2));
    assert_eq!(host.error(), None);
    assert_eq!(host.status().unwrap(), "Started");
}

#[test]
fn one_slow_handler_does_not_take_back_what_is_told_of_another() {
    let mut host = TestHost::<Sloth>::start("{}");
    host.receive("test.take", 1_500);
    host.put("test.take", 2_000);
    host.put("test.take", 1);
    assert!(host.error().unwrap().starts_with("take took 1500 ms"), "{:?}", host.error());
}

#[test]
fn the_time_that_others_take_for_what_was_sent_is_no_handlers() {
    let mut host = TestHost::<Sloth>::start("{}");
    host.answer_deltas(|_| {
        take_time(Duration::from_millis(1_500));
        Vec::new()
    });
    let context = host.self_context();
    let values = r#"[{"path":"test.first","value":1},{"path":"test.second","value":2}]"#;
    host.receive_json(&format!(
        r#"{{"context":"{context}","updates":[{{"$source":"a","values":{values}}}]}}"#
    ));
    assert_eq!(host.error(), None);
}
