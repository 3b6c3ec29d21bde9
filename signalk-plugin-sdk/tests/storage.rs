//! What a plugin stores, and what can happen to it.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects")]

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;
use signalk_plugin_sdk::json::Raw;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::storage;
use signalk_plugin_sdk::testing::{Event, PutReply, TestHost};

#[derive(Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Config {
    radius: f64,
    /// Looks into the storage later than in `start`.
    lazy: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self { radius: 50.0, lazy: false }
    }
}

struct Keeper {
    radius: f64,
    names: Vec<String>,
}

#[signalk_plugin]
impl Keeper {
    fn start(config: Config) -> Result<Self> {
        let names = match config.lazy {
            true => Vec::new(),
            false => storage::load("names")?.unwrap_or_default(),
        };
        Ok(Self { radius: config.radius, names })
    }

    fn stop(&mut self) -> Result<()> {
        if self.names.iter().any(|name| name == "last words") {
            storage::save("stopped", &true)?;
        }
        Ok(())
    }

    #[put("test.add")]
    fn add(&mut self, name: String) -> Result<()> {
        self.names.push(name);
        let saved = storage::save("names", &self.names);
        if saved.is_err() {
            self.names.pop();
        }
        saved
    }

    #[put("test.forget")]
    fn forget(&mut self, name: String) -> Result<()> {
        storage::remove(&name)
    }

    #[put("test.raw")]
    fn raw(&mut self, document: Raw) -> Result<()> {
        storage::save("raw", &document)
    }

    #[put("test.number")]
    fn number(&mut self, which: String) -> Result<()> {
        match &*which {
            "nan" => storage::save("number", &[1.0, f64::NAN]),
            "infinite" => storage::save("number", &Some(f32::INFINITY)),
            "u64" => storage::save("number", &[u64::MAX]),
            "i64" => storage::save("number", &i64::MIN),
            "u128" => storage::save("number", &u128::MAX),
            "key" => storage::save("number", &BTreeMap::from([(u64::MAX, 1)])),
            "most" => storage::save("number", &((1_u64 << 53) - 1, -(1_i64 << 53) + 1, 5_i128)),
            _ => storage::save("number", &BTreeMap::from([(true, f64::MAX), (false, 5e-324)])),
        }
    }

    #[put("test.large")]
    fn large(&mut self, bytes: usize) -> Result<()> {
        storage::save("large", &"x".repeat(bytes))
    }

    #[put("test.crash")]
    fn crash(&mut self, _: bool) {
        panic!("on purpose");
    }

    #[every("1s")]
    fn tell(&mut self) -> Result<()> {
        server::set_status(&format!("{} {:?} {:?}", self.radius, self.names, storage::keys()?));
        Ok(())
    }
}

type Host = TestHost<Keeper>;

fn status(host: &mut Host) -> String {
    host.advance(Duration::from_secs(1));
    host.status().unwrap_or_else(|| format!("error: {:?}", host.error()))
}

fn saves(host: &Host) -> usize {
    host.events().iter().filter(|event| matches!(event, Event::ConfigSaved(_))).count()
}

fn code(answer: &PutReply) -> i64 {
    answer.status_code
}

