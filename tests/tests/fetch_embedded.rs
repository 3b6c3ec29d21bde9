//! A plugin that waits, in the embedded host, as either version of the server has it.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use std::time::Duration;

use serde_json::{Value, json};
use signalk_plugin_host::{Host, Plugin, Request};
use signalk_plugin_tests::fetches::{Boat, PLUGIN, everything};
use signalk_plugin_tests::{BuiltPlugin, VERSIONS};

struct Embedded(Plugin);

impl Boat for Embedded {
    fn configure(&mut self, config: &Value) {
        self.0.save_config(&config.to_string()).unwrap();
    }

    fn post(&mut self, path: &str, body: &Value) {
        let request = Request::post(format!("/api/{path}")).json(body.to_string());
        let answer = self.0.http(&request).unwrap();
        assert_eq!((answer.status, &*answer.text()), (204, ""), "{path} {body}");
    }

    fn value(&mut self, path: &str) -> Value {
        self.0.value(path).unwrap_or_default()
    }

    fn line(&mut self) -> String {
        self.0.status().map(|status| status.message.clone()).unwrap_or_default()
    }

    fn step(&mut self) {
        std::thread::sleep(Duration::from_millis(1));
        let delta = json!({
            "context": "vessels.self",
            "updates": [{ "values": [{ "path": "test.poke", "value": 1 }] }],
        });
        self.0.deliver_delta(&delta.to_string()).unwrap();
    }

    fn pass(&mut self, time: Duration) {
        self.0.advance(time).unwrap();
    }
}

#[test]
#[ignore = "needs built plugins: cargo xtask test --only embedded"]
fn a_plugin_waits_and_fetches() {
    for version in VERSIONS {
        let module = BuiltPlugin::of(PLUGIN).unwrap().module().unwrap();
        let host = Host::builder().version(version).fuel(None).build();
        let mut boat = Embedded(host.install_enabled(module, "{}").unwrap());
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
