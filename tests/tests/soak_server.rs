//! A busy bus on real Signal K servers, for some seconds; `cargo xtask soak --server` has ten minutes
//! of it.

#![allow(clippy::unwrap_used, reason = "a test says what it expects")]

use signalk_plugin_tests::env::{InstalledServer, plugin_folder};
use signalk_plugin_tests::on_both_servers;
use signalk_plugin_tests::soak::{OnServer, PLUGIN};

on_both_servers!(of_a_busy_bus_nothing_is_lost_or_late: of_a_busy_bus_nothing_is_lost_or_late_on_2_32, of_a_busy_bus_nothing_is_lost_or_late_on_2_23);

fn of_a_busy_bus_nothing_is_lost_or_late(installed: InstalledServer) {
    let mut bus = OnServer::start(installed, &plugin_folder(PLUGIN).unwrap()).unwrap();
    (0..2).for_each(|_| bus.second().unwrap());
    let warm = bus.settled().unwrap();
    (0..4).for_each(|_| bus.second().unwrap());
    bus.settled().unwrap().check(bus.sent(), &warm).unwrap();
}
