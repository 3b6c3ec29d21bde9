//! One source at a time for each value, for handlers.
#![cfg(not(target_family = "wasm"))]

use std::time::Duration;

use signalk_plugin_sdk::delta::Origin;
use signalk_plugin_sdk::model;
use signalk_plugin_sdk::plausible::Plausible;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::serde_json::{Value, json};
use signalk_plugin_sdk::testing::{Event, OTHER_VESSEL, TestHost};

/// Which source a setting names.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(default)]
struct Config {
    source: String,
}

/// Writes down what it got, as debug lines.
struct Plugin {
    config: Config,
    depths: Plausible<f64>,
}

#[signalk_plugin(model("test.depth"))]
impl Plugin {
    fn start(config: Config) -> Self {
        Self { config, depths: Plausible::within(0.0..=100.0) }
    }

    #[delta("test.one", "test.*.two", "notifications.test", "name")]
    fn one(&mut self, value: Option<f64>, origin: &Origin<'_>) {
        note("one", origin, value);
    }

    #[delta("test.one", all_sources = true)]
    fn all(&mut self, value: Option<f64>, origin: &Origin<'_>) {
        note("all", origin, value);
    }

    #[delta("test.one", source = "gps.B")]
    fn named(&mut self, value: Option<f64>, origin: &Origin<'_>) {
        note("named", origin, value);
    }

    #[delta("test.set", source = &self.config.source)]
    fn set(&mut self, value: Option<f64>, origin: &Origin<'_>) {
        note("set", origin, value);
    }

    #[delta("test.other", context = "vessels.*")]
    fn others(&mut self, value: Option<f64>, origin: &Origin<'_>) {
        note("others", origin, value);
    }

    #[delta("navigation.position")]
    fn place(&mut self, place: Option<Position>, origin: &Origin<'_>) {
        note("place", origin, place.map(|place| place.latitude));
    }

    #[get("/depth")]
    fn kept_depth(&self) -> Result<String> {
        Ok(format!("{:?}", model::get::<f64>("test.depth")?))
    }

    #[delta("test.depth")]
    fn depth(&mut self, value: f64, origin: &Origin<'_>) {
        if let Some(value) = self.depths.believe(value) {
            note("depth", origin, Some(value));
        }
    }

    #[delta("test.echo", echo = true)]
    fn echo(&mut self, value: Option<f64>, origin: &Origin<'_>) -> Result<()> {
        note("echo", origin, value);
        match value {
            Some(value) if value < 100.0 => delta::set("test.echo", value + 100.0),
            _ => Ok(()),
        }
    }

    #[delta("test.loop")]
    fn no_echo(&mut self, value: Option<f64>, origin: &Origin<'_>) -> Result<()> {
        note("loop", origin, value);
        delta::set("test.loop", value.map(|value| value + 100.0))
    }
}

fn note(handler: &str, origin: &Origin<'_>, value: Option<f64>) {
    server::debug(&format!("{handler} {} {value:?}", origin.source));
}

/// The values that one handler got.
fn notes(host: &mut TestHost<Plugin>, handler: &str) -> Vec<String> {
    let lines = host.new_events().into_iter().filter_map(|event| match event {
        Event::Debug(text) => text.strip_prefix(handler)?.strip_prefix(' ').map(str::to_owned),
        _ => None,
    });
    lines.collect()
}

fn tell(host: &mut TestHost<Plugin>, source: &str, path: &str, value: Value) {
    tell_of(host, "vessels.self", source, path, value);
}

fn tell_of(host: &mut TestHost<Plugin>, of: &str, source: &str, path: &str, value: Value) {
    let values = json!([{ "path": path, "value": value }]);
    let delta = json!({ "context": of, "updates": [{ "$source": source, "values": values }] });
    host.receive_json(&delta.to_string());
}

/// Two sources that speak each second, one after the other.
fn turns(host: &mut TestHost<Plugin>, path: &str, seconds: u32) {
    for _ in 0..seconds {
        tell(host, "gps.A", path, json!(1));
        tell(host, "gps.B", path, json!(2));
        host.advance(Duration::from_secs(1));
    }
}

