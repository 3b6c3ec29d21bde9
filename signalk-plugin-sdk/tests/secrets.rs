//! Secrets of a configuration: plainly in the server's file, and nowhere else.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects")]

use serde_json::json;
use signalk_plugin_sdk::config::{self, Secret};
use signalk_plugin_sdk::http::Json;
use signalk_plugin_sdk::json::Raw;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::storage;
use signalk_plugin_sdk::testing::{Event, TestHost};

/// What the owner sets.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Config {
    /// Password
    password: Secret,
    // Not in the form, which could not show it.
    #[serde(flatten)]
    #[schemars(skip)]
    auth: Auth,
    /// Other passwords
    #[serde(default)]
    others: Vec<Secret>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind")]
enum Auth {
    Token { token: Secret },
    Pin { pin: Secret, tries: u8 },
}

/// What version 1 saved.
#[derive(Deserialize)]
struct Version1 {
    pass: Secret,
}

struct Keeper {
    config: Config,
}

#[signalk_plugin]
impl Keeper {
    fn migrate(saved: &Raw) -> Result<Option<Config>> {
        let Ok(old) = saved.deserialize::<Version1>() else {
            return Ok(None);
        };
        let auth = Auth::Token { token: old.pass.clone() };
        Ok(Some(Config { password: old.pass, auth, others: Vec::new() }))
    }

    fn start(config: Config) -> Result<Self> {
        ConfigError::ensure(
            config.password.reveal() != "short",
            "password",
            &config.password,
            "eight characters or more",
        )?;
        Ok(Self { config })
    }

    #[put("test.password")]
    fn password(&mut self, password: Secret) -> Result<()> {
        self.config.password = password;
        config::save(&self.config)
    }

    #[put("test.merge")]
    fn merge(&mut self, changes: Raw) -> Result<()> {
        config::merge(&changes)
    }

    #[put("test.store")]
    fn store(&mut self, _: bool) -> Result<()> {
        storage::save("token", &Secret::new("hunter2"))
    }

    #[put("test.send")]
    fn send(&mut self, _: bool) -> Result<()> {
        server::set_status(&format!("{:?}", self.config));
        warn!("{:?}", self.config);
        delta::set("test.config", &self.config)?;
        let stored: Option<Secret> = storage::load("token")?;
        delta::set("test.stored", stored.map(|stored| stored.reveal().len()))
    }

    #[get("/api/config")]
    fn get(&self) -> Json<Config> {
        Json(self.config.clone())
    }
}

type Host = TestHost<Keeper>;

const RIGHT: &str = r#"{"password":"hunter2","kind":"Token","token":"hunter2"}"#;

/// Tells whether the password is in anything that the plugin did but save it.
fn is_told(host: &Host) -> bool {
    let is_saving = |event: &Event| matches!(event, Event::ConfigSaved(_));
    let shown = host.events().into_iter().filter(|event| !is_saving(event));
    shown
        .map(|event| format!("{event:?}"))
        .any(|text| text.contains("hunter") || text.contains("7319"))
}

#[test]
fn it_is_saved_merged_stored_and_migrated_plainly() {
    let mut host = Host::start(RIGHT);
    assert_eq!(host.put("test.password", "hunter22").status_code, 200);
    let saved = host.saved_config().unwrap();
    assert_eq!((&saved["password"], &saved["token"]), (&json!("hunter22"), &json!("hunter2")));
    assert_eq!(host.put("test.merge", json!({"others": ["hunter2"]})).status_code, 200);
    assert_eq!(host.saved_config().unwrap()["others"], json!(["hunter2"]));
    host.put("test.store", true);
    host.restart_server();
    host.put("test.send", true);
    assert_eq!(host.value("test.stored").unwrap(), 7);
    let mut host = Host::start(r#"{"pass":"hunter2"}"#);
    assert_eq!(host.error(), None);
    assert_eq!(host.saved_config().unwrap()["token"], "hunter2");
    host.restart_server();
    assert_eq!((host.error(), is_told(&host)), (None, false));
}

#[test]
fn it_is_in_nothing_that_the_plugin_sends_shows_or_answers() {
    let mut host = Host::start(RIGHT);
    host.put("test.send", true);
    assert_eq!(host.value("test.config").unwrap()["token"], "***");
    let answer = host.get("/api/config");
    assert_eq!(answer.body["password"], "***");
    assert!(!is_told(&host), "{:?}", host.events());
}

#[test]
fn what_a_page_got_and_sends_back_is_no_password() {
    let mut host = Host::start(RIGHT);
    let shown = host.get("/api/config").body;
    for (path, value) in [("test.merge", shown), ("test.password", json!("***"))] {
        let answer = host.put(path, value);
        assert!(answer.status_code >= 400, "{answer}");
        let message = answer.message.as_deref().unwrap();
        assert!(message.contains("found ***, which is written in place of a secret"), "{message}");
        assert_eq!(host.saved_config().unwrap()["password"], "hunter2");
    }
}

#[test]
fn no_error_on_the_dashboard_quotes_it() {
    for wrong in [
        r#"{"password":7319,"kind":"Token","token":"x"}"#,
        r#"{"password":"x","kind":"Token","token":7319}"#,
        r#"{"password":"x","token":7319,"kind":"Token"}"#,
        r#"{"password":"x","kind":"Pin","pin":7319,"tries":1}"#,
        r#"{"password":"x","kind":"Pin","pin":"hunter2","tries":"hunter2"}"#,
        // Not the place for one, but one that was meant for the place.
        r#"{"password":"x","kind":"Token","token":"x","others":"hunter2"}"#,
        r#"{"password":"x","kind":"Token","token":"x","others":{"a":"hunter2"}}"#,
        r#"{"password":"x","kind":"Token","token":"x","others":["a",7319]}"#,
        r#"{"password":{"hunter2":"hunter2"},"kind":"Token","token":"x"}"#,
        r#"{"password":"***","kind":"Token","token":"hunter2"}"#,
        r#"{"password":"short","kind":"Token","token":"hunter2"}"#,
        r#""hunter2""#,
    ] {
        let host = Host::start(wrong);
        let error = host.error().unwrap();
        assert!(error.starts_with("Configuration: "), "{error}");
        assert!(!is_told(&host), "{wrong}: {error}");
    }
}
