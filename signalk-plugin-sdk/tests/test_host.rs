//! The words of [`TestHost`], and what its assertions say.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use serde_json::json;
use signalk_plugin_sdk::http::{Json, Query};
use signalk_plugin_sdk::notification::{self, AlarmMethod, AlarmState};
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::{OTHER_VESSEL, ServerVersion, TestHost};
use signalk_plugin_sdk::{clock, config};

/// Settings.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(default)]
struct Settings {
    /// Least depth (m)
    least: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { least: 2.0 }
    }
}

struct Sounder {
    least: f64,
    polls: u32,
}

#[derive(Deserialize)]
struct Place {
    name: String,
}

#[signalk_plugin]
impl Sounder {
    fn start(settings: Settings) -> Result<Self> {
        server::set_status(&format!("At least {} m", settings.least));
        Ok(Self { least: settings.least, polls: 0 })
    }

    #[delta("environment.depth.belowTransducer")]
    fn depth(&mut self, metres: Option<f64>) -> Result<()> {
        let Some(metres) = metres else { return Ok(()) };
        delta::set("environment.depth.heard", metres)?;
        delta::set("environment.depth.polls", self.polls)?;
        if metres < self.least {
            notification::raise("environment.depth", AlarmState::Alarm, "Shallow water")?;
        }
        Ok(())
    }

    #[every("1s")]
    fn count(&mut self) -> Result<()> {
        self.polls += 1;
        delta::set("environment.time", clock::now_rfc3339())
    }

    #[put("environment.depth.least")]
    fn set_least(&mut self, metres: f64) -> Result<()> {
        config::save(&Settings { least: metres })
    }

    #[get("/api/place")]
    fn place(&self, Query(place): Query<Place>) -> String {
        place.name
    }

    #[post("/api/place")]
    fn set_place(&self, Json(place): Json<Place>) -> String {
        place.name
    }
}

type Host = TestHost<Sounder>;

const DEPTH: &str = "environment.depth.belowTransducer";
const HEARD: &str = "environment.depth.heard";

