//! Whatever may go wrong with a plugin, on real Signal K servers.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use signalk_plugin_tests::boat::Real;
use signalk_plugin_tests::env::InstalledServer;
use signalk_plugin_tests::faults::{PLUGIN, everything};
use signalk_plugin_tests::on_both_servers;

on_both_servers!(nothing_takes_the_plugin_down: nothing_takes_the_plugin_down_on_2_32, nothing_takes_the_plugin_down_on_2_23);

fn nothing_takes_the_plugin_down(installed: InstalledServer) {
    everything(&mut Real::launch(PLUGIN, installed));
}
