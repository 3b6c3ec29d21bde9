//! A plugin that waits, on real Signal K servers.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use std::time::Duration;

use serde_json::{Value, json};
use signalk_plugin_tests::boat::{Boat, Real};
use signalk_plugin_tests::delta::dashboard_line;
use signalk_plugin_tests::env::InstalledServer;
use signalk_plugin_tests::fetches::{PLUGIN, everything};
use signalk_plugin_tests::on_both_servers;

on_both_servers!(a_plugin_waits_and_fetches: a_plugin_waits_and_fetches_on_2_32, a_plugin_waits_and_fetches_on_2_23);

fn a_plugin_waits_and_fetches(installed: InstalledServer) {
    let mut boat = Real::launch(PLUGIN, installed);
    everything(&mut boat);
    a_panic_in_a_task_is_the_plugins(&mut boat);
}

fn a_panic_in_a_task_is_the_plugins(boat: &mut Real) {
    let patience = Duration::from_secs(30);
    let from = boat.stream().position();
    boat.post("panic", &json!({}));
    for expected in ["Crashed: in a task (", "Started"] {
        let shown = |message: &Value| {
            dashboard_line(message, PLUGIN).is_some_and(|line| line.text.starts_with(expected))
        };
        boat.stream().wait_for_after(from, expected, patience, shown).unwrap();
    }
}
