//! Everything that the host offers, and what is seen of it outside: on WebSockets, in files, at peers, in what the
//! server's APIs answer. The plugin is `signalk-test-surface`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects"
)]

mod embedded;
mod http;
mod notifications;
mod providers;
mod sockets;
mod starts;
mod storage;
mod vessel_data;

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

use serde_json::{Value, json};
use signalk_plugin_tests::boat::{
    Boat as _, Crewed, Faulty as _, PATIENCE, Real, until, until_line, until_value,
};
use signalk_plugin_tests::delta::{dashboard_line, value};
use signalk_plugin_tests::env::plugin_folder;
use signalk_plugin_tests::{
    Answer, BuiltPlugin, Server, ServerVersion, Socket, Stream, Way, cases, later,
};

const PLUGIN: &str = "signalk-test-surface";

fn on_boat(way: Way, test: fn(&mut dyn Crewed)) {
    way.on_boat(PLUGIN, test);
}

/// Runs a test with the plugin connected to a TCP peer.
fn on_server(way: Way, test: fn(&mut Boat<'_>)) {
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    way.on_server(PLUGIN, |real| {
        let mut boat = Boat::of(real, way);
        let port = tcp.local_addr().unwrap().port();
        boat.real.configure(&json!({ "tcpPort": port, "label": "kept" }));
        boat.wait_for_line(boat.start, false, "radius 50");
        test(&mut boat);
    });
}

/// The plugin on a real server, and how a test looks at it.
struct Boat<'a> {
    real: &'a mut Real,
    is_2_32: bool,
    /// Where on the stream the test begins.
    start: usize,
}

impl<'a> Boat<'a> {
    fn of(real: &'a mut Real, way: Way) -> Self {
        let start = real.stream().position();
        Self { real, is_2_32: way.version() != ServerVersion::V2_23, start }
    }

    fn server(&self) -> &Server {
        self.real.server()
    }

    fn stream(&self) -> &Stream {
        self.real.stream()
    }

    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.server().rest().ask(method, path, body).unwrap()
    }

    /// Tells the plugin to do something.
    fn tell(&self, path: &str, body: &Value) {
        let answer = self.ask("POST", &format!("/plugins/{PLUGIN}/api/{path}"), Some(body));
        assert_eq!((answer.status, &*answer.body), (204, ""), "{path} {body}");
    }

    fn get(&self, path: &str) -> (u16, Value) {
        self.server().rest().get(path).unwrap()
    }

    fn wait_for(&self, from: usize, path: &str, expected: impl Fn(&Value) -> bool) -> Value {
        let is_it = |message: &Value| value(message, path).is_some_and(&expected);
        let found = self.stream().wait_for_after(from, path, PATIENCE, is_it).unwrap();
        value(&found.message, path).unwrap().clone()
    }

    fn wait_for_line(&self, from: usize, is_error: bool, part: &str) {
        let is_it = |message: &Value| {
            dashboard_line(message, PLUGIN)
                .is_some_and(|line| line.is_error == is_error && line.text.contains(part))
        };
        self.stream().wait_for_after(from, part, PATIENCE, is_it).unwrap();
    }

    /// What the server's file holds.
    fn saved(&self) -> Value {
        let folder = self.server().config_folder().join("plugin-config-data");
        let text = fs::read_to_string(folder.join(format!("{PLUGIN}.json"))).unwrap();
        serde_json::from_str::<Value>(&text).unwrap()["configuration"].clone()
    }
}
