//! The same in the embedded host, with the example's recorded quarter of an hour.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde_json::Value;
use signalk_plugin_host::{Event, Host, Plugin};
use signalk_plugin_tests::{BuiltPlugin, Way, cases};

use super::{ANNA, BLUE_NOTE};

cases! {
    [embedded]
    of_a_recorded_quarter_of_an_hour_each_danger_is_told_once
}

const CAROLA: &str = "vessels.urn:mrn:imo:mmsi:219999003";

/// The recording of the example, a delta a line, in the order of time.
fn recorded() -> String {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    fs::read_to_string(examples.join("ais-watch/recorded/approaches.jsonl")).unwrap()
}

/// The second of the quarter of an hour, from a timestamp such as `2026-07-04T01:02:03.000Z`.
fn second(delta: &Value) -> u64 {
    let time = delta["updates"][0]["timestamp"].as_str().unwrap();
    let part = |from: usize| time[from..from + 2].parse::<u64>().unwrap();
    part(14) * 60 + part(17)
}

fn play(plugin: &mut Plugin) {
    let mut now = 0;
    for line in recorded().lines() {
        let delta: Value = serde_json::from_str(line).unwrap();
        let at = second(&delta);
        plugin.advance(Duration::from_secs(at - now)).unwrap();
        now = at;
        plugin.deliver_delta(line).unwrap();
    }
    plugin.advance(Duration::from_secs(1)).unwrap();
}

/// The states of a vessel's alarm in their order. A message that is empty is that of the moment of `normal` by which a
/// worse one sounds again.
fn states(plugin: &Plugin, vessel: &str) -> Vec<String> {
    let mmsi = vessel.rsplit(':').next().unwrap();
    let of = format!("notifications.navigation.closestApproach.{mmsi}");
    let state = |event| match event {
        Event::Notification { path, value } if path == of && value["message"] != "" => {
            Some(value["state"].as_str()?.to_owned())
        }
        _ => None,
    };
    let mut states: Vec<_> =
        plugin.events().into_iter().filter_map(|recorded| state(recorded.event)).collect();
    states.dedup();
    states
}

fn of_a_recorded_quarter_of_an_hour_each_danger_is_told_once(way: Way) {
    let module = BuiltPlugin::of("signalk-ais-watch").unwrap().module().unwrap();
    let host = Host::builder().version(way.version()).wall_clock(SystemTime::now()).build();
    let mut plugin = host.install_enabled(module, "{}").unwrap();
    for _ in 0..2 {
        play(&mut plugin);
        assert_eq!(states(&plugin, ANNA), ["warn", "alarm", "normal"]);
        assert_eq!(states(&plugin, CAROLA), ["warn", "alarm", "normal"]);
        assert!(states(&plugin, BLUE_NOTE).is_empty());
        let line = plugin.status().unwrap().message;
        assert!(line.starts_with("3 vessels; "), "{line}");
        let closest = plugin.value_of(BLUE_NOTE, "navigation.closestApproach").unwrap();
        assert!((closest["distance"].as_f64().unwrap() - 560.0).abs() < 20.0, "{closest}");
        let cleared = plugin.value_of(CAROLA, "navigation.closestApproach");
        assert_eq!(cleared, Some(Value::Null));
        plugin = plugin.restart_server().unwrap();
    }
}
