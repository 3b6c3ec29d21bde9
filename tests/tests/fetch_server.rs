//! A plugin that waits, on real Signal K servers.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use signalk_plugin_tests::delta::dashboard_line;
use signalk_plugin_tests::env::{InstalledServer, plugin_folder};
use signalk_plugin_tests::fetches::{Boat, PLUGIN, everything};
use signalk_plugin_tests::{Server, Stream, on_both_servers};

struct Real {
    server: Server,
    stream: Stream,
}

impl Boat for Real {
    fn configure(&mut self, config: &Value) {
        self.server.rest().save_config(PLUGIN, config).unwrap();
    }

    fn post(&mut self, path: &str, body: &Value) {
        let path = format!("/plugins/{PLUGIN}/api/{path}");
        let answer = self.server.rest().ask("POST", &path, Some(body)).unwrap();
        assert_eq!((answer.status, &*answer.body), (204, ""), "{path} {body}");
    }

    fn value(&mut self, path: &str) -> Value {
        let node = self.server.rest().own(path).unwrap();
        node.map(|node| node["value"].clone()).unwrap_or_default()
    }

    fn line(&mut self) -> String {
        let lines = self.stream.since(0);
        let line = lines.iter().rev().find_map(|message| dashboard_line(message, PLUGIN));
        line.map(|line| line.text.to_owned()).unwrap_or_default()
    }

    fn step(&mut self) {
        thread::sleep(Duration::from_millis(20));
    }

    fn pass(&mut self, time: Duration) {
        thread::sleep(time);
    }
}

on_both_servers!(a_plugin_waits_and_fetches: a_plugin_waits_and_fetches_on_2_32, a_plugin_waits_and_fetches_on_2_23);

fn a_plugin_waits_and_fetches(installed: InstalledServer) {
    let folder = plugin_folder(PLUGIN).unwrap();
    let server = Server::builder(installed).enabled_plugin(folder, &json!({})).start().unwrap();
    let stream = server.stream().unwrap();
    let mut boat = Real { server, stream };
    everything(&mut boat);
    a_panic_in_a_task_is_the_plugins(&mut boat);
}

fn a_panic_in_a_task_is_the_plugins(boat: &mut Real) {
    let patience = Duration::from_secs(30);
    let from = boat.stream.position();
    boat.post("panic", &json!({}));
    for expected in ["Crashed: in a task (", "Started"] {
        let shown = |message: &Value| {
            dashboard_line(message, PLUGIN).is_some_and(|line| line.text.starts_with(expected))
        };
        boat.stream.wait_for_after(from, expected, patience, shown).unwrap();
    }
}
