//! Echoes of what a plugin has sent, to handlers of whole deltas.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use signalk_plugin_sdk::delta::{Delta, DeltaVersion};
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::serde_json::json;
use signalk_plugin_sdk::testing::{Event, TestHost};

fn note(handler: &str, what: impl std::fmt::Display) {
    server::debug(&format!("{handler} {what}"));
}

/// Whole deltas as one handler has them that asks for its own, and as one that does not.
struct Echoed;

#[signalk_plugin]
impl Echoed {
    fn start() -> Self {
        Self
    }

    #[delta("say")]
    fn say(&mut self, value: i64) -> Result<()> {
        let by = |source: &str, path: &str| json!({"$source": source, "values": [{"path": path, "value": value}]});
        let updates = [by("plugin-under-test", "said.mine"), by("plugin-under-test", "said.more")];
        delta::send(&json!({ "updates": updates }), DeltaVersion::V1)
    }

    #[delta(echo = true)]
    fn all(&mut self, delta: &Delta<'_>) {
        note("all", paths(delta));
    }

    #[delta]
    fn others(&mut self, delta: &Delta<'_>) {
        note("others", paths(delta));
    }
}

fn paths(delta: &Delta<'_>) -> String {
    let values = delta.updates.iter().flat_map(|update| &update.values);
    values.map(|value| &*value.path).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_handler_of_whole_deltas_gets_its_own_only_if_it_asks_for_them() {
    let mut host = TestHost::<Echoed>::start("{}");
    host.new_events();
    let talks = |host: &mut TestHost<Echoed>| -> Vec<String> {
        let notes = host.new_events().into_iter().filter_map(|event| match event {
            Event::Debug(text) => Some(text),
            _ => None,
        });
        notes.collect()
    };
    host.receive("say", 1);
    let expected = ["all say", "others say", "all said.mine said.more"];
    assert_eq!(talks(&mut host), expected);
    // Where somebody else says a part of it, it is no echo.
    let update = |source: &str, path: &str| json!({"$source": source, "values": [{"path": path, "value": 1}]});
    let updates = [update("plugin-under-test", "said.mine"), update("log", "speed")];
    let mixed = json!({"context": "vessels.self", "updates": updates});
    host.receive_json(&mixed.to_string());
    assert_eq!(talks(&mut host), ["all said.mine speed", "others said.mine speed"]);
}
