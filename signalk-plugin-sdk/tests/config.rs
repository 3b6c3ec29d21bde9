//! Reading, saving, merging and migrating the configuration.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects")]

use serde_json::json;
use signalk_plugin_sdk::json::Raw;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::TestHost;
use signalk_plugin_sdk::{config, storage};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Config {
    #[serde(default = "fifty")]
    #[schemars(range(min = 1.0))]
    max_radius: f64,
    #[serde(default)]
    zone: Option<Zone>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Zone {
    from: u8,
    to: u8,
}

fn fifty() -> f64 {
    50.0
}

/// What version 1 saved: the radius in feet.
#[derive(Deserialize)]
struct Version1 {
    feet: String,
}

struct Tuner {
    config: Config,
    at_stop: Option<Raw>,
}

#[signalk_plugin]
impl Tuner {
    fn migrate(saved: &Raw) -> Result<Option<Config>> {
        let Ok(old) = saved.deserialize::<Version1>() else {
            return Ok(None);
        };
        let feet: f64 = old.feet.parse().context("the radius of version 1")?;
        Ok(Some(Config { max_radius: feet * 0.3048, zone: None }))
    }

    fn start(config: Config) -> Result<Self> {
        server::set_status(&format!("radius {}", config.max_radius));
        Ok(Self { config, at_stop: None })
    }

    fn stop(&mut self) -> Result<()> {
        self.at_stop.as_ref().map_or(Ok(()), config::merge)
    }

    #[put("test.mergeAtStop")]
    fn merge_at_stop(&mut self, changes: Raw) {
        self.at_stop = Some(changes);
    }

    #[put("test.radius")]
    fn radius(&mut self, metres: f64) -> Result<()> {
        self.config.max_radius = metres;
        config::save(&self.config)
    }

    #[put("test.merge")]
    fn merge(&mut self, changes: Raw) -> Result<()> {
        config::merge(&changes)
    }

    #[put("test.store")]
    fn store(&mut self, text: String) -> Result<()> {
        storage::save("text", &text)
    }

    #[get("/api/config")]
    fn read(&self) -> Result<signalk_plugin_sdk::http::Json<Config>> {
        Ok(signalk_plugin_sdk::http::Json(config::read()?))
    }
}

type Host = TestHost<Tuner>;

#[test]
fn a_saved_setting_is_in_the_file_and_in_the_next_start() {
    let mut host = Host::start(r#"{"maxRadius":70}"#);
    assert_eq!(host.put("test.radius", 80.0).status_code, 200);
    assert_eq!(host.saved_config().unwrap(), json!({"maxRadius": 80, "zone": null}));
    host.restart_server();
    assert_eq!(host.status().unwrap(), "radius 80");
}

#[test]
fn what_is_stored_stays_when_settings_are_saved_and_the_other_way_round() {
    let mut host = Host::start("{}");
    host.put("test.store", "anchor");
    host.put("test.radius", 80.0);
    host.put("test.store", "route");
    let saved = host.saved_config().unwrap();
    assert_eq!(saved["maxRadius"], 80.0);
    assert_eq!(saved["signalk-plugin-sdk"]["documents"]["text"], "route");
    // Neither is seen by the type, which refuses what it does not know.
    host.restart_server();
    assert_eq!(host.error(), None);
}

#[test]
fn merging_changes_single_settings_and_null_removes_one() {
    let mut host = Host::start(r#"{"maxRadius":70,"zone":{"from":1,"to":2}}"#);
    host.put("test.merge", json!({"zone": {"to": 9}}));
    assert_eq!(
        host.saved_config().unwrap(),
        json!({"maxRadius": 70, "zone": {"from": 1, "to": 9}})
    );
    host.put("test.merge", json!({"maxRadius": null}));
    assert_eq!(host.saved_config().unwrap(), json!({"zone": {"from": 1, "to": 9}}));
    let answer = host.put("test.merge", json!([1]));
    assert!(answer.message.as_deref().unwrap().contains("is a JSON object"), "{answer}");
}

#[test]
fn what_the_next_start_would_refuse_is_not_saved() {
    let mut host = Host::start(r#"{"maxRadius":70}"#);
    for (path, value, problem) in [
        ("test.radius", json!(0.5), "maxRadius: found 0.5, expected 1 or more"),
        ("test.merge", json!({"maxRadius": 0}), "maxRadius: found 0, expected 1 or more"),
        ("test.merge", json!({"maxRadius": "wide"}), "maxRadius: found the text \"wide\""),
        ("test.merge", json!({"zone": {"from": 1}}), "zone: to is missing"),
        ("test.merge", json!({"radius": 9}), "\"radius\" is not known here"),
    ] {
        let answer = host.put(path, value);
        let message = answer.message.as_deref().unwrap();
        let begin = "not saved, for the next start would refuse it: Configuration: ";
        assert!(message.contains(&(begin.to_owned() + problem)), "{message}");
        assert_eq!(host.saved_config().unwrap(), json!({"maxRadius": 70}));
    }
    // What is stored beside settings that were right is no matter of theirs.
    assert_eq!(host.put("test.store", "anchor").status_code, 200);
    host.restart_server();
    assert_eq!((host.error(), host.status().unwrap()), (None, "radius 70".to_owned()));
}

#[test]
fn a_merge_into_settings_that_are_wrong_already_is_saved() {
    let mut host = Host::start("{}");
    host.put("test.mergeAtStop", json!({"zone": {"from": 1, "to": 2}}));
    // The form is in the file before the plugin is stopped.
    host.disable(r#"{"maxRadius":0}"#);
    assert_eq!(host.error(), None);
    let saved = host.saved_config().unwrap();
    assert_eq!(saved, json!({"maxRadius": 0, "zone": {"from": 1, "to": 2}}));
}

#[test]
fn a_setting_of_a_name_that_server_or_sdk_keep_for_themselves_is_left_out() {
    let mut host = Host::start("{}");
    host.put("test.store", "anchor");
    let own = json!({"maxRadius": 60, "enableDebug": true, "signalk-plugin-sdk": {"revision": 9}});
    assert_eq!(host.put("test.merge", own).status_code, 200);
    let saved = host.saved_config().unwrap();
    assert_eq!(saved["signalk-plugin-sdk"]["documents"], json!({"text": "anchor"}));
    assert_eq!(saved.get("enableDebug"), None);
    // The type would refuse them.
    host.restart_server();
    assert_eq!((host.error(), host.status().unwrap()), (None, "radius 60".to_owned()));
}

#[test]
fn the_configuration_is_read_fresh() {
    let mut host = Host::start(r#"{"maxRadius":70}"#);
    host.put("test.radius", 80.0);
    let answer = host.get("/api/config");
    // As JavaScript writes it.
    assert_eq!(answer.body, json!({"maxRadius": 80, "zone": null}));
    host.corrupt_config_file();
    let answer = host.get("/api/config");
    assert_eq!(answer.status, 500);
    assert!(answer.body.to_string().contains("gone or damaged"), "{answer:?}");
}

#[test]
fn what_an_older_version_saved_is_migrated_saved_and_shown_in_the_form() {
    let mut host = Host::start(r#"{"feet":"100"}"#);
    assert_eq!(host.status().unwrap(), "radius 30.48");
    assert_eq!(host.saved_config().unwrap(), json!({"maxRadius": 30.48, "zone": null}));
    host.restart_server();
    assert_eq!(host.status().unwrap(), "radius 30.48");
}

#[test]
fn what_cannot_be_migrated_is_told_and_left_as_it_is() {
    let host = Host::start(r#"{"feet":"many"}"#);
    assert_eq!(
        host.error().unwrap(),
        "Configuration: the radius of version 1: invalid float literal"
    );
    assert_eq!(host.saved_config().unwrap(), json!({"feet": "many"}));
}

#[test]
fn what_is_migrated_to_something_that_start_does_not_take_is_told_and_left_as_it_is() {
    for (feet, problem) in [
        // JSON has no word for these two.
        ("inf", "maxRadius: found nothing, expected a number"),
        ("NaN", "maxRadius: found nothing, expected a number"),
        ("1", "maxRadius: found 0.3048, expected 1 or more"),
    ] {
        let host = Host::start(&json!({"feet": feet}).to_string());
        assert_eq!(host.error().unwrap(), format!("Configuration: {problem}"));
        assert_eq!(host.saved_config().unwrap(), json!({"feet": feet}));
    }
}

#[test]
fn what_is_migrated_is_held_against_the_limits_saved_or_not() {
    let mut host = Host::new();
    host.set_saved_config(r#"{"feet":"1"}"#);
    host.fill_disk(true);
    host.restart_server();
    assert_eq!(host.error().unwrap(), "Configuration: maxRadius: found 0.3048, expected 1 or more");
}

#[test]
fn a_migrated_configuration_that_cannot_be_saved_is_started_with() {
    let mut host = Host::new();
    host.set_saved_config(r#"{"feet":"100"}"#);
    host.fill_disk(true);
    host.restart_server();
    assert_eq!(host.status().unwrap(), "radius 30.48");
    assert_eq!(host.saved_config().unwrap(), json!({"feet": "100"}));
}
