//! Alarms: what the server gets of what a plugin tells, and when it sounds again.
#![cfg(not(target_family = "wasm"))]

use std::time::Duration;

use signalk_plugin_sdk::notification::{self, Alarm, AlarmMethod, AlarmSet, AlarmState};
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::serde_json::{Value, json};
use signalk_plugin_sdk::testing::{Event, TestHost};

/// Tells what its deltas say.
struct Plugin {
    alarm: Alarm,
    refreshed: Alarm,
    loud: Alarm,
    set: AlarmSet,
}

#[derive(Deserialize)]
struct Told {
    #[serde(default)]
    target: String,
    state: AlarmState,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    message: String,
}

#[signalk_plugin]
impl Plugin {
    fn start() -> Self {
        Self {
            alarm: Alarm::new("test.alarm"),
            refreshed: Alarm::new("test.refreshed").refresh_every(Duration::from_secs(10)),
            loud: Alarm::new("notifications.test.loud")
                .methods(AlarmState::Warn, &[AlarmMethod::Sound])
                .methods(AlarmState::Alarm, &[]),
            set: AlarmSet::new("test.set"),
        }
    }

    #[delta("tell.alarm")]
    fn tell(&mut self, told: Told) -> Result<()> {
        self.alarm.update(told.state, &told.reason, &told.message)
    }

    #[delta("tell.refreshed")]
    fn tell_refreshed(&mut self, told: Told) -> Result<()> {
        self.refreshed.update(told.state, &told.reason, &told.message)
    }

    #[delta("tell.loud")]
    fn tell_loud(&mut self, told: Told) -> Result<()> {
        self.loud.update(told.state, &told.reason, &told.message)
    }

    #[delta("tell.raw")]
    fn tell_raw(&mut self, told: Told) -> Result<()> {
        notification::raise(&told.target, told.state, &told.message)
    }

    #[delta("tell.set")]
    fn tell_set(&mut self, told: Told) -> Result<()> {
        self.set.update(&told.target, told.state, &told.reason, &told.message)
    }

    #[delta("keep.set")]
    fn keep(&mut self, targets: Vec<String>) -> Result<()> {
        self.set.retain("Gone", |target| targets.iter().any(|one| one == target))?;
        server::set_status(&format!("{:?}", self.set.state()));
        Ok(())
    }
}

/// The notifications that the server got since it was last asked: path, state and message.
fn told(host: &mut TestHost<Plugin>) -> Vec<String> {
    let events = host.new_events();
    let notifications = events.into_iter().filter_map(|event| match event {
        Event::Notification { path, value } => {
            let part = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
            let path = path.strip_prefix("notifications.test.")?.to_owned();
            Some([path, part("state"), part("message")].join(" ").trim().to_owned())
        }
        _ => None,
    });
    notifications.collect()
}

fn tell(host: &mut TestHost<Plugin>, state: &str, reason: &str, message: &str) -> Vec<String> {
    let value = json!({ "state": state, "reason": reason, "message": message });
    host.receive("tell.alarm", value);
    told(host)
}

#[test]
fn what_gets_worse_goes_over_normal_and_what_gets_better_does_not() {
    let mut host = TestHost::<Plugin>::start("{}");
    for (state, reason, expected) in [
        ("warn", "near", &["alarm warn"][..]),
        ("alarm", "drags", &["alarm normal", "alarm alarm"]),
        ("alarm", "drags", &[]),
        ("warn", "near", &["alarm warn"]),
        ("alert", "near", &["alarm alert"]),
        ("alarm", "drags", &["alarm normal", "alarm alarm"]),
        ("emergency", "sinks", &["alarm normal", "alarm emergency"]),
        ("normal", "", &["alarm normal"]),
        ("normal", "any", &[]),
        ("nominal", "", &[]),
        ("alarm", "drags", &["alarm alarm"]),
        ("nominal", "", &["alarm normal"]),
    ] {
        assert_eq!(tell(&mut host, state, reason, ""), expected, "{state} {reason}");
    }
}

#[test]
fn another_reason_as_bad_sounds_again() {
    let mut host = TestHost::<Plugin>::start("{}");
    assert_eq!(tell(&mut host, "alarm", "lost", "a"), ["alarm alarm a"]);
    assert_eq!(tell(&mut host, "alarm", "lost", "b"), [""; 0]);
    assert_eq!(tell(&mut host, "alarm", "drags", "c"), ["alarm normal", "alarm alarm c"]);
    assert_eq!(tell(&mut host, "warn", "lost", "d"), ["alarm warn d"]);
}

#[test]
fn what_was_never_raised_is_not_cleared() {
    let mut host = TestHost::<Plugin>::start("{}");
    assert_eq!(tell(&mut host, "normal", "", "All is well"), [""; 0]);
    host.receive("tell.set", json!({ "target": "a", "state": "normal" }));
    assert_eq!(told(&mut host), [""; 0]);
}

