//! Deltas and notifications, out and in.

use serde_json::json;

use super::{Script, What};

/// What a plugin may send, one text a line.
const DELTAS: &str = include_str!("../../../conformance/deltas.jsonl");

/// The same with notifications in it: what they say is remembered from one to the next.
const NOTIFICATION_DELTAS: &str = include_str!("../../../conformance/notification-deltas.jsonl");

/// What comes from a provider; the probe does what the path `probe.do` says.
const DELTAS_IN: &str = include_str!("../../../conformance/deltas-in.jsonl");

/// With a byte order mark, which is not text.
const MARKED: &str = "\u{feff}{\"updates\":[{\"values\":[{\"path\":\"probe.bom\",\"value\":1}]}]}";

/// `{"updates":[{"values":[{"path":"probe.b","value":"?"}]}]}` with 0xff, which is no UTF-8, for `?`.
const BROKEN: &str = concat!(
    "7b2275706461746573223a5b7b2276616c756573223a5b7b22",
    "70617468223a2270726f62652e62222c2276616c7565223a22ff227d5d7d5d7d"
);

pub(super) fn deltas_out(script: &mut Script) {
    script.chapter = "deltas out";
    for text in DELTAS.lines().chain(["", MARKED]) {
        script.run(format!("the text {text}"), json!([["call", "sk_handle_message", text, 1]]));
    }
    script.run("invalid UTF-8", json!([["call", "sk_handle_message", { "bytes": BROKEN }, 1]]));
    let sound = r#"{"updates":[{"values":[{"path":"probe.a","value":1}]}]}"#;
    for version in [0, 1, 2, 3, -1] {
        script.run(
            format!("version {version}"),
            json!([["call", "sk_handle_message", sound, version]]),
        );
    }
    let v2 = r#"{"updates":[{"values":[{"path":"probe.v2","value":1}]}]}"#;
    script.run("version 2 is not in the data model", json!([["call", "sk_handle_message", v2, 2]]));
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

pub(super) fn notifications(script: &mut Script) {
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
    for text in NOTIFICATION_DELTAS.lines() {
        script.run(text, json!([["call", "sk_handle_message", text, 1]]));
    }
    script.add("the value", What::Value("notifications.probe"));
}

/// Acts on the next states of a notification.
pub(super) fn what_users_do_about_notifications(script: &mut Script) {
    const PATH: &str = "notifications.users";
    script.chapter = "what users do about notifications";
    let raise = |script: &mut Script, state: &str, method: &str| {
        let value = format!(r#"{{"state":"{state}","method":{method},"message":"m"}}"#);
        script.call(json!(["sk_publish_notification", PATH, value]));
        script.add(format!("it is {state}"), What::Value(PATH));
    };
    let both = r#"["visual","sound"]"#;
    for action in ["acknowledge", "silence"] {
        let act = |script: &mut Script, action: &'static str| {
            script.add(action, What::Notification(action, Some(PATH)));
            script.add(format!("after {action}"), What::Value(PATH));
        };
        raise(script, "warn", r#"["visual"]"#);
        act(script, action);
        act(script, action);
        raise(script, "alarm", both);
        raise(script, "emergency", both);
        act(script, "silence");
        raise(script, "normal", "[]");
        raise(script, "alarm", both);
        act(script, "silence");
        raise(script, "alarm", "null");
        raise(script, "alarm", r#""sound""#);
        raise(script, "alarm", both);
        act(script, "acknowledge");
        act(script, "silence");
        act(script, "clear");
        raise(script, "nominal", "[]");
        raise(script, "normal", "[]");
    }
    raise(script, "alarm", both);
    for action in ["silence", "acknowledge", "acknowledge"] {
        script.add(format!("{action} all"), What::Notification(action, None));
        script.add(format!("after {action} all"), What::Value(PATH));
    }
}

pub(super) fn deltas_in(script: &mut Script) {
    script.chapter = "deltas in";
    for text in DELTAS_IN.lines() {
        script.add(text, What::Delta(text.to_owned()));
    }
    let long = "x".repeat(60_000);
    let long = json!({ "updates": [{ "values": [{ "path": "probe.long", "value": long }] }] });
    script.add("a long one", What::Delta(long.to_string()));
}
