//! The anchor watch in the embedded host, on a driven clock: minutes of the track take moments.

use std::time::Duration;

use crate::watch::{ANCHOR_WATCH, NOTIFICATION, SWINGS, track};
use serde_json::Value;
use signalk_plugin_host::{Host, Module, Plugin, ServerVersion, StatusKind};
use signalk_plugin_tests::{BuiltPlugin, Fix, Way, cases};

cases! {
    [embedded]
    a_first_install_that_is_enabled_on_its_page_watches
    a_plugin_that_is_enabled_at_the_start_watches
    a_lost_position_is_an_alarm_and_a_new_one_ends_it
    a_boat_owner_is_told_what_is_wrong_with_a_configuration_and_can_mend_it
    the_schema_has_every_field_of_the_form
}

fn module() -> Module {
    BuiltPlugin::of(ANCHOR_WATCH).unwrap().module().unwrap()
}

fn host(version: ServerVersion) -> Host {
    Host::builder().version(version).build()
}

fn sail(plugin: &mut Plugin, fixes: &[Fix]) {
    for fix in fixes {
        plugin.deliver_delta_from("gps", &fix.delta().to_string(), 1).unwrap();
        plugin.advance(Duration::from_secs(1)).unwrap();
    }
}

fn state(plugin: &Plugin) -> Value {
    // What was never raised is not there.
    plugin.value(NOTIFICATION).map_or("normal".into(), |value| value["state"].clone())
}

fn status(plugin: &Plugin) -> String {
    let status = plugin.status().unwrap();
    assert_eq!(status.kind, StatusKind::Status, "{}", status.message);
    status.message
}

fn error(plugin: &Plugin) -> String {
    let status = plugin.status().unwrap();
    assert_eq!(status.kind, StatusKind::Error, "{}", status.message);
    status.message
}

fn radius(plugin: &Plugin) -> f64 {
    plugin.value("navigation.anchor.currentRadius").unwrap().as_f64().unwrap()
}

fn swings_drags_and_is_anchored_anew(plugin: &mut Plugin) {
    let track = track();
    let (swings, drags) = track.fixes().split_at(SWINGS);
    for fix in swings {
        sail(plugin, std::slice::from_ref(fix));
        assert_eq!(state(plugin), "normal", "at {:?}", fix.at);
        assert!((25.0..36.0).contains(&radius(plugin)), "{} m", radius(plugin));
    }
    assert!(status(plugin).starts_with("Watching: "), "{}", status(plugin));

    sail(plugin, drags);
    assert_eq!(state(plugin), "alarm");
    assert!(radius(plugin) > 100.0);
    assert!(status(plugin).starts_with("Anchor drags: "), "{}", status(plugin));

    let last = drags.last().unwrap();
    let anchored_anew = crate::watch::config(last.latitude, last.longitude);
    plugin.save_config(&anchored_anew.to_string()).unwrap();
    assert_eq!(state(plugin), "normal");
    sail(plugin, &drags[drags.len() - 1..]);
    assert_eq!(status(plugin), "Watching: 0 m of 50 m");
    assert_eq!(plugin.value("navigation.anchor.position"), Some(last.position()));
}

fn a_first_install_that_is_enabled_on_its_page_watches(way: Way) {
    let mut plugin = host(way.version()).install(module()).unwrap();
    plugin.enable(&crate::watch::where_it_was_dropped().to_string()).unwrap();
    swings_drags_and_is_anchored_anew(&mut plugin);
}

fn a_plugin_that_is_enabled_at_the_start_watches(way: Way) {
    let config = crate::watch::where_it_was_dropped().to_string();
    let mut plugin = host(way.version()).install_enabled(module(), &config).unwrap();
    swings_drags_and_is_anchored_anew(&mut plugin);
}

fn a_lost_position_is_an_alarm_and_a_new_one_ends_it(way: Way) {
    let mut plugin = host(way.version()).install(module()).unwrap();
    plugin.enable(&crate::watch::where_it_was_dropped().to_string()).unwrap();
    let track = track();
    sail(&mut plugin, &track.fixes()[..10]);
    plugin.advance(Duration::from_secs(25)).unwrap();
    assert_eq!(state(&plugin), "normal");
    plugin.advance(Duration::from_secs(10)).unwrap();
    assert_eq!(state(&plugin), "alarm");
    sail(&mut plugin, &track.fixes()[10..11]);
    assert_eq!(state(&plugin), "normal");
}

fn a_boat_owner_is_told_what_is_wrong_with_a_configuration_and_can_mend_it(way: Way) {
    for (bad, field) in crate::watch::bad_configurations() {
        let mut plugin = host(way.version()).install(module()).unwrap();
        plugin.enable(&bad.to_string()).unwrap();
        let told = error(&plugin);
        assert!(told.contains(field), "{told}");
        crate::watch::assert_fit_for_a_boat_owner(&told);

        plugin.save_config(&crate::watch::where_it_was_dropped().to_string()).unwrap();
        sail(&mut plugin, &track().fixes()[..1]);
        assert!((25.0..36.0).contains(&radius(&plugin)));
        assert!(status(&plugin).starts_with("Watching: "), "{}", status(&plugin));
    }
}

fn the_schema_has_every_field_of_the_form(way: Way) {
    let plugin = host(way.version()).install(module()).unwrap();
    let schema: Value = serde_json::from_str(plugin.schema()).unwrap();
    for field in ["anchor", "maxRadius", "warningRadius", "hysteresis", "lostPositionAfter"] {
        let property = &schema["properties"][field];
        assert!(property.is_object(), "{field} is missing in {schema}");
        assert!(property["title"].is_string(), "{field} has no title in {schema}");
    }
    assert_eq!(schema["properties"]["maxRadius"]["default"], 50);
}
