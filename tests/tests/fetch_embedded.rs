//! A plugin that waits, in the embedded host, as either version of the server has it.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use std::time::Duration;

use serde_json::json;
use signalk_plugin_tests::VERSIONS;
use signalk_plugin_tests::boat::{Boat, Embedded};
use signalk_plugin_tests::fetches::{PLUGIN, everything};

#[test]
#[ignore = "needs built plugins: cargo xtask test --only embedded"]
fn a_plugin_waits_and_fetches() {
    for version in VERSIONS {
        let mut boat = Embedded::launch(PLUGIN, version);
        everything(&mut boat);
        a_panic_in_a_task_is_the_plugins(&mut boat);
    }
}

fn a_panic_in_a_task_is_the_plugins(boat: &mut Embedded) {
    boat.post("panic", &json!({}));
    boat.pass(Duration::from_secs(1));
    assert!(boat.line().starts_with("Crashed: in a task ("), "{}", boat.line());
    boat.pass(Duration::from_secs(2));
    assert_eq!(boat.line(), "Started");
    boat.post("count/1", &json!({}));
    boat.pass(Duration::from_secs(1));
    assert_eq!(boat.value("test.count"), 1);
}
