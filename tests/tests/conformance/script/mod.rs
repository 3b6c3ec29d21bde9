//! The script: what happens to the probe, as data.

mod deltas;
mod http;
mod imports;
mod lifecycle;
mod providers;
mod setup;
mod sockets;

use std::fmt::Display;

use serde_json::{Value, json};
use signalk_plugin_host::ServerVersion;

use crate::peers::{PeerEvent, Peers};
use crate::side::{HttpRequest, Question};
pub(crate) use setup::{Setup, setups};

/// The plugin that the script is about. The others are variants of it, which show what becomes of
/// odd answers at registration.
pub(crate) const PROBE: &str = "signalk-test-probe";

/// The provider of the deltas that come from outside.
pub(crate) const PROVIDER: &str = "outside";

/// The resource type that the probe provides.
pub(crate) const RESOURCES: &str = "probes";

/// One thing that happens.
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) what: What,
}

pub(crate) enum What {
    Http {
        plugin: String,
        request: HttpRequest,
    },
    /// A request that the server itself refuses, with a page that shows where in its own code.
    /// Only status and type of the answer count.
    Refused(HttpRequest),
    /// Repeats a request until its answer has this in it; the calls of those before it do not count,
    /// for it is chance how many there are.
    Until {
        request: HttpRequest,
        seen: String,
    },
    /// Over HTTP and over a WebSocket.
    Put {
        path: &'static str,
        value: Value,
    },
    Delta(String),
    Value(&'static str),
    /// A user does something about a notification, or about all.
    Notification(&'static str, Option<&'static str>),
    Ask(Question),
    /// A request that puts a program down for the next poll, and that poll.
    Poll(HttpRequest),
    Restart,
    List,
    Peer(PeerEvent),
}

fn request(method: &'static str, target: &str, body: &[u8], media_type: &str) -> HttpRequest {
    // Both hosts get the very same headers, so that both plugins do.
    let mut headers = vec![
        ("Host".to_owned(), "boat".to_owned()),
        ("Connection".to_owned(), "close".to_owned()),
        ("X-Asked-By".to_owned(), "a <test>".to_owned()),
    ];
    if !media_type.is_empty() {
        headers.push(("Content-Type".to_owned(), media_type.to_owned()));
    }
    if !body.is_empty() {
        headers.push(("Content-Length".to_owned(), body.len().to_string()));
    }
    HttpRequest { method, target: target.to_owned(), headers, body: body.to_vec() }
}

fn json_request(method: &'static str, target: &str, body: &Value) -> HttpRequest {
    request(method, target, body.to_string().as_bytes(), "application/json")
}

/// The program that calls an import.
fn program(arguments: &Value) -> Value {
    let mut call = vec![json!("call")];
    call.extend(arguments.as_array().unwrap().iter().cloned());
    json!([call])
}

/// Collects the script.
struct Script {
    events: Vec<Event>,
    chapter: &'static str,
}

impl Script {
    fn add(&mut self, name: impl Display, what: What) {
        self.events.push(Event { name: format!("{}: {name}", self.chapter), what });
    }

    /// A program comes to an HTTP handler of the probe.
    fn run(&mut self, name: impl Display, program: Value) {
        self.run_on(PROBE, name, &program);
    }

    fn http(&mut self, name: impl Display, request: HttpRequest) {
        self.http_on(PROBE, name, request);
    }

    fn http_on(&mut self, plugin: &str, name: impl Display, request: HttpRequest) {
        self.add(name, What::Http { plugin: plugin.to_owned(), request });
    }

    fn run_on(&mut self, plugin: &str, name: impl Display, program: &Value) {
        let request = json_request("POST", "/do", program);
        self.add(name, What::Http { plugin: plugin.to_owned(), request });
    }

    /// One call of an import from an HTTP handler.
    fn call(&mut self, arguments: Value) {
        self.call_on(PROBE, &arguments);
    }

    fn call_on(&mut self, plugin: &str, arguments: &Value) {
        self.run_on(plugin, arguments, &program(arguments));
    }

    /// As [`Self::call`], until the result is this.
    fn until(&mut self, arguments: &Value, seen: i32) {
        let request = json_request("POST", "/do", &program(arguments));
        let what = What::Until { request, seen: format!("[{seen}]") };
        self.add(format!("{arguments} is {seen}"), what);
    }

    fn save(&mut self, plugin: &str, name: &str, body: &Value) {
        let request = json_request("POST", "/config", body);
        self.add(name, What::Http { plugin: plugin.to_owned(), request });
    }

    fn poll(&mut self, name: impl Display, program: &Value) {
        let request = json_request("POST", "/do", &json!([["arm", "poll", program]]));
        self.add(name, What::Poll(request));
    }

    /// Waits for a poll that was given something to do before.
    fn next_poll(&mut self, name: impl Display) {
        self.add(name, What::Poll(json_request("POST", "/do", &json!([]))));
    }

    fn list(&mut self) {
        self.add("the plugin list", What::List);
    }

    fn peer(&mut self, event: PeerEvent) {
        self.add(format!("{event:?}"), What::Peer(event));
    }
}

/// Everything that happens, in order.
pub(crate) fn script(version: ServerVersion, peers: &Peers) -> Vec<Event> {
    let mut script = Script { events: Vec::new(), chapter: "" };
    lifecycle::registration(&mut script);
    lifecycle::starts_with_the_server(&mut script);
    imports::without_capabilities(&mut script);
    lifecycle::with_a_scoped_name(&mut script);
    lifecycle::first_enable(&mut script);
    imports::imports(&mut script);
    imports::lengths(&mut script);
    imports::configuration(&mut script);
    deltas::deltas_out(&mut script);
    deltas::notifications(&mut script);
    deltas::what_users_do_about_notifications(&mut script);
    deltas::deltas_in(&mut script);
    lifecycle::polls(&mut script);
    http::http(&mut script);
    http::answers(&mut script);
    http::puts(&mut script);
    providers::resources(&mut script);
    providers::weather(&mut script);
    providers::radar(&mut script, version);
    sockets::udp(&mut script, peers);
    sockets::tcp(&mut script, peers);
    lifecycle::files(&mut script);
    lifecycle::traps(&mut script);
    lifecycle::stop(&mut script);
    lifecycle::restart(&mut script);
    script.events
}

fn get(target: &str) -> HttpRequest {
    request("GET", target, b"", "")
}
