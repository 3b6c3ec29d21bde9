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
    /// A request that the server itself refuses, with a page that shows where in its own code.
    /// Only status and type of the answer count.
    Refused(HttpRequest),
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
    /// Puts a program down for the next poll, and waits for that poll.
    Poll(HttpRequest),
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

    fn http(&mut self, name: impl std::fmt::Display, request: HttpRequest) {
        self.http_on(PROBE, name, request);
    }

    fn http_on(&mut self, plugin: &str, name: impl std::fmt::Display, request: HttpRequest) {
        self.add(name, What::Http { plugin: plugin.to_owned(), request });
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

    fn poll(&mut self, name: impl std::fmt::Display, program: &Value) {
        let request = json_request("POST", "/do", &json!([["arm", "poll", program]]));
        self.add(name, What::Poll(request));
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
    registration(&mut script);
    starts_with_the_server(&mut script);
    first_enable(&mut script);
    imports(&mut script);
    lengths(&mut script);
    configuration(&mut script);
    deltas_out(&mut script);
    notifications(&mut script);
    deltas_in(&mut script);
    polls(&mut script);
    http(&mut script);
    answers(&mut script);
    puts(&mut script);
    resources(&mut script);
    weather(&mut script);
    radar(&mut script, version);
    udp(&mut script, peers);
    tcp(&mut script, peers);
    files(&mut script);
    traps(&mut script);
    stop(&mut script);
    script.events
}

fn registration(script: &mut Script) {
    script.chapter = "registration";
    script.list();
    for variant in ["loaded", "zero", "negative", "long", "outside-endpoints"] {
        let plugin = format!("{PROBE}-{variant}");
        let said = json!([["call", "sk_debug", "not started"], ["variable", "PLUGIN_ID"]]);
        script.run_on(&plugin, format!("a request to {variant}"), &said);
        script.http_on(&plugin, format!("the page of {variant}"), get("/"));
    }
}

fn starts_with_the_server(script: &mut Script) {
    script.chapter = "enabled when the server starts";
    let [sound, failed] = ["at-start", "fails"].map(|variant| format!("{PROBE}-{variant}"));
    let start = |program: Value| json!({ "start": program });
    let says = json!(["call", "sk_debug", "started again"]);
    script.save(&sound, "disable", &json!({ "enabled": false, "configuration": {} }));
    script.save(&sound, "disable once more", &json!({ "enabled": false, "configuration": {} }));
    script.run_on(&sound, "a request after disable", &json!([["call", "sk_debug", "disabled"]]));
    let good = start(json!([says]));
    let bad = start(json!([says, ["return", -1]]));
    script.save(
        &failed,
        "a sound configuration does not start what failed",
        &json!({ "enabled": true, "configuration": good }),
    );
    script.run_on(
        &failed,
        "a request after a failed start",
        &json!([["call", "sk_debug", "failed"]]),
    );
    script.save(&failed, "disable what failed", &json!({ "enabled": false, "configuration": bad }));
    script.save(&failed, "enable, and fail", &json!({ "enabled": true, "configuration": bad }));
    script.save(&failed, "disable again", &json!({ "enabled": false }));
    let traps = start(json!([says, ["trap"]]));
    script.save(&failed, "enable, and trap", &json!({ "enabled": true, "configuration": traps }));
    script.save(&failed, "disable once more", &json!({ "enabled": false }));
    script.save(&failed, "enable, and start", &json!({ "enabled": true, "configuration": good }));
    script.save(&failed, "disable what runs", &json!({ "enabled": false, "configuration": good }));
    script.http_on(&failed, "the configuration", get("/config"));
    script.list();
}

fn first_enable(script: &mut Script) {
    script.chapter = "first enable";
    script.http("the page before", get("/"));
    script.http("the configuration before", get("/config"));
    script.run("a request before", json!([["call", "sk_debug", "too early"]]));
    let program = json!([
        ["call", "sk_debug", "starting"],
        ["call", "sk_set_status", "Starting: é"],
        ["call", "sk_register_put_handler", "vessels.self", "probe.value"],
        ["call", "sk_register_put_handler", "vessels.self", "probe.bank-1.0.state"],
        ["call", "sk_register_put_handler", "vessels.self", "probe.missing"],
        ["call", "sk_register_resource_provider", RESOURCES],
        ["call", "sk_register_weather_provider", "Probe weather"],
        ["call", "sk_radar_emit_spokes", "front", { "bytes": "00ff" }],
        ["call", "sk_register_radar_provider", "Probe radar"],
        ["call", "sk_radar_emit_spokes", "front", { "bytes": "00ff" }],
        ["call", "sk_handle_message", r#"{"updates":[{"values":[{"path":"probe.a","value":1}]}]}"#, 1],
        ["call", "sk_read_config", { "buffer": 4096 }],
        ["arm", "plugin_stop", [["call", "sk_debug", "stopping"], ["return", 3]]],
        ["report"]
    ]);
    let configuration = json!({ "start": program, "text": "é", "number": 1.5, "10": 1, "9": 2 });
    let body = json!({ "enabled": true, "configuration": configuration });
    script.save(PROBE, "enable", &body);
    script.list();
    script.http("the configuration after", get("/config"));
    script.save(PROBE, "save, which stops and starts", &body);
    let debug = json!({ "enabled": true, "enableDebug": true, "configuration": { "other": [1] } });
    script.save(PROBE, "save with debug", &debug);
    script.save(PROBE, "save without a configuration", &json!({ "enabled": true }));
    script.save(PROBE, "save null", &json!({ "configuration": null }));
    for odd in [json!("abc"), json!([1, { "a": null }]), json!(7), json!(true)] {
        script.save(PROBE, "save what is no object", &json!({ "configuration": odd }));
    }
    script.save(
        PROBE,
        "save with odd flags",
        &json!({ "enabled": "yes", "enableDebug": 0, "configuration": {} }),
    );
    script.save(PROBE, "save a list", &json!([]));
    script.http("the configuration at the end", get("/config"));
}

fn imports(script: &mut Script) {
    script.chapter = "imports";
    for import in ["sk_debug", "sk_set_status", "sk_set_error"] {
        script.call(json!([import, "text: é"]));
        script.call(json!([import, ""]));
        script.call(json!([import, { "bytes": "ff00fe" }]));
    }
    for path in ["navigation.position", "probe.a", ""] {
        script.call(json!(["sk_get_self_path", path, { "buffer": 4096 }]));
    }
    for name in ["network", "rawSockets", "putHandlers", ""] {
        script.call(json!(["sk_has_capability", name]));
    }
    for kind in ["resource", "weather", "radar"] {
        script.call(json!([format!("sk_register_{kind}_provider"), ""]));
        script.call(json!([format!("sk_register_{kind}_provider"), "late"]));
    }
    // What was registered by an empty name is not what the rest of the script is about.
    script.call(json!(["sk_register_weather_provider", "Probe weather"]));
    script.call(json!(["sk_register_radar_provider", "Probe radar"]));
    script.call(json!(["sk_radar_emit_spokes", "front", { "bytes": "00ff" }]));
    script.save(PROBE, "restart", &json!({ "configuration": {} }));
    script.call(json!(["sk_radar_emit_spokes", "front", { "bytes": "00ff" }]));
    script.call(json!(["sk_radar_emit_spokes", "", { "bytes": "" }]));
    for stream in [
        "radars/front_1-a",
        "radars/a b",
        "radars/",
        "plugins/signalk-test-probe/scan",
        "plugins/signalk-test-probe/",
        "plugins/signalk-test-probe",
        "plugins/other/scan",
        "",
        "radars/a\n",
    ] {
        script.call(json!(["sk_emit_binary_stream", stream, { "bytes": "0001" }]));
    }
    script.call(json!(["sk_emit_binary_stream", "radars/a", ""]));
    for (context, path) in [
        ("vessels.self", "probe.late"),
        ("vessels.self", "probe.late"),
        ("", ""),
        ("vessels.urn:mrn:imo:mmsi:200000000", "probe.other"),
    ] {
        script.call(json!(["sk_register_put_handler", context, path]));
    }
}

/// Every import that takes texts or buffers, with lengths and pointers that are none.
fn lengths(script: &mut Script) {
    script.chapter = "lengths";
    // Behind the end of the memory, and far below 0.
    let wrong = |len: i64| json!({ "text": "text", "len": len });
    let outside = [json!([-1, 4]), json!([2_000_000_000, 4]), json!([0, 0])];
    let pair = |value: &Value| match value {
        Value::Array(pair) => pair.clone(),
        other => vec![other.clone()],
    };
    let mut bad: Vec<Value> = [0, -1, i64::from(i32::MIN), i64::from(i32::MAX)].map(wrong).to_vec();
    bad.extend(outside);
    let one = [
        "sk_debug",
        "sk_set_status",
        "sk_set_error",
        "sk_handle_message",
        "sk_save_config",
        "sk_has_capability",
        "sk_register_resource_provider",
        "sk_register_weather_provider",
        "sk_register_radar_provider",
    ];
    for import in one {
        let calls = bad.iter().map(|text| {
            let mut call = vec![json!("call"), json!(import)];
            call.extend(pair(text));
            Value::Array(call)
        });
        script.run(import, calls.collect());
    }
    let two = [
        ("sk_publish_notification", "notifications.probe", r#"{"state":"normal"}"#),
        ("sk_register_put_handler", "vessels.self", "probe.length"),
        ("sk_emit_binary_stream", "radars/a", "data"),
        ("sk_radar_emit_spokes", "front", "data"),
    ];
    for (import, first, second) in two {
        let calls = bad.iter().flat_map(|text| {
            let mut left = vec![json!("call"), json!(import)];
            left.extend(pair(text));
            left.push(json!(second));
            let mut right = vec![json!("call"), json!(import), json!(first)];
            right.extend(pair(text));
            [Value::Array(left), Value::Array(right)]
        });
        script.run(import, calls.collect());
    }
    for max in [0, 1, -1, i64::from(i32::MIN), i64::from(i32::MAX)] {
        script.call(json!(["sk_read_config", { "buffer": 4096, "max": max }]));
        script.call(json!(["sk_get_self_path", "probe.a", { "buffer": 4096, "max": max }]));
    }
    script.call(json!(["sk_read_config", -1, 4096]));
    script.call(json!(["sk_read_config", 2_000_000_000, 4096]));
    script.call(json!(["sk_read_config", 0, 0]));
    script.save(PROBE, "restart", &json!({ "configuration": {} }));
}

fn configuration(script: &mut Script) {
    script.chapter = "configuration";
    let read = json!(["call", "sk_read_config", { "buffer": 4096 }]);
    for saved in [
        r#"{"a":{"b":[1.0,-0,1e21,1e-7,0.000001,"\u00e9\u0001"]},"10":1,"9":2}"#,
        "[]",
        "[1,{\"a\":null}]",
        "null",
        "false",
        "0",
        "\"\"",
        "\"text\"",
        "5",
        "{",
        "",
        "{\"a\":1}x",
        "{\"a\":1,\"a\":2}",
        " {\n\"b\" : 1 }",
    ] {
        script.run(format!("save {saved:?}"), json!([["call", "sk_save_config", saved], read]));
    }
    script.http("the page after", get("/config"));
    let at_stop = json!([["call", "sk_save_config", r#"{"saved":"in stop"}"#], read]);
    script.run("to be saved at the stop", json!([["arm", "plugin_stop", at_stop]]));
    let in_start = json!([read, ["call", "sk_save_config", r#"{"saved":"in start"}"#], read]);
    script.save(
        PROBE,
        "save, and be overwritten",
        &json!({ "configuration": { "start": in_start } }),
    );
    script.http("the page at the end", get("/config"));
    script.save(PROBE, "restart", &json!({ "configuration": {} }));
}

fn deltas_out(script: &mut Script) {
    script.chapter = "deltas out";
    let own = "vessels.self";
    let other = "vessels.urn:mrn:imo:mmsi:211000000";
    let value = |value: Value| json!({ "updates": [{ "values": [{ "path": "probe.a", "value": value }] }] });
    let mut all = vec![
        value(json!(1)),
        value(json!(null)),
        value(json!({ "a": [1, { "b": null }] })),
        value(json!("é\u{1}\"\\")),
        json!({ "updates": [] }),
        json!({ "updates": [{}] }),
        json!({ "updates": [{ "values": [] }] }),
        json!({ "updates": [{ "values": [] }, { "values": [{ "path": "probe.b", "value": 2 }] }] }),
        json!({ "updates": [{ "meta": [{ "path": "probe.a", "value": { "units": "m" } }] }] }),
        json!({ "updates": [{ "meta": [] }] }),
        json!({ "updates": [{ "values": [], "meta": [{ "path": "probe.a", "value": {} }] }] }),
        json!({ "updates": [null] }),
        json!({ "updates": [1] }),
        json!({ "updates": ["a"] }),
        json!({ "updates": [[]] }),
        json!({ "updates": {} }),
        json!({ "updates": "a" }),
        json!({ "updates": null }),
        json!({}),
        json!([]),
        json!(null),
        json!(7),
        json!("text"),
        json!(true),
        json!({ "updates": [{ "values": {} }] }),
        json!({ "updates": [{ "values": null }] }),
        json!({ "updates": [{ "values": "a" }] }),
        json!({ "updates": [{ "values": 0 }] }),
        json!({ "updates": [{ "values": [null] }] }),
        json!({ "updates": [{ "values": [7] }] }),
        json!({ "updates": [{ "values": [{ "value": 1 }] }] }),
        json!({ "updates": [{ "values": [{ "path": "probe.a" }] }] }),
        json!({ "updates": [{ "values": [{ "path": 1, "value": 1 }] }] }),
        json!({ "updates": [{ "values": [{ "path": "probe.a", "value": 1 }, null] }] }),
        json!({ "updates": [{ "values": [{ "path": "probe.a", "value": 1 }] }, { "values": [null] }] }),
        json!({ "updates": [{ "values": [{ "path": "probe.a", "value": 1, "more": true }], "more": 1 }], "more": 2 }),
        json!({ "updates": [{ "meta": {}, "values": [{ "path": "probe.a", "value": 1 }] }] }),
        json!({ "updates": [{ "meta": [null] }] }),
        json!({ "updates": [{ "meta": "a" }] }),
        json!({ "updates": [{ "values": [{ "path": "", "value": { "name": "Boat", "mmsi": "211000000" } }] }] }),
        json!({ "updates": [{ "values": [{ "path": "", "value": { "name": "Boat", "other": 1 } }] }] }),
        json!({ "updates": [{ "values": [{ "path": "", "value": { "communication": { "callsignVhf": "A" } } }] }] }),
        json!({ "updates": [{ "values": [{ "path": "", "value": { "communication": { "callsignVhf": "A", "b": 1 } } }] }] }),
        json!({ "updates": [{ "values": [{ "path": "", "value": "text" }] }] }),
        json!({ "updates": [{ "values": [{ "path": "", "value": null }] }] }),
        json!({ "updates": [{ "values": [{ "path": "design.length", "value": { "overall": 1 } }] }] }),
        json!({ "updates": [{ "values": [{ "path": "name", "value": "Boat" }, { "path": "probe.a", "value": 1 }] }] }),
        json!({ "updates": [{ "values": [{ "path": "name", "value": "Boat" }], "meta": [{ "path": "probe.a", "value": {} }] }] }),
        json!({ "updates": [{ "$source": "defaults", "values": [{ "path": "name", "value": "Boat" }] }] }),
        json!({ "updates": [{ "values": [{ "path": "" }] }] }),
        json!({ "updates": [{ "$source": "defaults", "values": [{ "path": "", "value": null }] }] }),
        json!({ "context": other, "updates": [{ "values": [{ "path": "", "value": null }] }] }),
        json!({ "context": other, "updates": [{ "values": [{ "path": "", "value": { "name": "Boat" } }] }] }),
    ];
    for context in [
        json!(own),
        json!(other),
        json!(""),
        json!(null),
        json!(7),
        json!("vessels"),
        json!("atons.urn:mrn:a"),
        json!(true),
        json!({}),
        json!(["a"]),
    ] {
        all.push(json!({ "context": context, "updates": [{ "meta": [{ "path": "probe.a", "value": { "units": "m" } }] }] }));
        all.push(json!({ "context": context, "updates": [{ "values": [{ "path": "notifications.probe.context", "value": { "state": "alert" } }] }] }));
        all.push(json!({ "context": context, "updates": [{ "values": [{ "path": "probe.a", "value": 1 }] }] }));
        all.push(json!({ "context": context, "updates": [{ "values": [] }] }));
    }
    for extra in [
        json!({ "$source": "mine" }),
        json!({ "$source": "" }),
        json!({ "$source": null }),
        json!({ "$source": 7 }),
        json!({ "timestamp": "2020-02-03T04:05:06.007Z" }),
        json!({ "timestamp": "yesterday" }),
        json!({ "timestamp": "" }),
        json!({ "timestamp": null }),
        json!({ "timestamp": 7 }),
        json!({ "source": {} }),
        json!({ "source": { "label": "mine" } }),
        json!({ "source": { "label": "a b" } }),
        json!({ "source": { "label": "" } }),
        json!({ "source": { "label": 7 } }),
        json!({ "source": { "label": "mine", "type": "NMEA2000", "src": "12", "pgn": 129_025 } }),
        json!({ "source": { "label": "mine", "type": "NMEA2000", "src": "12", "instance": "3" } }),
        json!({ "source": { "label": "mine", "type": "NMEA2000", "src": "12", "canName": "c0ffee" } }),
        json!({ "source": { "type": "NMEA0183", "talker": "GP", "sentence": "RMC" } }),
        json!({ "source": { "type": "plugin", "label": "mine" } }),
        json!({ "source": { "pgn": 127_250 } }),
        json!({ "source": { "talker": "GP" }, "$source": "mine" }),
        json!({ "source": "text" }),
        json!({ "source": null }),
        json!({ "source": { "src": 0 } }),
        json!({ "source": { "src": 12 } }),
        json!({ "source": [] }),
    ] {
        let mut update = json!({ "values": [{ "path": "probe.a", "value": 1 }] });
        update.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        all.push(json!({ "updates": [update] }));
    }
    for delta in &all {
        let text = delta.to_string();
        script.run(&text, json!([["call", "sk_handle_message", text, 1]]));
    }
    for text in [
        "",
        "{",
        "{\"updates\":[{\"values\":[{\"path\":\"probe.a\",\"value\":[5.0,-0.0,1e20,1e21,1e-6,1e-7,0.1,123456789012345678901234567890,1.7976931348623157e308,5e-324,9007199254740993,-1.5e-9,1e400]}]}]}",
        "{\"updates\":[{\"values\":[{\"path\":\"probe.a\",\"value\":{\"b\":1,\"10\":1,\"9\":2,\"b\":3,\"01\":4,\"-1\":5}}]}]}",
        "\u{feff}{\"updates\":[{\"values\":[{\"path\":\"probe.bom\",\"value\":1}]}]}",
        "{\"updates\":[{\"values\":[{\"path\":\"probe.a\",\"value\":\"\\u2028\\u007f\\u00e9\\/\\ud83d\\ude00\"}]}]}",
    ] {
        script.run(format!("the text {text:?}"), json!([["call", "sk_handle_message", text, 1]]));
    }
    script.run("invalid UTF-8", json!([["call", "sk_handle_message",
        { "bytes": "7b2275706461746573223a5b7b2276616c756573223a5b7b2270617468223a2270726f62652e62222c2276616c7565223a22ff227d5d7d5d7d" }, 1]]));
    let sound = value(json!(1)).to_string();
    for version in [0, 1, 2, 3, -1] {
        script.run(
            format!("version {version}"),
            json!([["call", "sk_handle_message", sound, version]]),
        );
    }
    script.run(
        "version 2 is not in the data model",
        json!([[
            "call",
            "sk_handle_message",
            r#"{"updates":[{"values":[{"path":"probe.v2","value":1}]}]}"#,
            2
        ]]),
    );
    script.add("probe.v2", What::Value("probe.v2"));
    script.add("probe.a", What::Value("probe.a"));
    // One delta is answered from inside of the other.
    let echo = r#"{"updates":[{"values":[{"path":"probe.echo","value":1}]}]}"#;
    script.run(
        "a delta in a delta",
        json!([
            [
                "arm",
                "delta_handler",
                [
                    ["call", "sk_debug", "outer"],
                    ["call", "sk_handle_message", echo, 1],
                    ["call", "sk_debug", "outer is done"]
                ]
            ],
            ["arm", "delta_handler", [["call", "sk_debug", "inner"]]],
            ["call", "sk_handle_message", sound, 1],
        ]),
    );
    script.run(
        "a delta in a delta traps",
        json!([
            [
                "arm",
                "delta_handler",
                [["call", "sk_handle_message", echo, 1], ["call", "sk_debug", "goes on"]]
            ],
            ["arm", "delta_handler", [["trap"]]],
            ["call", "sk_handle_message", sound, 1],
            ["call", "sk_debug", "goes on, too"],
        ]),
    );
}

fn notifications(script: &mut Script) {
    script.chapter = "notifications";
    for value in [
        r#"{"state":"alarm","method":["visual","sound"],"message":"é"}"#,
        r#"{"state":"alarm","method":["visual"],"message":"again"}"#,
        r#"{"state":"normal","method":[],"message":""}"#,
        r#"{"state":"normal"}"#,
        r#"{"state":"alert"}"#,
        r#"{"state":"warn"}"#,
        r#"{"state":"emergency","more":1}"#,
        r#"{"state":"nominal"}"#,
        r#"{"state":"Alarm"}"#,
        r#"{"state":""}"#,
        r#"{"state":null}"#,
        r#"{"state":["alarm"]}"#,
        r#"{}"#,
        "null",
        "7",
        "\"alarm\"",
        "[]",
        "{",
        "",
    ] {
        script.call(json!(["sk_publish_notification", "notifications.probe", value]));
    }
    for path in [
        "probe.no.notification",
        "notifications",
        "notificationsprobe",
        "",
        "notifications.other.deeper",
    ] {
        script.call(json!([
            "sk_publish_notification",
            path,
            r#"{"state":"alarm","message":"m","method":["sound"]}"#
        ]));
    }
    let value = |value: Value| json!({ "path": "notifications.probe.delta", "value": value });
    let deltas = [
        json!({ "updates": [{ "values": [value(json!(null))] }] }),
        json!({ "updates": [{ "values": [value(json!({ "state": "alarm", "method": ["sound"], "message": "m" }))] }] }),
        json!({ "updates": [{ "values": [value(json!(null))] }] }),
        json!({ "updates": [{ "values": [value(json!({ "state": "nominal", "method": ["sound"], "message": "m" }))] }] }),
        json!({ "updates": [{ "values": [value(json!("text"))] }] }),
        json!({ "updates": [{ "values": [value(json!(7))] }] }),
        json!({ "updates": [{ "values": [value(json!({}))] }] }),
        json!({ "updates": [{ "values": [value(json!({ "state": "warn", "id": "mine", "status": { "silenced": true } }))] }] }),
        json!({ "updates": [{ "values": [{ "path": "probe.a", "value": 1 }, value(json!({ "state": "warn" })), { "path": "probe.b", "value": 2 }] }] }),
        json!({ "updates": [{ "values": [value(json!({ "state": "alert" })), { "path": "notifications.probe.two", "value": { "state": "warn" } }] }] }),
        json!({ "updates": [{ "$source": "other", "timestamp": "2020-02-03T04:05:06.007Z", "values": [value(json!({ "state": "alert" }))] }] }),
        json!({ "context": "vessels.urn:mrn:imo:mmsi:211000000", "updates": [{ "values": [value(json!({ "state": "alert" }))] }] }),
        json!({ "updates": [{ "values": [value(json!({ "state": "alarm", "method": ["sound", "visual"], "acknowledgeStatus": "Yes" }))] }] }),
        json!({ "updates": [{ "values": [value(json!({ "state": "alarm", "method": ["sound"] }))] }] }),
        json!({ "updates": [{ "values": [value(json!({ "state": "emergency", "method": ["sound"], "acknowledgeStatus": "No" }))] }] }),
        json!({ "updates": [{ "values": [value(json!({ "state": "normal", "method": [] }))] }] }),
        json!({ "updates": [{ "values": [value(json!({ "state": "alarm", "method": ["sound", "visual"] }))] }] }),
        json!({ "updates": [{ "values": [value(json!({ "state": "alarm", "method": ["sound", "visual"], "temporarySilenceStatus": "Yes" }))] }] }),
        json!({ "updates": [{ "values": [value(json!({ "state": "warn" }))] }] }),
        json!({ "updates": [{ "values": [value(json!({ "state": "warn", "method": "sound" }))] }] }),
        json!({ "updates": [{ "values": [value(json!({ "state": "alarm", "method": [], "temporarySilenceSupport": "No", "acknowledgeSupport": "No" }))] }] }),
        json!({ "updates": [{ "values": [value(json!({ "state": "normal", "method": [], "temporarySilenceSupport": "Yes", "acknowledgeSupport": 1 }))] }] }),
        json!({ "updates": [{ "values": [value(json!("text")), { "path": "notifications.probe.behind", "value": { "state": "alert" } }, { "path": "probe.a", "value": 1 }] }] }),
        json!({ "updates": [{ "values": [{ "path": "notifications.probe.before", "value": { "state": "alert" } }, value(json!("text"))] }] }),
        json!({ "updates": [{ "values": [value(json!([]))] }] }),
        json!({ "updates": [{ "values": [value(json!(true))] }] }),
        json!({ "updates": [{ "values": [value(json!(false))] }] }),
        json!({ "updates": [{ "values": [value(json!({ "state": "alert" }))] }] }),
        json!({ "updates": [{ "values": [value(json!(null))] }] }),
        json!({ "updates": [{ "notificationId": "mine", "values": [value(json!({ "state": "alert" }))] }] }),
        json!({ "updates": [{ "meta": [{ "path": "notifications.probe.delta", "value": { "units": "m" } }], "values": [value(json!({ "state": "alert" }))] }] }),
    ];
    for delta in deltas {
        let text = delta.to_string();
        script.run(&text, json!([["call", "sk_handle_message", text, 1]]));
    }
    script.add("the value", What::Value("notifications.probe"));
}

fn deltas_in(script: &mut Script) {
    script.chapter = "deltas in";
    let program = |program: Value| json!({ "updates": [{ "values": [{ "path": "probe.do", "value": program }] }] });
    let deltas = [
        json!({ "updates": [{ "values": [{ "path": "navigation.position", "value": { "latitude": 60.1, "longitude": -24.9 } }] }] }),
        json!({ "context": "vessels.self", "updates": [{ "source": { "label": "mine", "type": "NMEA0183", "talker": "GP" }, "values": [{ "path": "probe.a", "value": 1 }] }] }),
        json!({ "context": "vessels.urn:mrn:imo:mmsi:211000000", "updates": [{ "values": [{ "path": "navigation.speedOverGround", "value": null }] }] }),
        json!({ "updates": [{ "values": [] }] }),
        json!({ "updates": [{ "values": [null] }] }),
        json!({ "updates": [{ "values": [{ "path": "notifications.outside", "value": { "state": "alarm", "message": "m", "method": [] } }] }] }),
        program(json!([["call", "sk_debug", "told by a delta"]])),
        program(json!([["call", "sk_set_status", "told by a delta"], ["trap"]])),
        program(json!([["call", "sk_debug", "after the trap"]])),
        program(json!([["grow", 16], ["call", "sk_debug", "grown"]])),
    ];
    for delta in deltas {
        let text = delta.to_string();
        script.add(&text, What::Delta(text.clone()));
    }
    let long = "x".repeat(60_000);
    let long = json!({ "updates": [{ "values": [{ "path": "probe.long", "value": long }] }] });
    script.add("a long one", What::Delta(long.to_string()));
}

fn polls(script: &mut Script) {
    script.chapter = "polls";
    for (name, program) in [
        (
            "calls",
            json!([
                ["call", "sk_debug", "polled"],
                ["call", "sk_handle_message", r#"{"updates":[{"values":[]}]}"#, 1]
            ]),
        ),
        ("returns 7", json!([["return", 7]])),
        ("traps", json!([["call", "sk_debug", "polled"], ["trap"]])),
        ("reads outside", json!([["outside"]])),
    ] {
        script.poll(name, &program);
    }
    script.list();
}

fn http(script: &mut Script) {
    script.chapter = "HTTP";
    for (method, target) in [
        ("GET", "/do"),
        ("PUT", "/do"),
        ("DELETE", "/do"),
        ("POST", "/do"),
        ("HEAD", "/do"),
        ("PATCH", "/do"),
        ("OPTIONS", "/do"),
        ("GET", "/DO"),
        ("GET", "/do/"),
        ("GET", "/do//"),
        ("GET", "/missing"),
        ("GET", "/nowhere"),
        ("GET", "/item/1"),
        ("GET", "/item/a%20b%2Fc/d?x=1"),
        ("GET", "/item/"),
        ("GET", "/item/a/b/c"),
        ("GET", "/do?a=1&a=2&b=&c&d[]=1&e[f]=2&e[g][h]=3&%C3%A9=%20+x&k.l=1"),
        ("GET", "/do?a[0]=x&a[2]=y&a[1]=z"),
        ("GET", "/do?a=1&a[b]=2"),
        ("GET", "/do?%"),
        ("GET", "/do?__proto__=1&toString=2"),
        ("GET", "/do?=1&&x"),
        ("GET", "/do?a[b][c][d][e][f][g][h]=1"),
    ] {
        script.http(format!("{method} {target}"), request(method, target, b"", ""));
    }
    for (media_type, body) in [
        ("application/json", r#"{"a":1.0,"b":"é"}"#),
        ("application/json", "[]"),
        ("application/json; charset=utf-8", r#"{"a":1}"#),
        ("Application/JSON", r#"{"a":1}"#),
        ("application/vnd.api+json", r#"{"a":1}"#),
        ("text/plain", r#"{"a":1}"#),
        ("", r#"{"a":1}"#),
        ("application/x-www-form-urlencoded", "a=1&b=x+y&a=2"),
        ("application/x-www-form-urlencoded", "a[b]=1"),
        ("application/json", "{\"a\":1,\"a\":2,\"10\":1,\"9\":2,\"e\":1e21}"),
    ] {
        script.http(
            format!("{media_type} {body:?}"),
            request("POST", "/do", body.as_bytes(), media_type),
        );
    }
    script.add("refused: /item/%ff", What::Refused(get("/item/%ff")));
    for body in ["7", "\"a\"", "null", "{", " "] {
        let request = request("POST", "/do", body.as_bytes(), "application/json");
        script.add(format!("refused: {body:?}"), What::Refused(request));
    }
    let mut repeated = get("/do");
    repeated.headers.extend(
        [
            ("Accept", "a"),
            ("Accept", "b"),
            ("X-Many", "1"),
            ("x-many", "2"),
            ("Cookie", "a=1"),
            ("Cookie", "b=2"),
            ("User-Agent", "one"),
            ("User-Agent", "two"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    script.http("repeated headers", repeated);
    let mut long = get("/do");
    long.target = format!("/do?long={}", "x".repeat(8000));
    script.http("a long query", long);
}

fn answers(script: &mut Script) {
    script.chapter = "HTTP answers";
    let programs = [
        json!(["return", 0]),
        json!(["return", -1]),
        json!(["return", -2_147_483_648_i64]),
        json!(["return", i32::MAX]),
        json!(["return", 200_000]),
        json!(["fill", 70_000]),
        json!(["fill", 65_536]),
        json!(["return", 70_000]),
        json!(["trap"]),
        json!(["outside"]),
        json!(["panic"]),
    ];
    for program in programs {
        script.run(&program, json!([program]));
    }
    let long = json!({ "statusCode": 200, "body": { "long": "x".repeat(70_000) } });
    script.run("longer than the buffer", json!([["answer", long]]));
    let headers = |name: &str, value: Value| json!({ "statusCode": 200, "headers": { name: value }, "body": "text" });
    for answer in [
        json!({}),
        json!({ "statusCode": 204 }),
        json!({ "statusCode": 404, "body": { "a": 1.0 } }),
        json!({ "body": "text" }),
        json!({ "body": "" }),
        json!({ "body": null }),
        json!({ "body": true }),
        json!({ "body": false }),
        json!({ "body": [1] }),
        json!({ "body": 42 }),
        json!({ "body": 404 }),
        json!({ "body": 1.5 }),
        json!({ "statusCode": 0 }),
        json!({ "statusCode": null, "body": "a" }),
        json!({ "statusCode": "201", "body": "a" }),
        json!({ "statusCode": 99 }),
        json!({ "statusCode": 1000 }),
        json!({ "statusCode": 200.5, "body": "a" }),
        json!({ "statusCode": "abc" }),
        json!({ "statusCode": true }),
        json!({ "statusCode": [] }),
        json!({ "statusCode": 304, "body": "a" }),
        json!({ "statusCode": 205, "body": "a" }),
        json!(null),
        json!(7),
        json!("text"),
        json!([]),
        json!(true),
        headers("Content-Type", json!("application/json")),
        headers("content-type", json!("application/json")),
        headers("Content-Type", json!("text/plain")),
        headers("Content-Type", json!("image/png")),
        headers("Content-Type", json!("text/plain; charset=latin1")),
        headers("Content-Type", json!(7)),
        headers("X-A", json!("a\nb")),
        headers("X A", json!("a")),
        headers("", json!("a")),
        headers("X-A", json!("é")),
        headers("X-A", json!("€")),
        headers("Content-Type", json!(null)),
        headers("Content-Type", json!(0)),
        headers("Content-Type", json!({})),
        headers("Content-Type", json!(["text/plain", "application/json"])),
        headers("content-type", json!(true)),
        headers("X-A", json!(null)),
        headers("X-A", json!(["a", "b"])),
        headers("X-A", json!({})),
        json!({ "headers": { "Content-Type": "application/json" }, "body": "{\"a\":1.0,\"b\":12345678901234567890}" }),
        json!({ "headers": { "Content-Type": "application/json" }, "body": "\"hi\"" }),
        json!({ "headers": { "Content-Type": "application/json" }, "body": "7" }),
        json!({ "headers": { "Content-Type": "application/json" }, "body": "404" }),
        json!({ "headers": { "Content-Type": "application/json" }, "body": "null" }),
        json!({ "headers": { "content-type": "application/json" }, "body": "{\"a\":1.0}" }),
        json!({ "headers": { "Content-Type": ["application/json"] }, "body": "{}" }),
        json!({ "headers": "text", "body": "a" }),
        json!({ "headers": [["X-A", "b"]], "body": "a" }),
        json!({ "headers": null, "body": "a" }),
        json!({ "headers": 7, "body": "a" }),
        json!({ "headers": { "Content-Length": "3" }, "body": "abcdef" }),
    ] {
        script.run(format!("answer {answer}"), json!([["answer", answer]]));
    }
    for text in [
        "text",
        "{\"statusCode\":200,\"body\":\"a\"} more",
        "{\"body\":",
        "{\"body\":\"a\",}",
        "\u{feff}{\"body\":\"a\"}",
        "[1,]",
        "nul",
        "'a'",
        "{'a':1}",
        "\"a",
        "\"\t\"",
        "\"\\x\"",
        "01",
        "-",
        "1.",
        "",
        "  ",
        "{\"a\" 1}",
        "é",
        "{\"body\":{\"a\":[1e21,1e-7,0.000001]}}",
    ] {
        script.run(format!("text {text:?}"), json!([["text", text]]));
    }
}

fn puts(script: &mut Script) {
    script.chapter = "PUT";
    let put = |script: &mut Script, path, value: Value| {
        script.add(format!("{path} {value}"), What::Put { path, value });
    };
    for value in [json!(1.0), json!("é"), json!(null), json!({ "a": [1e21] }), json!(true)] {
        put(script, "probe.value", value);
    }
    for program in [
        json!([["call", "sk_debug", "told by a PUT"]]),
        json!([["answer", { "state": "COMPLETED", "statusCode": 400, "message": "no" }]]),
        json!([["answer", { "state": "PENDING", "statusCode": 202 }]]),
        json!([["answer", { "state": "FAILURE" }]]),
        json!([["answer", { "state": "SUCCESS" }]]),
        json!([["answer", {}]]),
        json!([["answer", null]]),
        json!([["answer", 7]]),
        json!([["text", "not json"]]),
        json!([["return", 0]]),
        json!([["return", -1]]),
        json!([["return", i32::MAX]]),
        json!([["fill", 9000]]),
        json!([["trap"]]),
        json!([["answer", { "state": "COMPLETED", "statusCode": 200, "message": "x".repeat(9000) }]]),
        json!([[
            "call",
            "sk_handle_message",
            r#"{"updates":[{"values":[{"path":"probe.value","value":5}]}]}"#,
            1
        ]]),
    ] {
        put(script, "probe.value", program);
    }
    put(script, "probe.bank-1.0.state", json!([["call", "sk_debug", "with a dash"]]));
    for path in ["probe.missing", "probe.late", "probe.nowhere"] {
        put(script, path, json!(1));
    }
}

/// An answer that nothing asks for ends the call that was put down for it.
fn arm(script: &mut Script, export: &str, program: Value) {
    script.run(format!("to be answered by {export}: {program}"), json!([["arm", export, program]]));
}

/// What a provider may answer that it should not.
fn odd_answers() -> Vec<Value> {
    vec![
        json!([["return", 0]]),
        json!([["return", -1]]),
        json!([["return", i32::MAX]]),
        json!([["fill", 70_000]]),
        json!([["text", "not json"]]),
        json!([["trap"]]),
        json!([["answer", null]]),
        json!([["answer", 7]]),
    ]
}

fn resources(script: &mut Script) {
    script.chapter = "resources";
    let ask = |script: &mut Script, method, path, body, calls: Vec<ProviderCall>| {
        let question = Question { method, path, body, calls };
        script.add(format!("{method} {path}"), What::Ask(question));
    };
    let get = || vec![ProviderCall::GetResource("one", None)];
    ask(script, "GET", "/resources/probes", None, vec![ProviderCall::ListResources(json!({}))]);
    let query = json!({ "limit": 2, "name": "é" });
    ask(
        script,
        "GET",
        "/resources/probes?limit=2&name=%C3%A9",
        None,
        vec![ProviderCall::ListResources(query)],
    );
    arm(script, "resources_get_resource", json!([["answer", { "name": "one" }]]));
    ask(script, "GET", "/resources/probes/one", None, get());
    arm(script, "resources_get_resource", json!([["answer", { "value": 1 }]]));
    ask(
        script,
        "GET",
        "/resources/probes/one/some/property",
        None,
        vec![ProviderCall::GetResource("one", Some("some.property"))],
    );
    for program in odd_answers() {
        arm(script, "resources_get_resource", program.clone());
        ask(script, "GET", "/resources/probes/one", None, get());
        arm(script, "resources_list_resources", program);
        ask(script, "GET", "/resources/probes", None, vec![ProviderCall::ListResources(json!({}))]);
    }
    let value = json!({ "name": "é", "number": 1.5 });
    let told = |value: &Value| {
        ProviderCall::Delta(
            PROBE,
            json!({ "updates": [{ "values": [{ "path": "resources.probes.one", "value": value }] }] }),
        )
    };
    ask(
        script,
        "PUT",
        "/resources/probes/one",
        Some(value.clone()),
        vec![
            ProviderCall::GetResource("one", None),
            ProviderCall::SetResource("one", value.clone()),
            told(&value),
        ],
    );
    ask(
        script,
        "DELETE",
        "/resources/probes/one",
        None,
        vec![
            ProviderCall::GetResource("one", None),
            ProviderCall::DeleteResource("one"),
            told(&Value::Null),
        ],
    );
}

fn weather(script: &mut Script) {
    script.chapter = "weather";
    let position = json!({ "latitude": 60.1, "longitude": -24.9 });
    let none = json!({ "custom": {} });
    let ask = |script: &mut Script, path, calls: Vec<ProviderCall>| {
        let question = Question { method: "GET", path, body: None, calls };
        script.add(path, What::Ask(question));
    };
    let observe = || vec![ProviderCall::Observations(position.clone(), none.clone())];
    ask(script, "/weather/observations?lat=60.1&lon=-24.9", observe());
    ask(
        script,
        "/weather/observations?lat=60.1&lon=-24.9&count=2&date=2026-01-02&more=a",
        vec![ProviderCall::Observations(
            position.clone(),
            json!({ "custom": { "more": "a" }, "maxCount": 2, "startDate": "2026-01-02" }),
        )],
    );
    ask(
        script,
        "/weather/forecasts/daily?lat=60.1&lon=-24.9",
        vec![ProviderCall::Forecasts(position.clone(), "daily", none.clone())],
    );
    ask(
        script,
        "/weather/forecasts/point?lat=60.1&lon=-24.9",
        vec![ProviderCall::Forecasts(position.clone(), "point", none.clone())],
    );
    ask(
        script,
        "/weather/warnings?lat=60.1&lon=-24.9",
        vec![ProviderCall::Warnings(position.clone())],
    );
    for program in odd_answers() {
        arm(script, "weather_get_observations", program);
        ask(script, "/weather/observations?lat=60.1&lon=-24.9", observe());
    }
}

fn radar(script: &mut Script, version: ServerVersion) {
    script.chapter = "radar";
    const RADARS: &str = "/vessels/self/radars";
    let is_new = version >= ServerVersion::V2_32;
    let ask = |script: &mut Script,
               method,
               path: &'static str,
               body: Option<Value>,
               calls: Vec<ProviderCall>| {
        let question = Question { method, path, body, calls };
        script.add(format!("{method} {path}"), What::Ask(question));
    };
    let _ = RADARS;
    let list = || ProviderCall::Radar("radar_get_radars", Value::Null);
    let call = |handler, request| vec![list(), ProviderCall::Radar(handler, request)];
    let front = || json!({ "radarId": "front" });
    let control =
        |id: &str, value: Value| json!({ "radarId": "front", "controlId": id, "value": value });
    let of = |member: &str, value: Value| json!({ "radarId": "front", member: value });
    ask(script, "GET", "/vessels/self/radars", None, call("radar_get_radar_info", front()));
    ask(script, "GET", "/vessels/self/radars/front", None, call("radar_get_radar_info", front()));
    for (path, handler) in [
        ("/vessels/self/radars/front/capabilities", "radar_get_capabilities"),
        ("/vessels/self/radars/front/state", "radar_get_state"),
        ("/vessels/self/radars/front/controls", "radar_get_state"),
        ("/vessels/self/radars/front/targets", "radar_get_targets"),
        ("/vessels/self/radars/front/arpa/settings", "radar_get_arpa_settings"),
    ] {
        ask(script, "GET", path, None, call(handler, front()));
    }
    ask(
        script,
        "GET",
        "/vessels/self/radars/front/controls/gain",
        None,
        call("radar_get_control", json!({ "radarId": "front", "controlId": "gain" })),
    );
    ask(
        script,
        "PUT",
        "/vessels/self/radars/front/controls/gain",
        Some(json!({ "value": 5 })),
        call("radar_set_control", control("gain", json!(5))),
    );
    let auto = json!({ "auto": true, "value": 3 });
    for (path, id, handler, member, value) in [
        ("/vessels/self/radars/front/power", "power", "radar_set_power", "state", json!("standby")),
        ("/vessels/self/radars/front/range", "range", "radar_set_range", "range", json!(1500.5)),
        ("/vessels/self/radars/front/gain", "gain", "radar_set_gain", "gain", auto.clone()),
        ("/vessels/self/radars/front/sea", "sea", "radar_set_sea", "sea", auto.clone()),
        ("/vessels/self/radars/front/rain", "rain", "radar_set_rain", "rain", auto),
    ] {
        let calls = if is_new {
            call("radar_set_control", control(id, value.clone()))
        } else {
            call(handler, of(member, value.clone()))
        };
        ask(script, "PUT", path, Some(json!({ "value": value })), calls);
    }
    let controls = json!({ "gain": 5 });
    ask(
        script,
        "PUT",
        "/vessels/self/radars/front",
        Some(controls.clone()),
        call("radar_set_controls", of("controls", controls)),
    );
    let bearing = if is_new { 1.5 } else { 90.0 };
    let target = json!({ "bearing": bearing, "distance": 100.0 });
    ask(
        script,
        "POST",
        "/vessels/self/radars/front/targets",
        Some(target),
        call(
            "radar_acquire_target",
            json!({ "radarId": "front", "bearing": bearing, "distance": 100.0 }),
        ),
    );
    ask(
        script,
        "DELETE",
        "/vessels/self/radars/front/targets/7",
        None,
        call("radar_cancel_target", of("targetId", json!(7))),
    );
    let settings = json!({ "enabled": true });
    ask(
        script,
        "PUT",
        "/vessels/self/radars/front/arpa/settings",
        Some(settings.clone()),
        call("radar_set_arpa_settings", of("settings", settings)),
    );
    for program in odd_answers() {
        arm(script, "radar_get_state", program);
        ask(
            script,
            "GET",
            "/vessels/self/radars/front/state",
            None,
            call("radar_get_state", front()),
        );
    }
    for program in [
        json!([["trap"]]),
        json!([["return", -1]]),
        json!([["text", "not json"]]),
        json!([["answer", []]]),
    ] {
        arm(script, "radar_get_radars", program);
        ask(script, "GET", "/vessels/self/radars/front/state", None, vec![list()]);
    }
}

fn udp(script: &mut Script, peers: &Peers) {
    script.chapter = "UDP";
    let (peer, own) = (peers.udp_port(), peers.free_udp_port);
    let receive = json!(["sk_udp_recv", 1, { "buffer": 2048 }, { "room": 64 }, { "room": 2 }]);
    script.call(json!(["sk_udp_create", 0]));
    for call in [
        json!(["sk_udp_set_broadcast", 1, 1]),
        json!(["sk_udp_set_multicast_ttl", 1, 4]),
        json!(["sk_udp_set_multicast_ttl", 1, 1000]),
        json!(["sk_udp_set_multicast_loopback", 1, 0]),
        json!(["sk_udp_join_multicast", 1, "239.1.2.3", "127.0.0.1"]),
        json!(["sk_udp_join_multicast", 1, "nonsense", ""]),
        json!(["sk_udp_leave_multicast", 1, "239.9.9.9", ""]),
        json!(["sk_udp_pending", 1]),
        receive.clone(),
        json!(["sk_udp_bind", 1, own]),
        json!(["sk_udp_send", 1, "127.0.0.1", peer, "first"]),
    ] {
        script.call(call);
    }
    script.peer(PeerEvent::UdpReceive);
    // It has been bound by now.
    for call in [
        json!(["sk_udp_bind", 1, own]),
        json!(["sk_udp_set_broadcast", 1, 0]),
        json!(["sk_udp_set_broadcast", 1, 7]),
        json!(["sk_udp_set_multicast_ttl", 1, 0]),
        json!(["sk_udp_set_multicast_ttl", 1, 255]),
        json!(["sk_udp_set_multicast_ttl", 1, 256]),
        json!(["sk_udp_set_multicast_ttl", 1, -1]),
        json!(["sk_udp_set_multicast_loopback", 1, 1]),
        json!(["sk_udp_join_multicast", 1, "239.1.2.4", "127.0.0.1"]),
        json!(["sk_udp_join_multicast", 1, "239.1.2.4", "127.0.0.1"]),
        json!(["sk_udp_leave_multicast", 1, "239.1.2.4", "127.0.0.1"]),
        json!(["sk_udp_leave_multicast", 1, "239.1.2.4", "127.0.0.1"]),
        json!(["sk_udp_join_multicast", 1, "127.0.0.1", ""]),
        json!(["sk_udp_join_multicast", 1, "", ""]),
        json!(["sk_udp_join_multicast", 1, "239.1.2.5", "nonsense"]),
        json!(["sk_udp_leave_multicast", 1, "nonsense", ""]),
        json!(["sk_udp_join_multicast", 1, { "text": "239.1.2.3", "len": -1 }, ""]),
        json!(["sk_udp_join_multicast", 1, "239.1.2.6", { "text": "127.0.0.1", "len": -1 }]),
    ] {
        script.call(call);
    }
    for data in ["one", "two: é", "", "three and more"] {
        script.peer(PeerEvent::UdpSend(data.as_bytes().to_vec()));
    }
    script.until(json!(["sk_udp_pending", 1]), 4);
    script.call(receive.clone());
    script.call(
        json!(["sk_udp_recv", 1, { "buffer": 2048, "max": 3 }, { "room": 64 }, { "room": 2 }]),
    );
    script.call(receive.clone());
    script.call(
        json!(["sk_udp_recv", 1, { "buffer": 2048, "max": -5 }, { "room": 64 }, { "room": 2 }]),
    );
    script.call(receive.clone());
    for data in ["a", "bb", "ccc", "dddd"] {
        script.peer(PeerEvent::UdpSend(data.as_bytes().to_vec()));
    }
    script.until(json!(["sk_udp_pending", 1]), 4);
    script.call(
        json!(["sk_udp_recv", 1, { "buffer": 2048, "max": 0 }, { "room": 64 }, { "room": 2 }]),
    );
    script.call(json!(["sk_udp_recv", 1, -1, 2048, { "room": 64 }, { "room": 2 }]));
    script.call(json!(["sk_udp_recv", 1, { "buffer": 2048 }, -1, { "room": 2 }]));
    script.call(json!(["sk_udp_recv", 1, { "buffer": 2048 }, { "room": 64 }, -1]));
    script.call(json!(["sk_udp_pending", 1]));
    for call in [
        json!(["sk_udp_send", 1, "127.0.0.1", 0, "data"]),
        json!(["sk_udp_send", 1, "127.0.0.1", 70_000, "data"]),
        json!(["sk_udp_send", 1, "127.0.0.1", -1, "data"]),
        json!(["sk_udp_send", 1, "", peer, "to the empty address"]),
        json!(["sk_udp_send", 1, "127.0.0.1", peer, { "text": "data", "len": -1 }]),
        json!(["sk_udp_send", 1, { "text": "127.0.0.1", "len": -1 }, peer, "data"]),
        json!(["sk_udp_send", 1, "127.0.0.1", peer, ""]),
        json!(["sk_udp_send", 99, "127.0.0.1", peer, "data"]),
        json!(["sk_udp_send", 1, "127.0.0.1", peer, { "bytes": "ff00" }]),
    ] {
        script.call(call);
    }
    for _ in 0..3 {
        script.peer(PeerEvent::UdpReceive);
    }
    for call in [
        json!(["sk_udp_bind", 99, 0]),
        json!(["sk_udp_set_broadcast", 99, 1]),
        json!(["sk_udp_set_multicast_ttl", 99, 1]),
        json!(["sk_udp_set_multicast_loopback", 99, 1]),
        json!(["sk_udp_join_multicast", 99, "239.1.2.3", ""]),
        json!(["sk_udp_leave_multicast", 99, "239.1.2.3", ""]),
        json!(["sk_udp_pending", 99]),
        json!(["sk_udp_close", 99]),
        json!(["sk_udp_recv", 99, { "buffer": 16 }, { "room": 64 }, { "room": 2 }]),
        json!(["sk_udp_create", 7]),
        json!(["sk_udp_create", 1]),
        json!(["sk_udp_bind", 3, 0]),
        json!(["sk_udp_bind", 2, 70_000]),
        json!(["sk_udp_bind", 2, -1]),
        json!(["sk_udp_send", 2, "127.0.0.1", peer, "unbound"]),
    ] {
        script.call(call);
    }
    script.peer(PeerEvent::UdpReceive);
    for call in [
        json!(["sk_udp_set_multicast_ttl", 2, 256]),
        json!(["sk_udp_close", 1]),
        json!(["sk_udp_pending", 1]),
        json!(["sk_udp_send", 1, "127.0.0.1", peer, "closed"]),
        json!(["sk_udp_close", 1]),
        json!(["sk_udp_create", 0]),
    ] {
        script.call(call);
    }
    script.save(PROBE, "a stop closes them", &json!({ "configuration": {} }));
    script.call(json!(["sk_udp_set_broadcast", 4, 1]));
    script.call(json!(["sk_udp_create", 0]));
}

fn tcp(script: &mut Script, peers: &Peers) {
    script.chapter = "TCP";
    let (peer, nobody) = (peers.tcp_port(), peers.free_tcp_port);
    let raw = |id: i32| json!(["sk_tcp_recv_raw", id, { "buffer": 4096 }]);
    let line = |id: i32| json!(["sk_tcp_recv_line", id, { "buffer": 4096 }]);
    for call in [
        json!(["sk_tcp_create"]),
        json!(["sk_tcp_connected", 1]),
        json!(["sk_tcp_send", 1, "unconnected"]),
        json!(["sk_tcp_pending", 1]),
        raw(1),
        line(1),
        json!(["sk_tcp_connect", 1, "127.0.0.1", 70_000]),
        json!(["sk_tcp_connect", 1, "127.0.0.1", -1]),
        json!(["sk_tcp_connect", 1, { "text": "127.0.0.1", "len": -1 }, peer]),
        json!(["sk_tcp_connect", 99, "127.0.0.1", peer]),
        json!(["sk_tcp_connect", 1, "127.0.0.1", peer]),
        json!(["sk_tcp_connect", 1, "127.0.0.1", peer]),
    ] {
        script.call(call);
    }
    script.peer(PeerEvent::TcpAccept);
    script.until(json!(["sk_tcp_connected", 1]), 1);
    script.call(json!(["sk_tcp_connect", 1, "127.0.0.1", peer]));
    script.call(json!(["sk_tcp_send", 1, "hello é"]));
    script.peer(PeerEvent::TcpReceive(8));
    script.call(json!(["sk_tcp_send", 1, ""]));
    script.call(json!(["sk_tcp_send", 1, { "text": "data", "len": -1 }]));
    script
        .peer(PeerEvent::TcpSend(b"one\r\n\r\ntwo: \xc3\xa9\nthree\r\nfour\nfive\nbegun".to_vec()));
    script.until(json!(["sk_tcp_pending", 1]), 5);
    for call in [
        line(1),
        raw(1),
        json!(["sk_tcp_recv_line", 1, { "buffer": 4096, "max": 2 }]),
        json!(["sk_tcp_recv_line", 1, { "buffer": 4096, "max": 0 }]),
        json!(["sk_tcp_recv_line", 1, { "buffer": 4096, "max": -2 }]),
        json!(["sk_tcp_recv_line", 1, -1, 4096]),
        line(1),
        json!(["sk_tcp_pending", 1]),
        json!(["sk_tcp_set_line_buffering", 1, 0]),
    ] {
        script.call(call);
    }
    for (place, data) in (1..).zip([&b"\x00\xff\n"[..], b"raw", b"more", b"and more"]) {
        script.peer(PeerEvent::TcpSend(data.to_vec()));
        script.until(json!(["sk_tcp_pending", 1]), place);
    }
    for call in [
        raw(1),
        json!(["sk_tcp_recv_raw", 1, { "buffer": 4096, "max": -1 }]),
        json!(["sk_tcp_recv_raw", 1, { "buffer": 4096, "max": 2 }]),
        line(1),
        json!(["sk_tcp_recv_raw", 1, -1, 4096]),
        json!(["sk_tcp_set_line_buffering", 1, 7]),
    ] {
        script.call(call);
    }
    script.peer(PeerEvent::TcpSend(b" is whole\n".to_vec()));
    script.until(json!(["sk_tcp_pending", 1]), 1);
    script.call(line(1));
    script.peer(PeerEvent::TcpSend(b"lost\n".to_vec()));
    script.peer(PeerEvent::TcpClose);
    script.until(json!(["sk_tcp_connected", 1]), -1);
    for call in [
        json!(["sk_tcp_pending", 1]),
        line(1),
        json!(["sk_tcp_send", 1, "gone"]),
        json!(["sk_tcp_connect", 1, "127.0.0.1", peer]),
        json!(["sk_tcp_create"]),
        json!(["sk_tcp_connect", 2, "127.0.0.1", nobody]),
    ] {
        script.call(call);
    }
    script.until(json!(["sk_tcp_connected", 2]), -1);
    for call in [
        json!(["sk_tcp_connected", 99]),
        json!(["sk_tcp_pending", 99]),
        json!(["sk_tcp_set_line_buffering", 99, 1]),
        json!(["sk_tcp_send", 99, "data"]),
        raw(99),
        line(99),
        json!(["sk_tcp_close", 99]),
        json!(["sk_tcp_create"]),
        json!(["sk_tcp_connect", 3, "", peer]),
    ] {
        script.call(call);
    }
    script.peer(PeerEvent::TcpAccept);
    script.until(json!(["sk_tcp_connected", 3]), 1);
    script.save(PROBE, "a stop does not close it", &json!({ "configuration": {} }));
    script.call(json!(["sk_tcp_connected", 3]));
    script.call(json!(["sk_tcp_close", 3]));
    script.call(json!(["sk_tcp_connected", 3]));
}

fn files(script: &mut Script) {
    script.chapter = "WASI";
    script.run(
        "what WASI gives",
        json!([
            ["variable", "PLUGIN_ID"],
            ["variable", "HOME"],
            ["read", "/file"],
            ["write", "/file", "text: é"],
            ["read", "/file"],
            ["write", "/folder/file", "text"],
            ["mkdir", "/folder"],
            ["mkdir", "/folder"],
            ["write", "/folder/file", "more"],
            ["read", "/folder/file"],
            ["read", "/folder"],
            ["read", "/../settings.json"],
            ["read", "file"],
            ["print", "to standard output"],
            ["complain", "to standard error"],
        ]),
    );
}

fn traps(script: &mut Script) {
    script.chapter = "traps";
    for program in [
        json!(["trap"]),
        json!(["outside"]),
        json!(["panic"]),
        json!(["exit", 3]),
        json!(["exit", 0]),
    ] {
        script.run(
            &program,
            json!([["call", "sk_debug", "before"], program, ["call", "sk_debug", "behind"]]),
        );
    }
    script.run("still alive", json!([["call", "sk_debug", "alive"]]));
    script.run("to grow", json!([["grow", 64], ["call", "sk_debug", "grown"]]));
    script.run(
        "to trap at the stop",
        json!([["arm", "plugin_stop", [["call", "sk_debug", "stopping"], ["trap"]]]]),
    );
    script.save(PROBE, "save, which traps at the stop", &json!({ "configuration": {} }));
    script.list();
    script.http("the configuration after", get("/config"));
    script.save(PROBE, "save after a failed stop", &json!({ "configuration": {} }));
    script.save(PROBE, "disable", &json!({ "enabled": false, "configuration": {} }));
    let start = |program: Value| json!({ "enabled": true, "configuration": { "start": program } });
    script.save(
        PROBE,
        "enable, and fail",
        &start(json!([["call", "sk_set_error", "no"], ["return", 2]])),
    );
    script.list();
    script.save(PROBE, "save after a failed start", &start(json!([])));
    script.add(
        "a delta after a failed start",
        What::Delta(r#"{"updates":[{"values":[{"path":"probe.a","value":9}]}]}"#.to_owned()),
    );
    script.save(PROBE, "disable again", &json!({ "enabled": false }));
    script.save(
        PROBE,
        "enable, and trap",
        &start(json!([["call", "sk_debug", "starting"], ["outside"]])),
    );
    script.save(PROBE, "disable once more", &json!({ "enabled": false }));
    script.save(PROBE, "enable, and start", &start(json!([["call", "sk_debug", "starting"]])));
    script.list();
}

fn stop(script: &mut Script) {
    script.chapter = "after a stop";
    let resource = |calls| Question { method: "GET", path: "/resources/probes", body: None, calls };
    let last = r#"{"updates":[{"values":[{"path":"probe.last","value":1}]}]}"#;
    let at_stop = json!([["call", "sk_handle_message", last, 1], ["return", -1]]);
    script.run("to be done at the stop", json!([["arm", "plugin_stop", at_stop]]));
    script.save(PROBE, "disable", &json!({ "enabled": false, "configuration": { "a": 1 } }));
    script.run(
        "neither a poll nor a delta comes before the next start",
        json!([
            ["arm", "poll", [["call", "sk_debug", "polled"]]],
            ["arm", "delta_handler", [["call", "sk_debug", "a delta"]]],
        ]),
    );
    script.list();
    script.add(
        "a delta",
        What::Delta(r#"{"updates":[{"values":[{"path":"probe.a","value":10}]}]}"#.to_owned()),
    );
    script.add("it is in the data model", What::Value("probe.a"));
    script.add("what the stop sent is in the data model", What::Value("probe.last"));
    script.run("a request", json!([["call", "sk_debug", "stopped"], ["call", "sk_set_status", "stopped"], ["call", "sk_read_config", { "buffer": 4096 }],
        ["call", "sk_handle_message", r#"{"updates":[{"values":[{"path":"probe.a","value":11}]}]}"#, 1], ["call", "sk_udp_create", 0],
        ["call", "sk_register_put_handler", "vessels.self", "probe.value"], ["call", "sk_register_resource_provider", RESOURCES]]));
    script.add(
        "a PUT",
        What::Put { path: "probe.value", value: json!([["call", "sk_debug", "stopped"]]) },
    );
    script.add(
        "a provider that is registered anew is not connected",
        What::Ask(resource(vec![ProviderCall::ListResources(json!({}))])),
    );
    script.save(PROBE, "enable", &json!({ "enabled": true, "configuration": {} }));
    script.add("a provider", What::Ask(resource(vec![ProviderCall::ListResources(json!({}))])));
    script.add(
        "the delta that was put down is this one",
        What::Delta(r#"{"updates":[{"values":[{"path":"probe.a","value":12}]}]}"#.to_owned()),
    );
    script.poll("polls go on", &json!([["return", 9]]));
}

fn get(target: &str) -> HttpRequest {
    request("GET", target, b"", "")
}