#[test]
fn what_an_earlier_run_has_raised_is_known_and_cleared() {
    let mut host = TestHost::<Plugin>::start("{}");
    tell(&mut host, "warn", "near", "");
    host.receive("tell.set", json!({ "target": "a", "state": "warn" }));
    host.configure("{}");
    told(&mut host);
    assert_eq!(tell(&mut host, "warn", "near", ""), [""; 0]);
    assert_eq!(tell(&mut host, "alarm", "drags", ""), ["alarm normal", "alarm alarm"]);
    host.configure("{}");
    assert_eq!(tell(&mut host, "normal", "", ""), ["alarm normal"]);
    host.receive("keep.set", json!([]));
    assert_eq!(told(&mut host), ["set.a normal Gone"]);
}

#[test]
fn a_message_is_refreshed_as_often_as_it_may_and_only_if_it_has_changed() {
    let mut host = TestHost::<Plugin>::start("{}");
    let mut tell = |state: &str, message: &str, seconds: u64| {
        host.advance(Duration::from_secs(seconds));
        host.receive("tell.refreshed", json!({ "state": state, "message": message }));
        told(&mut host)
    };
    assert_eq!(tell("alarm", "60 m", 0), ["refreshed alarm 60 m"]);
    assert_eq!(tell("alarm", "61 m", 9), [""; 0]);
    assert_eq!(tell("alarm", "62 m", 1), ["refreshed alarm 62 m"]);
    assert_eq!(tell("alarm", "62 m", 20), [""; 0]);
    assert_eq!(tell("alarm", "63 m", 0), ["refreshed alarm 63 m"]);
    assert_eq!(tell("normal", "well", 20), ["refreshed normal well"]);
    assert_eq!(tell("normal", "still", 20), [""; 0]);
}

#[test]
fn the_methods_of_a_state_are_the_usual_ones_or_the_authors() {
    let mut host = TestHost::<Plugin>::start("{}");
    for (state, expected) in [
        ("warn", json!(["sound"])),
        ("alarm", json!([])),
        ("emergency", json!(["visual", "sound"])),
    ] {
        host.receive("tell.loud", json!({ "state": state }));
        let method = host.value("notifications.test.loud").map(|value| value["method"].clone());
        assert_eq!(method, Some(expected), "{state}");
    }
}

#[test]
fn each_target_has_an_alarm_of_its_own_and_is_forgotten_with_it() {
    let mut host = TestHost::<Plugin>::start("{}");
    let tell = |host: &mut TestHost<Plugin>, target: &str, state: &str| {
        host.receive("tell.set", json!({ "target": target, "state": state }));
        told(host)
    };
    assert_eq!(tell(&mut host, "244999999", "warn"), ["set.244999999 warn"]);
    assert_eq!(tell(&mut host, "bank-1.0", "alarm"), ["set.bank-1%2E0 alarm"]);
    let worse = tell(&mut host, "244999999", "alarm");
    assert_eq!(worse, ["set.244999999 normal", "set.244999999 alarm"]);
    host.receive("keep.set", json!(["244999999", "never seen"]));
    assert_eq!(told(&mut host), ["set.bank-1%2E0 normal Gone"]);
    assert_eq!(host.status().as_deref(), Some("Alarm"));
    assert_eq!(tell(&mut host, "244999999", "normal"), ["set.244999999 normal"]);
    host.receive("keep.set", json!([]));
    assert_eq!(told(&mut host), [""; 0]);
    assert_eq!(host.status().as_deref(), Some("Normal"));
    tell(&mut host, "", "alarm");
    assert!(host.error().is_some_and(|error| error.contains("empty target")), "{:?}", host.error());
}

#[test]
fn raised_without_an_alarm_every_call_is_sent_and_worse_sounds_too() {
    let mut host = TestHost::<Plugin>::start("{}");
    let mut raise = |path: &str, state: &str| {
        host.receive("tell.raw", json!({ "target": path, "state": state }));
        told(&mut host)
    };
    assert_eq!(raise("test.raw", "normal"), ["raw normal"]);
    assert_eq!(raise("test.raw", "warn"), ["raw warn"]);
    assert_eq!(raise("notifications.test.raw", "warn"), ["raw warn"]);
    assert_eq!(raise("test.raw", "alarm"), ["raw normal", "raw alarm"]);
    assert_eq!(raise("test.raw", "warn"), ["raw warn"]);
    assert_eq!(raise("test.raw", "nominal"), ["raw normal"]);
}

#[test]
fn a_path_that_names_no_notification_and_a_state_that_is_not_known_are_refused() {
    for (path, state, says) in [
        ("notifications", "alarm", "write what it is about"),
        ("notifications.", "alarm", "it is empty"),
        ("notifications.notifications", "alarm", "write what it is about"),
        ("", "alarm", "it is empty"),
        ("test.raw", "caution", "a state that is not known"),
    ] {
        let mut host = TestHost::<Plugin>::start("{}");
        host.new_events();
        host.receive("tell.raw", json!({ "target": path, "state": state }));
        assert!(host.error().is_some_and(|error| error.contains(says)), "{:?}", host.error());
        let events = host.new_events();
        let sent = |event: &Event| matches!(event, Event::Notification { .. });
        assert!(!events.iter().any(sent), "{path}: {events:?}");
    }
    let mut host = TestHost::<Plugin>::start("{}");
    host.receive(
        "tell.raw",
        json!({ "target": "notifications.notifications.x", "state": "alarm" }),
    );
    assert_eq!(
        host.value("notifications.x").map(|value| value["state"].clone()),
        Some(Value::from("alarm"))
    );
}
