//! From the start of the server to what comes after a stop.

use serde_json::{Value, json};

use super::setup::SCOPED_ID;
use super::{PROBE, RESOURCES, Script, What, get};
use crate::side::{ProviderCall, Question};

pub(super) fn registration(script: &mut Script) {
    script.chapter = "registration";
    script.list();
    for variant in ["loaded", "zero", "negative", "long", "outside-endpoints"] {
        let plugin = format!("{PROBE}-{variant}");
        let said = json!([["call", "sk_debug", "not started"], ["variable", "PLUGIN_ID"]]);
        script.run_on(&plugin, format!("a request to {variant}"), &said);
        script.http_on(&plugin, format!("the page of {variant}"), get("/"));
    }
}

pub(super) fn starts_with_the_server(script: &mut Script) {
    script.chapter = "enabled when the server starts";
    let [sound, failed] = ["at-start", "fails"].map(|variant| format!("{PROBE}-{variant}"));
    let text = format!("{PROBE}-text");
    script.save(&text, "disable what had a text", &json!({ "enabled": false }));
    for variant in ["truthy", "null", "text"] {
        let plugin = format!("{PROBE}-{variant}");
        script.http_on(&plugin, format!("the page of {variant}"), get("/"));
        script.http_on(&plugin, format!("the configuration of {variant}"), get("/config"));
    }
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

pub(super) fn first_enable(script: &mut Script) {
    script.chapter = "first enable";
    script.http("the page before", get("/"));
    script.http("the configuration before", get("/config"));
    script.run("a request before", json!([["call", "sk_debug", "too early"]]));
    let sent = r#"{"updates":[{"values":[{"path":"probe.a","value":1}]}]}"#;
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
        ["call", "sk_handle_message", sent, 1],
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

pub(super) fn polls(script: &mut Script) {
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

pub(super) fn files(script: &mut Script) {
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

pub(super) fn traps(script: &mut Script) {
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

pub(super) fn stop(script: &mut Script) {
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
    let sent = r#"{"updates":[{"values":[{"path":"probe.a","value":11}]}]}"#;
    script.run(
        "a request",
        json!([
            ["call", "sk_debug", "stopped"],
            ["call", "sk_set_status", "stopped"],
            ["call", "sk_read_config", { "buffer": 4096 }],
            ["call", "sk_handle_message", sent, 1],
            ["call", "sk_udp_create", 0],
            ["call", "sk_register_put_handler", "vessels.self", "probe.value"],
            ["call", "sk_register_resource_provider", RESOURCES],
        ]),
    );
    script.add(
        "a PUT",
        What::Put { path: "probe.value", value: json!([["call", "sk_debug", "stopped"]]) },
    );
    script.add(
        "a provider that is registered anew is not connected",
        What::Ask(resource(vec![ProviderCall::ListResources(json!({}))])),
    );
    script.save(PROBE, "enable", &json!({ "enabled": true, "configuration": {} }));
    script.next_poll("the poll that was put down is this one");
    script.add(
        "the delta that was put down is this one",
        What::Delta(r#"{"updates":[{"values":[{"path":"probe.a","value":12}]}]}"#.to_owned()),
    );
    script.add("a provider", What::Ask(resource(vec![ProviderCall::ListResources(json!({}))])));
}

/// A scope in the package's name breaks the calls about the configuration. Sockets are left out here:
/// their ids count over all plugins of a server.
pub(super) fn with_a_scoped_name(script: &mut Script) {
    script.chapter = "a scoped name";
    let start = json!([
        ["variable", "PLUGIN_ID"],
        ["call", "sk_read_config", { "buffer": 4096 }],
        ["call", "sk_save_config", "{\"saved\":true}"],
        ["call", "sk_set_status", "scoped"],
        ["call", "sk_emit_binary_stream", "plugins/@conformance/signalk-test-probe/scan", "data"],
        ["call", "sk_emit_binary_stream", "plugins/_conformance_signalk-test-probe/scan", "data"],
        ["report"],
    ]);
    let enable = json!({ "enabled": true, "configuration": { "start": start } });
    script.save(SCOPED_ID, "enable", &enable);
    let delta = r#"{"updates":[{"values":[{"path":"probe.scoped","value":1}]}]}"#;
    script.run_on(SCOPED_ID, "a delta", &json!([["call", "sk_handle_message", delta, 1]]));
    script.save(SCOPED_ID, "disable", &json!({ "enabled": false }));
    script.http_on(SCOPED_ID, "the configuration", get("/config"));
}

pub(super) fn restart(script: &mut Script) {
    script.chapter = "after a restart";
    let start = json!([
        ["call", "sk_read_config", { "buffer": 4096 }],
        ["call", "sk_register_put_handler", "vessels.self", "probe.value"],
        ["write", "/file", "text"],
        ["report"],
    ]);
    let configuration = json!({ "configuration": { "start": start } });
    script.save(PROBE, "the last configuration before it", &configuration);
    let saved = json!({ "start": start, "saved": "by the plugin" }).to_string();
    script.call(json!(["sk_save_config", saved]));
    script.add("the restart", What::Restart);
    script.list();
    script.http("the configuration", get("/config"));
    script.add("a PUT", What::Put { path: "probe.value", value: json!([["trap"]]) });
    script.add(
        "a delta",
        What::Delta(r#"{"updates":[{"values":[{"path":"probe.a","value":13}]}]}"#.to_owned()),
    );
    script.poll("a poll", &json!([["call", "sk_debug", "polled"]]));
}