#[test]
fn what_was_stored_is_there_when_the_server_was_killed_and_started_again() {
    let mut host = Host::start(r#"{"radius":70}"#);
    assert_eq!(code(&host.put("test.add", "Ada")), 200);
    host.restart_server();
    assert_eq!(status(&mut host), r#"70 ["Ada"] ["names"]"#);
}

#[test]
fn the_settings_of_the_owner_stay_as_they_are_also_those_the_plugin_does_not_know() {
    let mut host = Host::new();
    host.configure(r#"{"radius":70}"#);
    host.put("test.add", "Ada");
    assert_eq!(
        host.saved_config().unwrap(),
        json!({"radius": 70, "signalk-plugin-sdk": {"revision": 1, "documents": {"names": ["Ada"]}}})
    );
}

#[test]
fn a_form_that_was_opened_earlier_rolls_back_nothing_and_its_settings_count() {
    let mut host = Host::start("{}");
    host.put("test.add", "Ada");
    let old_form = host.saved_config().unwrap();
    host.put("test.add", "Bob");
    let mut form = old_form;
    form["radius"] = json!(30);
    host.configure(&form.to_string());
    assert_eq!(status(&mut host), r#"30 ["Ada", "Bob"] ["names"]"#);
    let saved = host.saved_config().unwrap();
    assert_eq!(saved["signalk-plugin-sdk"]["documents"], json!({"names": ["Ada", "Bob"]}));
    assert_eq!(saved["radius"], 30);
    host.restart_server();
    assert_eq!(status(&mut host), r#"30 ["Ada", "Bob"] ["names"]"#);
}

#[test]
fn a_form_saved_without_any_configuration_wipes_the_settings_and_not_the_storage() {
    let mut host = Host::start(r#"{"radius":70}"#);
    host.put("test.add", "Ada");
    host.configure("{}");
    assert_eq!(status(&mut host), r#"50 ["Ada"] ["names"]"#);
    host.restart_server();
    assert_eq!(status(&mut host), r#"50 ["Ada"] ["names"]"#);
}

#[test]
fn a_newer_state_in_the_file_wins_over_what_the_instance_knows() {
    let mut host = Host::start("{}");
    host.put("test.add", "Ada");
    // A backup that was put back, say.
    host.configure(
        r#"{"signalk-plugin-sdk":{"revision":9,"documents":{"names":["Cy"],"other":1}}}"#,
    );
    assert_eq!(status(&mut host), r#"50 ["Cy"] ["names", "other"]"#);
}

#[test]
fn the_same_again_is_not_written_again() {
    let mut host = Host::start("{}");
    host.put("test.large", 10);
    host.put("test.large", 10);
    host.put("test.forget", "nothing of that name");
    assert_eq!(saves(&host), 1);
    host.put("test.forget", "large");
    assert_eq!(saves(&host), 2);
    assert_eq!(status(&mut host), "50 [] []");
}

#[test]
fn a_disk_that_is_full_is_the_answer_and_all_is_as_it_was() {
    let mut host = Host::start("{}");
    host.put("test.add", "Ada");
    host.fill_disk(true);
    let answer = host.put("test.add", "Bob");
    assert_eq!(code(&answer), 500);
    assert_eq!(
        answer.message.unwrap(),
        "the document \"names\" was not stored: the server could not save the plugin's \
         configuration: its disk may be full or not writable"
    );
    assert_eq!(status(&mut host), r#"50 ["Ada"] ["names"]"#);
    host.fill_disk(false);
    assert_eq!(code(&host.put("test.add", "Bob")), 200);
    host.restart_server();
    assert_eq!(status(&mut host), r#"50 ["Ada", "Bob"] ["names"]"#);
}

#[test]
fn a_torn_file_is_never_written_over() {
    let mut host = Host::start(r#"{"radius":70}"#);
    host.corrupt_config_file();
    let answer = host.put("test.add", "Ada");
    assert!(answer.message.as_deref().unwrap().contains("gone or damaged"), "{answer}");
    assert_eq!(saves(&host), 0);
    // The owner's next save mends it.
    host.configure(r#"{"radius":70}"#);
    assert_eq!(code(&host.put("test.add", "Ada")), 200);
}

#[test]
fn a_package_with_a_scope_is_told_that_it_has_no_storage() {
    let mut host = Host::start("{}");
    host.rename_package("@boat/keeper");
    let message = host.put("test.add", "Ada").message.unwrap();
    assert!(message.contains("publish \"@boat/keeper\" under a name without one"), "{message}");
}

#[test]
fn more_than_the_limit_is_refused_with_the_sizes() {
    let mut host = Host::start("{}");
    assert_eq!(code(&host.put("test.large", storage::MAX_BYTES - 7)), 200);
    let answer = host.put("test.large", storage::MAX_BYTES);
    assert_eq!(code(&answer), 500);
    let message = answer.message.as_deref().unwrap();
    assert!(message.contains("1048583 bytes, and it holds 1048576"), "{message}");
    host.restart_server();
    assert_eq!(status(&mut host), r#"50 [] ["large"]"#);
}

#[test]
fn a_document_of_another_type_is_an_error_that_names_it_and_stays() {
    let stored = r#"{"signalk-plugin-sdk":{"revision":1,"documents":{"names":"Ada"}}}"#;
    let mut host = Host::start(stored);
    assert_eq!(
        host.error().unwrap(),
        "the stored document \"names\": found the text \"Ada\", expected a list"
    );
    host.advance(Duration::from_secs(1));
    assert_eq!(
        host.saved_config().unwrap(),
        serde_json::from_str::<serde_json::Value>(stored).unwrap()
    );
}

#[test]
fn what_is_damaged_is_told_and_kept_beside_what_is_stored_next() {
    let mut host = Host::start(r#"{"signalk-plugin-sdk":["my", "routes"]}"#);
    assert!(host.error().unwrap().contains("what was stored is damaged"), "{:?}", host.error());
    assert_eq!(code(&host.put("test.add", "Ada")), 200);
    let saved = host.saved_config().unwrap();
    assert_eq!(saved["signalk-plugin-sdk"]["damaged"], json!(["my", "routes"]));
    host.restart_server();
    assert_eq!(status(&mut host), r#"50 ["Ada"] ["names"]"#);
}

#[test]
fn what_is_stored_in_stop_is_stored() {
    let mut host = Host::start("{}");
    host.put("test.add", "last words");
    host.stop();
    assert_eq!(
        host.saved_config().unwrap()["signalk-plugin-sdk"]["documents"]["stopped"],
        json!(true)
    );
}

#[test]
fn before_the_start_there_is_no_storage_and_the_error_says_so() {
    let _host = Host::new();
    let error = storage::save("x", &1).unwrap_err().to_string();
    assert!(error.contains("from `start` until `stop`"), "{error}");
}

#[test]
fn a_form_that_disables_the_plugin_and_was_opened_earlier_rolls_back_nothing() {
    let mut host = Host::start("{}");
    host.put("test.add", "Ada");
    let old_form = host.saved_config().unwrap();
    host.put("test.add", "Bob");
    host.disable(&old_form.to_string());
    host.restart_server();
    let form = host.saved_config().unwrap();
    host.configure(&form.to_string());
    assert_eq!(status(&mut host), r#"50 ["Ada", "Bob"] ["names"]"#);
}

#[test]
fn what_could_not_be_written_again_is_tried_again_and_a_save_is_no_phantom() {
    let mut host = Host::start("{}");
    host.put("test.large", 1);
    let old_form = host.saved_config().unwrap();
    host.put("test.large", 2);
    // The server's write of the form fills the disk.
    host.set_saved_config(&old_form.to_string());
    host.fill_disk(true);
    host.configure_bytes(old_form.to_string().as_bytes());
    assert!(host.error().unwrap().starts_with("the server could not save"), "{:?}", host.error());
    // The same as what is known, and not in the file: an error, and not done in silence.
    assert_eq!(code(&host.put("test.large", 2)), 500);
    host.fill_disk(false);
    host.advance(Duration::from_secs(31));
    assert_eq!(host.error(), None);
    let documents = host.saved_config().unwrap()["signalk-plugin-sdk"]["documents"].clone();
    assert_eq!(documents, json!({"large": "xx"}));
}

#[test]
fn what_was_stored_before_the_first_look_outlasts_a_form_that_leaves_it_out() {
    let mut host = Host::start(
        r#"{"lazy":true,"signalk-plugin-sdk":{"revision":5,"documents":{"names":["Ada"]}}}"#,
    );
    host.configure(r#"{"lazy":true}"#);
    host.configure(r#"{"lazy":true,"radius":70}"#);
    assert_eq!(status(&mut host), r#"70 [] ["names"]"#);
    let documents = host.saved_config().unwrap()["signalk-plugin-sdk"]["documents"].clone();
    assert_eq!(documents, json!({"names": ["Ada"]}));
}

#[test]
fn what_is_damaged_is_kept_also_where_something_newer_is_known() {
    let mut host = Host::start("{}");
    host.put("test.add", "Ada");
    host.configure(r#"{"signalk-plugin-sdk":["my", "routes"]}"#);
    assert_eq!(status(&mut host), r#"50 ["Ada"] ["names"]"#);
    let stored = host.saved_config().unwrap()["signalk-plugin-sdk"].clone();
    assert_eq!(stored["damaged"], json!(["my", "routes"]));
    assert_eq!(stored["documents"], json!({"names": ["Ada"]}));
}

#[test]
fn what_javascript_writes_otherwise_is_not_written_again() {
    let mut host = Host::start("{}");
    let document = r#"{"radius":5.0,"10":-0.0,"9":[1e21,"é"]}"#;
    let value: serde_json::Value = serde_json::from_str(document).unwrap();
    assert_eq!(code(&host.put("test.raw", &value)), 200);
    assert_eq!(saves(&host), 1);
    // As the server has it after a save of the form.
    host.configure(
        r#"{"signalk-plugin-sdk":{"documents":{"raw":{"9":[1e+21,"\u00e9"],"10":0,"radius":5}},"revision":1}}"#,
    );
    assert_eq!(saves(&host), 1);
    host.put("test.raw", &value);
    assert_eq!(saves(&host), 1);
    host.put("test.raw", json!({"radius": 5, "10": 1}));
    assert_eq!(saves(&host), 2);
}

#[test]
fn a_number_that_would_not_come_back_is_refused() {
    let mut host = Host::start("{}");
    for (which, found) in [
        ("nan", "found a number that is none or infinite"),
        ("infinite", "found a number that is none or infinite"),
        ("u64", "found 18446744073709551615"),
        ("i64", "found 9223372036854775808"),
        ("u128", "found 340282366920938463463374607431768211455"),
        ("key", ""),
    ] {
        let answer = host.put("test.number", which);
        if which == "key" {
            // A key is a text to the server.
            assert_eq!(code(&answer), 200, "{answer}");
            continue;
        }
        let message = answer.message.as_deref().unwrap();
        assert!(message.contains("the document \"number\" was not stored: found"), "{message}");
        assert!(message.contains(found), "{message}");
    }
    for which in ["most", "others"] {
        let answer = host.put("test.number", which);
        assert_eq!(code(&answer), 200, "{answer}");
    }
    let kept: BTreeMap<bool, f64> = storage::load("number").unwrap().unwrap();
    assert_eq!(kept, BTreeMap::from([(true, f64::MAX), (false, 5e-324)]));
}
