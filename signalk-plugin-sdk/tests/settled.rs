//! What runs once when all values of a delta have been handed out.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, reason = "a test says what it expects")]

use signalk_plugin_sdk::delta::{Delta, Origin};
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::serde_json::{Value, json};
use signalk_plugin_sdk::testing::{OTHER_VESSEL, TestHost};

/// Writes down the calls in their order, and tells them as its status.
#[derive(Default)]
struct Plugin {
    calls: Vec<String>,
}

impl Plugin {
    fn note(&mut self, call: impl Into<String>) {
        self.calls.push(call.into());
        server::set_status(&self.calls.join(" "));
    }
}

#[signalk_plugin(model("kept.*"))]
impl Plugin {
    fn start() -> Self {
        Self::default()
    }

    #[delta("navigation.*", context = "vessels.*")]
    fn moved(&mut self, value: f64) {
        self.note(value.to_string());
    }

    #[delta("one.source")]
    fn one_source(&mut self, value: f64) {
        self.note(value.to_string());
    }

    #[delta("echo", echo = true)]
    fn echo(&mut self, _value: f64, origin: &Origin<'_>) {
        self.note(origin.path);
    }

    #[delta("send")]
    fn send(&mut self, path: String) -> Result<()> {
        self.note("send");
        delta::set(&path, 1)
    }

    #[delta("wrong")]
    fn wrong(&mut self, _value: f64) {}

    #[settled]
    fn settled(&mut self, delta: &Delta<'_>) -> Result<()> {
        let whose = if delta.is_self() { "own" } else { "other" };
        self.note(format!("[{whose}]"));
        // The model has it: no reason to settle again.
        delta::set("kept.own", 1)
    }
}

fn calls(deltas: &[Value]) -> String {
    let mut host = TestHost::<Plugin>::start("{}");
    for delta in deltas {
        host.receive_json(&delta.to_string());
    }
    host.status().unwrap()
}

fn delta(source: &str, values: &Value) -> Value {
    let values = values.as_object().unwrap().iter();
    let values: Vec<_> =
        values.map(|(path, value)| json!({"path": path, "value": value})).collect();
    json!({"context": "vessels.self", "updates": [{"$source": source, "values": values}]})
}

#[test]
fn it_runs_once_when_all_values_of_all_updates_were_handed_out() {
    let two_updates = json!({"context": OTHER_VESSEL, "updates": [
        {"values": [{"path": "navigation.a", "value": 1}, {"path": "navigation.b", "value": 2}]},
        {"values": [{"path": "navigation.c", "value": 3}]},
    ]});
    let own = delta("gps", &json!({"navigation.a": 4, "navigation.b": 5}));
    assert_eq!(calls(&[two_updates, own]), "1 2 3 [other] 4 5 [own]");
}

#[test]
fn it_does_not_run_where_no_handler_took_a_value() {
    let another_path = delta("gps", &json!({"environment.depth.belowKeel": 1}));
    // Of a null, for which the handler has no place; of a source that is not used.
    let null = delta("gps", &json!({"navigation.a": null}));
    let first = delta("first", &json!({"one.source": 1}));
    let second = delta("second", &json!({"one.source": 2}));
    assert_eq!(calls(&[another_path, null, first, second]), "1 [own]");
}

#[test]
fn a_value_that_the_model_keeps_is_a_reason_and_the_plugins_own_is_none() {
    let kept = delta("gps", &json!({"kept.position": 1}));
    assert_eq!(calls(&[kept.clone(), kept]), "[own] [own]");
}

#[test]
fn what_comes_back_while_a_handler_sends_settles_for_itself_and_afterwards() {
    let both = delta("gps", &json!({"navigation.a": 1, "send": "echo"}));
    assert_eq!(calls(&[both]), "1 send [own] echo [own]");
}

#[test]
fn another_plugins_answer_that_only_the_model_keeps_settles_afterwards() {
    let mut host = TestHost::<Plugin>::start("{}");
    host.answer_deltas(|sent| {
        if sent.to_string().contains(r#""path":"ask""#) {
            vec![delta("another", &json!({"kept.answer": 1})).to_string()]
        } else {
            Vec::new()
        }
    });
    host.receive("send", "ask");
    assert_eq!(host.status().unwrap(), "send [own] [own]");
}

#[test]
fn a_handler_that_fails_took_its_value() {
    let mut host = TestHost::<Plugin>::start("{}");
    host.receive("wrong", "text");
    assert!(host.error().unwrap().starts_with("wrong: found"), "{:?}", host.error());
    assert_eq!(host.value("kept.own").unwrap(), 1, "it ran");
}
