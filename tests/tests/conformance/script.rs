//! The script: what happens to the probe, as data.

use serde_json::{Value, json};
use signalk_plugin_host::ServerVersion;

use crate::peers::{PeerEvent, Peers};
use crate::side::{HttpRequest, ProviderCall, Question};

/// The plugin that the script is about. The others are variants of it, which show what becomes of
/// odd answers at registration.
pub(crate) const PROBE: &str = "signalk-test-probe";

/// The provider of the deltas that come from outside.
pub(crate) const PROVIDER: &str = "outside";

/// The resource type that the probe provides.
pub(crate) const RESOURCES: &str = "probes";

/// A package with the probe in it, and what the server has for it when it starts.
pub(crate) struct Setup {
    variant: &'static str,
    pub(crate) document: Option<Value>,
}

impl Setup {
    pub(crate) fn package(&self) -> String {
        format!("{PROBE}{}", self.variant)
    }

    /// The probe's package.json with the name of this package.
    pub(crate) fn manifest(&self, manifest: &str) -> String {
        let mut manifest: Value = serde_json::from_str(manifest).unwrap();
        manifest["name"] = self.package().into();
        manifest.to_string()
    }
}

pub(crate) fn setups() -> Vec<Setup> {
    // Without `enabled` the endpoints are asked for, and live, and nothing is started. A plugin that
    // runs would hear what the probe sends on a real server, but not in the embedded host.
    let loaded = || Some(json!({ "configuration": {} }));
    let enabled =
        |configuration: Value| Some(json!({ "enabled": true, "configuration": configuration }));
    let says = json!(["call", "sk_debug", "started with the server"]);
    let setup = |variant, document| Setup { variant, document };
    vec![
        setup("", None),
        setup("-loaded", loaded()),
        setup(
            "-at-start",
            enabled(json!({ "start": [
            says,
            ["write", "/file", "text"],
            ["mkdir", "/"],
            ["write", "/file", "text"],
            ["read", "/file"],
            ["report"],
        ] })),
        ),
        setup("-fails", enabled(json!({ "start": [says, ["return", 7]] }))),
        setup("-zero", loaded()),
        setup("-negative", loaded()),
        setup("-long", loaded()),
        setup("-outside-name", loaded()),
        setup("-outside-schema", loaded()),
        setup("-outside-endpoints", loaded()),
        setup("-trap-initialize", loaded()),
        setup("-trap-name", loaded()),
        setup("-trap-schema", loaded()),
        setup("-trap-endpoints", loaded()),
        setup("-not-json-schema", loaded()),
        setup("-not-json-endpoints", loaded()),
    ]
}

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
    /// Repeats a request until its answer has this in it; the calls of those before it do not count,
    /// for it is chance how many there are.
    Until {
        request: HttpRequest,
        seen: String,
    },
    Put {
        path: &'static str,
        value: Value,
    },
    Delta(String),
    Value(&'static str),
    Ask(Question),
    Poll,
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

/// Collects the script.
struct Script {
    events: Vec<Event>,
    chapter: &'static str,
}

impl Script {
    fn add(&mut self, name: impl std::fmt::Display, what: What) {
        self.events.push(Event { name: format!("{}: {name}", self.chapter), what });
    }

    /// A program comes to an HTTP handler of the probe.
    fn run(&mut self, name: impl std::fmt::Display, program: Value) {
        self.run_on(PROBE, name, &program);
    }

    fn run_on(&mut self, plugin: &str, name: impl std::fmt::Display, program: &Value) {
        let request = json_request("POST", "/do", program);
        self.add(name, What::Http { plugin: plugin.to_owned(), request });
    }

    /// One call of an import from an HTTP handler.
    fn call(&mut self, arguments: Value) {
        let mut call = json!(["call"]);
        let name = arguments.to_string();
        call.as_array_mut().unwrap().extend(arguments.as_array().unwrap().iter().cloned());
        self.run(name, json!([call]));
    }

    /// As [`Self::call`], until the result is this.
    fn until(&mut self, arguments: Value, seen: i32) {
        let mut call = json!(["call"]);
        let name = format!("{arguments} is {seen}");
        call.as_array_mut().unwrap().extend(arguments.as_array().unwrap().iter().cloned());
        let request = json_request("POST", "/do", &json!([call]));
        self.add(name, What::Until { request, seen: format!("[{seen}]") });
    }

    fn save(&mut self, plugin: &str, name: &str, body: &Value) {
        let request = json_request("POST", "/config", body);
        self.add(name, What::Http { plugin: plugin.to_owned(), request });
    }

    fn list(&mut self) {
        self.add("the plugin list", What::List);
    }

    fn peer(&mut self, event: PeerEvent) {
        self.add(format!("{event:?}"), What::Peer(event));
    }
}

/// Everything that happens, in order.
pub(crate) fn script(_version: ServerVersion, _peers: &Peers) -> Vec<Event> {
    let mut script = Script { events: Vec::new(), chapter: "" };
    registration(&mut script);
    script.events
}

fn registration(script: &mut Script) {
    script.chapter = "registration";
    script.list();
}