#[test]
fn of_sources_that_take_turns_a_handler_gets_the_first() {
    let mut host = TestHost::<Plugin>::start("{}");
    turns(&mut host, "test.one", 10);
    assert_eq!(notes(&mut host, "one"), ["gps.A Some(1.0)"; 10]);
    turns(&mut host, "test.a.two", 10);
    assert_eq!(notes(&mut host, "one"), ["gps.A Some(1.0)"; 10]);
}

#[test]
fn every_source_and_a_named_one_can_be_asked_for() {
    let mut host = TestHost::<Plugin>::start("{}");
    turns(&mut host, "test.one", 2);
    let both = ["gps.A Some(1.0)", "gps.B Some(2.0)"];
    assert_eq!(notes(&mut host, "all"), [both, both].concat());
    turns(&mut host, "test.one", 2);
    assert_eq!(notes(&mut host, "named"), ["gps.B Some(2.0)"; 2]);
    tell(&mut host, "gps.B", "test.one", Value::Null);
    tell(&mut host, "gps.A", "test.one", Value::Null);
    assert_eq!(notes(&mut host, "named"), ["gps.B None"]);
}

#[test]
fn the_owner_may_name_the_source_and_an_empty_name_is_none() {
    let mut host = TestHost::<Plugin>::start("{}");
    turns(&mut host, "test.set", 2);
    assert_eq!(notes(&mut host, "set"), ["gps.A Some(1.0)"; 2]);
    host.configure(r#"{"source": "gps.B"}"#);
    turns(&mut host, "test.set", 2);
    assert_eq!(notes(&mut host, "set"), ["gps.B Some(2.0)"; 2]);
}

#[test]
fn another_source_takes_over_once_the_used_one_is_silent_and_keeps_its_place() {
    let mut host = TestHost::<Plugin>::start("{}");
    turns(&mut host, "test.one", 3);
    notes(&mut host, "one");
    for _ in 0..8 {
        tell(&mut host, "gps.B", "test.one", json!(2));
        host.advance(Duration::from_secs(1));
    }
    // The last one of A was a second before the first of these.
    assert_eq!(notes(&mut host, "one"), ["gps.B Some(2.0)"; 3]);
    turns(&mut host, "test.one", 5);
    assert_eq!(notes(&mut host, "one"), ["gps.B Some(2.0)"; 5]);
}

#[test]
fn a_null_of_the_used_source_arrives_and_gives_its_place_away() {
    let mut host = TestHost::<Plugin>::start("{}");
    turns(&mut host, "test.one", 1);
    notes(&mut host, "one");
    tell(&mut host, "gps.B", "test.one", Value::Null);
    assert!(notes(&mut host, "one").is_empty(), "it was not used");
    tell(&mut host, "gps.A", "test.one", Value::Null);
    turns(&mut host, "test.one", 0);
    tell(&mut host, "gps.B", "test.one", json!(2));
    tell(&mut host, "gps.A", "test.one", Value::Null);
    tell(&mut host, "gps.A", "test.one", json!(1));
    assert_eq!(notes(&mut host, "one"), ["gps.A None", "gps.B Some(2.0)"]);
}

#[test]
fn each_vessel_has_a_source_of_its_own() {
    let mut host = TestHost::<Plugin>::start("{}");
    let own = host.self_context();
    for _ in 0..3 {
        tell_of(&mut host, OTHER_VESSEL, "ais.A", "test.other", json!(1));
        tell_of(&mut host, &own, "ais.B", "test.other", json!(2));
        tell_of(&mut host, OTHER_VESSEL, "ais.B", "test.other", json!(3));
        host.advance(Duration::from_secs(1));
    }
    let each = ["ais.A Some(1.0)", "ais.B Some(2.0)"];
    assert_eq!(notes(&mut host, "others"), [each, each, each].concat());
}

#[test]
fn notifications_come_from_all_who_raise_them() {
    let mut host = TestHost::<Plugin>::start("{}");
    turns(&mut host, "notifications.test", 1);
    assert_eq!(notes(&mut host, "one"), ["gps.A Some(1.0)", "gps.B Some(2.0)"]);
}

#[test]
fn a_source_that_tells_what_cannot_be_gives_its_place_away() {
    let mut host = TestHost::<Plugin>::start("{}");
    tell(&mut host, "sounder.A", "test.depth", json!(5));
    for _ in 0..3 {
        tell(&mut host, "sounder.A", "test.depth", json!(42_949_672.95));
        tell(&mut host, "sounder.B", "test.depth", json!(6));
        host.advance(Duration::from_secs(1));
    }
    let b = "sounder.B Some(6.0)";
    assert_eq!(notes(&mut host, "depth"), ["sounder.A Some(5.0)", b, b, b]);
}

#[test]
fn a_receiver_without_a_fix_takes_no_place_from_one_with_a_fix() {
    for nothing in [
        json!({"latitude": null, "longitude": null}),
        json!({"latitude": "NaN", "longitude": "NaN"}),
        json!({"latitude": 91, "longitude": 5}),
        json!("no fix"),
        json!({}),
    ] {
        let mut host = TestHost::<Plugin>::start("{}");
        for second in 0..3 {
            tell(&mut host, "without", "navigation.position", nothing.clone());
            let place = json!({"latitude": second, "longitude": 24});
            tell(&mut host, "with", "navigation.position", place);
            host.advance(Duration::from_secs(1));
        }
        let mut got = notes(&mut host, "place");
        got.retain(|note| note.contains("with:") || note.contains("with "));
        assert_eq!(got.len(), 3, "{nothing}: {got:?}");
        assert_eq!(host.error(), None, "{nothing}");
    }
}

#[test]
fn what_cannot_be_read_gives_its_place_away_in_handlers_and_in_the_model() {
    for nothing in [json!("none"), json!({}), json!([]), json!(true)] {
        let mut host = TestHost::<Plugin>::start("{}");
        tell(&mut host, "broken", "test.depth", nothing.clone());
        assert!(host.error().is_some(), "{nothing}");
        for second in 0..3 {
            tell(&mut host, "sound", "test.depth", json!(second));
            tell(&mut host, "broken", "test.depth", nothing.clone());
            host.advance(Duration::from_secs(1));
            assert_eq!(host.get("/depth").body, format!("Some({second}.0)"), "{nothing}");
        }
        assert_eq!(notes(&mut host, "depth").len(), 3, "{nothing}");
        assert_eq!(host.error(), None, "{nothing}");
    }
}

#[test]
fn what_the_plugin_itself_sends_takes_no_place_from_anybody() {
    let mut host = TestHost::<Plugin>::start("{}");
    let own = "plugin-under-test";
    for value in [1, 2] {
        tell(&mut host, "gps.A", "test.loop", json!(value));
        host.advance(Duration::from_secs(1));
    }
    assert_eq!(notes(&mut host, "loop"), ["gps.A Some(1.0)", "gps.A Some(2.0)"]);
    // A handler that asks for them has them beside the one that is used.
    for value in [1, 2] {
        tell(&mut host, "gps.A", "test.echo", json!(value));
        tell(&mut host, "gps.B", "test.echo", json!(value + 10));
    }
    let lines = notes(&mut host, "echo");
    let a = |value: u32| format!("gps.A Some({value}.0)");
    let echo = |value: u32| format!("{own} Some({value}.0)");
    assert_eq!(lines, [a(1), echo(101), a(2), echo(102)]);
}

#[test]
fn which_source_is_used_outlasts_a_save_of_the_configuration() {
    let mut host = TestHost::<Plugin>::start("{}");
    turns(&mut host, "test.one", 1);
    host.configure("{}");
    notes(&mut host, "one");
    tell(&mut host, "gps.B", "test.one", json!(2));
    tell(&mut host, "gps.A", "test.one", json!(1));
    assert_eq!(notes(&mut host, "one"), ["gps.A Some(1.0)"]);
}