/// The words of an assertion that fails.
fn failure<T>(assertion: impl FnOnce() -> T) -> String {
    let Err(words) = catch_unwind(AssertUnwindSafe(assertion)) else { return String::new() };
    words.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[test]
fn a_plugin_is_started_with_its_own_type_of_settings_or_its_defaults() {
    assert_eq!(Host::start_with(&Settings { least: 3.5 }).status().unwrap(), "At least 3.5 m");
    assert_eq!(Host::start_default().status().unwrap(), "At least 2 m");
}

#[test]
fn an_assertion_says_what_was_sent_instead() {
    let mut host = Host::start_default();
    assert_eq!(
        failure(|| host.number(HEARD)),
        format!(
            "expected a number at \"{HEARD}\", where nothing was sent; the plugin sent nothing at all"
        )
    );
    host.receive(DEPTH, 5.5);
    assert_eq!(host.number(HEARD), 5.5);
    let nearest = failure(|| host.number("environment.depth.herd"));
    assert!(nearest.contains(&format!("did you mean \"{HEARD}\"?")), "{nearest}");
    let far = failure(|| host.text("navigation.state"));
    assert!(
        far.ends_with("these were sent: environment.depth.heard, environment.depth.polls"),
        "{far}"
    );
    assert_eq!(
        failure(|| host.text(HEARD)),
        format!("expected a text at \"{HEARD}\", where 5.5 was sent")
    );
    let silent = failure(|| host.notification("environment.depth"));
    assert!(silent.starts_with("expected a notification at \"notifications.environment.depth\""));
}

#[test]
fn a_notification_has_its_state_method_and_message() {
    let mut host = Host::start_default();
    host.receive(DEPTH, 1.5);
    let alarm = host.notification("environment.depth");
    assert_eq!((alarm.state, &*alarm.message), (AlarmState::Alarm, "Shallow water"));
    assert!(alarm.method.contains(&AlarmMethod::Sound), "{:?}", alarm.method);
}

#[test]
fn sources_are_told_from_each_other_and_vessels_too() {
    let mut host = Host::start_default();
    host.receive_from("fore", DEPTH, 5.5);
    host.receive_from("aft", DEPTH, 6.5);
    host.receive_other(OTHER_VESSEL, DEPTH, 7.5);
    assert_eq!(host.number(HEARD), 5.5);
}

#[test]
fn requests_are_sent_as_a_browser_does() {
    let mut host = Host::start_default();
    assert_eq!(host.get("/api/place?name=Kap Horn+%C3%BC").body, "Kap Horn ü");
    assert_eq!(host.post("/api/place", &json!({ "name": "Kiel" })).body, "Kiel");
    assert_eq!(host.put("environment.depth.least", 4.0).status_code, 200);
    assert_eq!(host.put("environment.depth.most", 4.0).status_code, 405);
}

#[test]
fn a_server_that_is_killed_is_silent_until_it_starts_again_with_its_file() {
    let mut host = Host::start_default();
    host.put("environment.depth.least", 4.0);
    host.kill_server();
    host.new_events();
    host.receive(DEPTH, 5.5);
    host.advance(Duration::from_secs(600));
    assert_eq!(host.new_events(), []);
    assert_eq!(host.status(), None);
    host.restart_server();
    assert_eq!(host.status().unwrap(), "At least 4 m");
}

#[test]
fn a_full_disk_refuses_the_owners_save_and_leaves_the_plugin_alone() {
    let mut host = Host::start_default();
    host.fill_disk(true);
    assert_eq!(host.configure(r#"{"least":9}"#), -1);
    assert_eq!(host.put("environment.depth.least", 4.0).status_code, 500);
    assert_eq!(host.status().unwrap(), "At least 2 m");
    host.fill_disk(false);
    assert_eq!(host.configure(r#"{"least":9}"#), 0);
    assert_eq!(host.status().unwrap(), "At least 9 m");
}

#[test]
fn an_older_server_writes_in_place_and_tears_its_file_on_a_full_disk() {
    for (version, is_torn) in [(ServerVersion::V2_23, true), (ServerVersion::V2_32, false)] {
        let mut host = Host::start_default();
        host.set_server_version(version);
        host.fill_disk(true);
        assert_eq!(host.configure(r#"{"least":9}"#), -1);
        assert_eq!(host.saved_config().is_none(), is_torn, "{version}");
    }
}

#[test]
fn a_file_that_is_torn_or_disables_the_plugin_does_not_start_it() {
    let mut host = Host::start_default();
    host.corrupt_config_file();
    host.restart_server();
    assert_eq!((host.status(), host.saved_config()), (None, None));
    host.set_saved_config(r#"{"least":5}"#);
    host.restart_server();
    assert_eq!(host.status().unwrap(), "At least 5 m");
    host.disable(r#"{"least":6}"#);
    host.restart_server();
    assert_eq!(host.status(), None);
    assert_eq!(host.saved_config().unwrap(), json!({ "least": 6 }));
}

#[test]
fn the_wall_clock_jumps_by_so_many_seconds() {
    let mut host = Host::start_default();
    host.jump_wall_clock(-86_400);
    host.advance(Duration::from_secs(1));
    assert_eq!(host.text("environment.time"), "2025-12-31T00:00:01.000Z");
}

#[test]
fn a_recording_is_played_with_its_pauses_and_as_fast_as_it_is_asked_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log.jsonl");
    let delta = |time: &str, depth: f64| {
        let values = json!([{ "path": DEPTH, "value": depth }]);
        json!({ "updates": [{ "timestamp": time, "values": values }] }).to_string()
    };
    let lines = [
        delta("2026-07-04T02:10:00.000Z", 5.5),
        delta("2026-07-04T02:10:10.000Z", 6.5),
        // As the server's own log has it: 20 s after the first.
        format!("1783131020000;I;{}", delta("", 7.5)),
    ];
    fs::write(&file, lines.join("\n")).unwrap();
    for (speed, polls) in [(1.0, 20.0), (10.0, 2.0)] {
        let mut host = Host::start_default();
        assert_eq!(host.play_at(speed, &file), 3);
        assert_eq!((host.number(HEARD), host.number("environment.depth.polls")), (7.5, polls));
    }

    fs::write(&file, "hello").unwrap();
    let words = failure(|| Host::start_default().play(&file));
    assert!(words.contains("log.jsonl: line 1 is \"hello\", expected a delta such as"), "{words}");
}
