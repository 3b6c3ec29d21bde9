//! A busy bus for some seconds; `cargo xtask soak` has ten minutes of it.

#![allow(clippy::unwrap_used, reason = "a test says what it expects")]

use std::time::Duration;

use signalk_plugin_host::{Event, Host, HttpRequest, Plugin};
use signalk_plugin_tests::env::plugin_folder;
use signalk_plugin_tests::soak::{FIGURES, Figures, OnServer, PLUGIN};
use signalk_plugin_tests::{BuiltPlugin, Bus, RATE, Way, cases};

cases! {
    [server]
    of_a_busy_bus_nothing_is_lost_or_late
}

cases! {
    [embedded]
    of_a_busy_bus_nothing_is_lost_or_late_and_the_memory_stays_as_it_is
    texts_that_grow_step_by_step_take_a_few_times_the_memory_of_the_longest
}

fn of_a_busy_bus_nothing_is_lost_or_late(way: Way) {
    let mut bus = OnServer::start(way.installed(), &plugin_folder(PLUGIN).unwrap()).unwrap();
    (0..2).for_each(|_| bus.second().unwrap());
    let warm = bus.settled().unwrap();
    (0..4).for_each(|_| bus.second().unwrap());
    bus.settled().unwrap().check(bus.sent(), &warm).unwrap();
}

fn texts_that_grow_step_by_step_take_a_few_times_the_memory_of_the_longest(way: Way) {
    let module = BuiltPlugin::of(PLUGIN).unwrap().module().unwrap();
    let mut plugin =
        Host::builder().version(way.version()).build().install_enabled(module, "{}").unwrap();
    let answer = plugin.http(&HttpRequest::post("/api/texts")).unwrap();
    assert!(answer.status < 300, "{answer:?}");
    // The longest has 9.8 MB; piece by piece for each of them it would be 700.
    let bytes = figures(&mut plugin).memory_bytes;
    assert!(bytes < 80_000_000, "{bytes} bytes");
}

fn figures(plugin: &mut Plugin) -> Figures {
    let answer = plugin.http(&HttpRequest::get(FIGURES)).unwrap();
    Figures::read(&answer.json().unwrap()).unwrap()
}

fn of_a_busy_bus_nothing_is_lost_or_late_and_the_memory_stays_as_it_is(way: Way) {
    let module = BuiltPlugin::of(PLUGIN).unwrap().module().unwrap();
    let mut plugin =
        Host::builder().version(way.version()).build().install_enabled(module, "{}").unwrap();
    let mut bus = Bus::default();
    let mut second = |plugin: &mut Plugin| {
        // Not a round number, in case that what goes wrong does so at each thousandth.
        for delta in bus.by_ref().take(usize::try_from(RATE - 3).unwrap()) {
            plugin.deliver_delta_from("can0", &delta.to_string(), 1).unwrap();
        }
        plugin.advance(Duration::from_secs(1)).unwrap();
    };
    (0..2).for_each(|_| second(&mut plugin));
    let warm = figures(&mut plugin);
    (0..4).for_each(|_| second(&mut plugin));
    figures(&mut plugin).check(bus.sent(), &warm).unwrap();
    let traps = plugin.events().into_iter().filter(|it| matches!(it.event, Event::Trap { .. }));
    assert_eq!(traps.count(), 0);
}
