//! Notifications.

use std::time::Duration;

use serde_json::{Value, json};
use signalk_plugin_host::{Event, Host, Plugin, ServerVersion};

use crate::fixture::{Wat, log};

fn publishing(path: &str, value: &str) -> Plugin {
    let wat = Wat::new()
        .env("sk_publish_notification", "(param i32 i32 i32 i32) (result i32)")
        .poll(&format!("(call $sk_publish_notification {{text:{path}}} {{text:{value}}})"))
        .delta_handler("(call $debug (local.get $ptr) (local.get $len))");
    let mut plugin = wat.running();
    plugin.advance(Duration::from_secs(1)).unwrap();
    plugin
}

#[test]
fn a_notification_is_stored_with_id_and_status() {
    let plugin =
        publishing("notifications.a", r#"{"state":"alarm","method":["sound"],"message":"help"}"#);
    let value = plugin.value("notifications.a").unwrap();
    assert_eq!((&value["state"], &value["message"]), (&json!("alarm"), &json!("help")));
    assert_eq!(value["status"]["silenced"], json!(false));
    assert!(value["id"].as_str().is_some_and(|id| id.len() == 36));
    assert_eq!(plugin.stored("notifications.a").unwrap().source, "test-plugin");
}

#[test]
fn the_plugin_hears_the_manager_first_and_then_an_empty_delta() {
    let plugin = publishing("notifications.a", r#"{"state":"alarm"}"#);
    let heard: Vec<Value> =
        log(&plugin).iter().map(|text| serde_json::from_str(text).unwrap()).collect();
    assert_eq!(heard.len(), 2);
    let update = &heard[0]["updates"][0];
    assert_eq!(update["values"][0]["path"], json!("notifications.a"));
    assert_eq!(update["notificationId"], update["values"][0]["value"]["id"]);
    assert_eq!(heard[1]["updates"], json!([]));
}

#[test]
fn the_accepted_states_are_five_and_nothing_else_is_checked() {
    for state in ["normal", "alert", "warn", "alarm", "emergency"] {
        let plugin = publishing("no.prefix", &format!(r#"{{"state":"{state}"}}"#));
        assert!(
            plugin.events().iter().any(|it| matches!(it.event, Event::Notification { .. })),
            "{state}"
        );
        assert_eq!(plugin.value("no.prefix"), Some(json!({ "state": state })));
    }
}

#[test]
fn what_is_refused_answers_minus_1_and_says_why() {
    for (value, says) in [
        (r#"{"state":"nominal"}"#, "its state is \"nominal\""),
        ("null", "no state"),
        (r#"{"message":"x"}"#, "no state"),
        ("oops", "not JSON"),
    ] {
        let plugin = publishing("notifications.a", value);
        let events = plugin.events();
        let reason = events.iter().find_map(|it| match &it.event {
            Event::NotificationRefused { reason, .. } => Some(reason.clone()),
            _ => None,
        });
        assert!(reason.as_ref().is_some_and(|reason| reason.contains(says)), "{value}: {reason:?}");
        assert_eq!(
            events.last().unwrap().event,
            Event::Returned { handler: "poll".to_owned(), code: -1 }
        );
        assert_eq!(plugin.value("notifications.a"), None);
    }
}

#[test]
fn null_in_a_delta_returns_a_notification_to_normal_under_the_same_id() {
    let mut plugin = Wat::new().running();
    let send = |plugin: &mut Plugin, value: &str| {
        let delta = format!(
            r#"{{"updates":[{{"values":[{{"path":"notifications.a","value":{value}}}]}}]}}"#
        );
        plugin.deliver_delta(&delta).unwrap();
        plugin.value("notifications.a").unwrap()
    };
    let alarm =
        send(&mut plugin, r#"{"state":"nominal","method":["sound"],"message":"help","depth":3}"#);
    assert_eq!(alarm["state"], json!("nominal"));
    let normal = send(&mut plugin, "null");
    assert_eq!(
        (&normal["state"], &normal["method"], &normal["message"]),
        (&json!("normal"), &json!([]), &json!(""))
    );
    assert_eq!((&normal["depth"], &normal["id"]), (&json!(3), &alarm["id"]));
}

#[test]
fn other_values_of_the_same_update_stay_in_the_delta() {
    let mut plugin =
        Wat::new().delta_handler("(call $debug (local.get $ptr) (local.get $len))").running();
    let delta = r#"{"updates":[{"$source":"s","timestamp":"t","values":[
        {"path":"a","value":1},{"path":"notifications.b","value":{"state":"warn"}}]}]}"#;
    plugin.deliver_delta(delta).unwrap();
    let heard: Vec<Value> =
        log(&plugin).iter().map(|text| serde_json::from_str(text).unwrap()).collect();
    assert_eq!(heard[0]["updates"][0]["values"][0]["path"], json!("notifications.b"));
    assert_eq!(heard[1]["updates"][0]["values"], json!([{"path":"a","value":1}]));
}

/// Sends the values of one notification one after the other and gives back what became of the last.
fn after(values: &[&str], version: ServerVersion) -> Value {
    let host = Host::builder().version(version).build();
    let mut plugin = host.install(Wat::new().module()).unwrap();
    for value in values {
        let delta = format!(
            r#"{{"updates":[{{"values":[{{"path":"notifications.a","value":{value}}}]}}]}}"#
        );
        plugin.deliver_delta(&delta).unwrap();
    }
    plugin.value("notifications.a").unwrap_or_default()
}

#[test]
fn what_a_notification_says_about_itself_is_heeded() {
    let silenced =
        r#"{"state":"alarm","method":["sound","visual"],"temporarySilenceStatus":"Yes"}"#;
    let value = after(&[silenced], ServerVersion::V2_32);
    assert_eq!(
        (&value["status"]["silenced"], &value["method"]),
        (&json!(true), &json!(["visual"]))
    );

    let acknowledged = r#"{"state":"alarm","method":["sound"],"acknowledgeStatus":"Yes"}"#;
    let value = after(&[acknowledged], ServerVersion::V2_32);
    assert_eq!((&value["status"]["acknowledged"], &value["method"]), (&json!(true), &json!([])));
    assert!(value["status"]["acknowledgedAt"].is_string());

    let none = r#"{"state":"alarm","temporarySilenceSupport":"No","acknowledgeSupport":"No"}"#;
    let value = after(&[none], ServerVersion::V2_32);
    assert_eq!(value["status"]["canSilence"], json!(false));
    assert_eq!(value["status"]["canAcknowledge"], json!(false));
}

#[test]
fn only_the_newer_server_forgets_the_silence_with_the_next_alarm() {
    let silenced = r#"{"state":"alarm","method":["sound"],"temporarySilenceStatus":"Yes"}"#;
    let values = [silenced, r#"{"state":"normal"}"#, r#"{"state":"alarm","method":["sound"]}"#];
    assert_eq!(after(&values, ServerVersion::V2_32)["method"], json!(["sound"]));
    assert_eq!(after(&values, ServerVersion::V2_23)["method"], json!([]));
}

#[test]
fn a_notification_that_is_a_text_is_lost_with_the_rest_of_the_delta_on_the_older_server() {
    let delta = r#"{"updates":[{"values":[{"path":"notifications.a","value":"help"},{"path":"b","value":1}]}]}"#;
    for (version, rest) in [(ServerVersion::V2_32, Some(json!(1))), (ServerVersion::V2_23, None)] {
        let host = Host::builder().version(version).build();
        let mut plugin = host.install(Wat::new().module()).unwrap();
        plugin.deliver_delta(delta).unwrap();
        assert_eq!((plugin.value("notifications.a"), plugin.value("b")), (None, rest), "{version}");
    }
}

/// A plugin in a server, to which notifications are sent.
struct Boat(Plugin);

const PATH: &str = "notifications.a";

impl Boat {
    fn new(version: ServerVersion) -> Self {
        let host = Host::builder().version(version).build();
        let mut plugin = host.install(Wat::new().module()).unwrap();
        plugin.enable("{}").unwrap();
        Self(plugin)
    }

    fn raise(&mut self, state: &str) {
        let method = if state == "alarm" { json!(["visual", "sound"]) } else { json!(["visual"]) };
        let value = json!({ "state": state, "method": method, "message": "m" });
        self.send(PATH, &value);
    }

    fn send(&mut self, path: &str, value: &Value) {
        let delta = json!({ "updates": [{ "values": [{ "path": path, "value": value }] }] });
        self.0.deliver_delta(&delta.to_string()).unwrap();
    }

    /// By which methods the notification is told now.
    fn method(&self) -> Value {
        self.0.value(PATH).unwrap()["method"].clone()
    }

    fn pass(&mut self, seconds: u64) {
        self.0.advance(Duration::from_secs(seconds)).unwrap();
    }
}

const BOTH: [ServerVersion; 2] = [ServerVersion::V2_23, ServerVersion::V2_32];

#[test]
fn what_was_acknowledged_or_silenced_stays_mute_though_it_gets_worse() {
    for version in BOTH {
        let mut boat = Boat::new(version);
        boat.raise("warn");
        boat.0.acknowledge_notification("a").unwrap();
        assert_eq!(boat.0.value(PATH).unwrap()["status"]["acknowledged"], json!(true));
        boat.raise("alarm");
        assert_eq!(boat.method(), json!([]), "{version}");

        let mut boat = Boat::new(version);
        boat.raise("warn");
        boat.0.silence_notification(PATH).unwrap();
        boat.raise("alarm");
        assert_eq!(boat.method(), json!(["visual"]), "{version}");
        let emergency = json!({ "state": "emergency", "method": ["sound"], "message": "m" });
        boat.send(PATH, &emergency);
        assert_eq!(boat.method(), json!(["sound"]), "{version}");
    }
}

#[test]
fn over_normal_the_newer_server_lets_it_sound_again_and_the_older_after_a_cleaning() {
    for (version, at_once) in
        [(ServerVersion::V2_32, json!(["visual", "sound"])), (ServerVersion::V2_23, json!([]))]
    {
        let mut boat = Boat::new(version);
        boat.raise("warn");
        boat.0.acknowledge_notification("a").unwrap();
        boat.raise("normal");
        boat.raise("alarm");
        assert_eq!(boat.method(), at_once, "{version}");
    }
    let mut boat = Boat::new(ServerVersion::V2_23);
    boat.pass(1);
    boat.raise("warn");
    boat.0.acknowledge_notification("a").unwrap();
    let id = boat.0.value(PATH).unwrap()["id"].clone();
    boat.raise("normal");
    // The first cleaning only sees it.
    boat.pass(60);
    assert_eq!(boat.0.notifications().as_object().unwrap().len(), 1);
    boat.pass(60);
    assert_eq!(boat.0.notifications(), json!({}));
    boat.raise("alarm");
    assert_eq!(boat.method(), json!(["visual", "sound"]));
    assert_eq!(boat.0.value(PATH).unwrap()["id"], id);
    // What is not normal is not forgotten.
    boat.pass(600);
    assert_eq!(boat.0.notifications()[id.as_str().unwrap()]["path"], json!(PATH));
}

#[test]
fn what_the_server_refuses_is_said_in_its_words() {
    for version in BOTH {
        let mut boat = Boat::new(version);
        let words = |outcome: Result<(), signalk_plugin_host::Error>| {
            let text = outcome.unwrap_err().to_string();
            text.rsplit(": ").next().unwrap().to_owned()
        };
        assert_eq!(words(boat.0.silence_notification("a")), "Alarm not found!");
        boat.raise("alarm");
        boat.0.silence_notification("a").unwrap();
        let again = words(boat.0.silence_notification("a"));
        assert_eq!(again, "Alarm already silenced or acknowledged!");
        boat.0.acknowledge_notification("a").unwrap();
        let again = words(boat.0.acknowledge_notification("a"));
        assert_eq!(again, "Alarm already acknowledged!");
        assert_eq!(words(boat.0.clear_notification("a")), "Alarm cannot be cleared!");
        boat.send("notifications.b", &json!({ "state": "emergency", "method": [] }));
        let emergency = words(boat.0.silence_notification("b"));
        assert_eq!(emergency, "Cannot silence Emergency Alarm!");
        // The first of all was acknowledged before.
        assert_eq!(words(boat.0.acknowledge_all_notifications()), "Alarm already acknowledged!");
        assert_eq!(
            boat.0.value("notifications.b").unwrap()["status"]["acknowledged"],
            json!(false)
        );
        boat.send("notifications.c", &json!({ "state": "alarm", "method": ["sound"] }));
        boat.0.silence_all_notifications().unwrap();
        assert_eq!(boat.0.value("notifications.c").unwrap()["method"], json!([]));
    }
}
