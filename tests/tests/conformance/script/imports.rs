//! Imports with sound and with odd arguments.

use serde_json::{Value, json};

use super::{PROBE, Script, get};

pub(super) fn imports(script: &mut Script) {
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
pub(super) fn lengths(script: &mut Script) {
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

pub(super) fn configuration(script: &mut Script) {
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

/// What a package may not do whose package.json does not ask for it.
pub(super) fn without_capabilities(script: &mut Script) {
    script.chapter = "without capabilities";
    let sockets = [
        json!(["sk_udp_create", 0]),
        json!(["sk_udp_bind", 1, 0]),
        json!(["sk_udp_join_multicast", 1, "239.1.2.3", ""]),
        json!(["sk_udp_leave_multicast", 1, "239.1.2.3", ""]),
        json!(["sk_udp_set_multicast_ttl", 1, 1]),
        json!(["sk_udp_set_multicast_loopback", 1, 1]),
        json!(["sk_udp_set_broadcast", 1, 1]),
        json!(["sk_udp_send", 1, "127.0.0.1", 1, "data"]),
        json!(["sk_udp_recv", 1, { "buffer": 16 }, { "room": 64 }, { "room": 2 }]),
        json!(["sk_udp_pending", 1]),
        json!(["sk_udp_close", 1]),
        json!(["sk_tcp_create"]),
        json!(["sk_tcp_connect", 1, "127.0.0.1", 1]),
        json!(["sk_tcp_connected", 1]),
        json!(["sk_tcp_set_line_buffering", 1, 1]),
        json!(["sk_tcp_send", 1, "data"]),
        json!(["sk_tcp_recv_line", 1, { "buffer": 16 }]),
        json!(["sk_tcp_recv_raw", 1, { "buffer": 16 }]),
        json!(["sk_tcp_pending", 1]),
        json!(["sk_tcp_close", 1]),
    ];
    let others = [
        json!(["sk_has_capability", "network"]),
        json!(["sk_has_capability", "rawSockets"]),
        json!(["sk_register_put_handler", "vessels.self", "probe.bare"]),
        json!(["sk_register_resource_provider", "bare"]),
        json!(["sk_register_weather_provider", "bare"]),
        json!(["sk_register_radar_provider", "bare"]),
        json!(["sk_radar_emit_spokes", "front", "data"]),
        json!(["sk_emit_binary_stream", "radars/bare", "data"]),
        json!(["sk_emit_binary_stream", format!("plugins/{PROBE}-bare/scan"), "data"]),
        json!(["sk_emit_binary_stream", format!("plugins/{PROBE}/scan"), "data"]),
    ];
    for arguments in sockets.into_iter().chain(others) {
        script.call_on(&format!("{PROBE}-bare"), &arguments);
    }
}
