//! The form of the plugin with every kind of setting, in the admin pages of the real servers.
//!
//! Each step sets fields as an owner would, saves, looks at what the plugin was started with, and
//! opens the page anew to see the same in it.

#![recursion_limit = "256"]
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use std::env;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::{Value, json};
use signalk_plugin_tests::env::{InstalledServer, plugin_folder};
use signalk_plugin_tests::{Server, Way, cases};

#[path = "../common/browser.rs"]
mod browser;
mod choices;
mod html;
mod settings;

use browser::{Browser, Form};

/// The key that the SDK keeps beside the settings.
const STORED: &str = "signalk-plugin-sdk";

const ZOO: &str = "signalk-test-form-zoo";
const CHOICES: &str = "signalk-test-form-choices";

/// A server restarts a plugin within a second.
const PATIENCE: Duration = Duration::from_secs(20);

cases! {
    [browser]
    each_setting_is_set_and_cleared
    each_choice_is_made_and_changed
}

fn each_setting_is_set_and_cleared(way: Way) {
    Owner::of(ZOO, way.installed()).sets(&settings::STEPS);
}

fn each_choice_is_made_and_changed(way: Way) {
    Owner::of(CHOICES, way.installed()).sets(&choices::STEPS);
}

/// An act of an owner, and the configuration with which the plugin is to be started then.
type Step = (&'static str, fn(&Form<'_>) -> Result<()>, fn() -> Value);

/// With one plugin, its server and a browser.
struct Owner {
    plugin: &'static str,
    installed: InstalledServer,
    server: Server,
    browser: Browser,
    /// Documents that the form has to leave alone.
    stored: Value,
}

impl Owner {
    fn of(plugin: &'static str, installed: InstalledServer) -> Self {
        let stored = json!({ "revision": 1, "documents": { "a": [1] } });
        let server = Server::builder(installed.clone())
            .enabled_plugin(plugin_folder(plugin).unwrap(), &json!({ STORED: stored }))
            .start()
            .unwrap();
        Self { plugin, installed, server, browser: Browser::start().unwrap(), stored }
    }

    fn form(&self) -> Form<'_> {
        self.browser.form(&self.server, self.plugin).unwrap()
    }

    fn sets(&self, steps: &[Step]) {
        let mut expected = self.started_with().unwrap();
        let form = self.form();
        self.picture(&form, "untouched");
        // What the form shows of a plugin that was never set up is what the plugin goes by.
        self.save(&form, &expected);
        for (step, act, changes) in steps {
            let form = self.form();
            act(&form).unwrap();
            merge(&mut expected, &changes());
            self.picture(&form, step);
            self.save(&form, &expected);
        }
    }

    /// Saves, and holds what the plugin got and what a fresh page shows against what was set.
    fn save(&self, form: &Form<'_>, expected: &Value) {
        let shown = form.shown().unwrap();
        form.save().unwrap();
        let deadline = Instant::now() + PATIENCE;
        // While it restarts, it may not answer.
        let mut started = self.started_with().unwrap_or_default();
        while (started != *expected || !self.is_saved()) && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(200));
            started = self.started_with().unwrap_or(started);
        }
        assert_eq!(form.complaints().unwrap(), Vec::<String>::new());
        for (setting, value) in expected.as_object().unwrap() {
            assert_eq!(started[setting], *value, "{setting}");
        }
        assert_eq!(self.form().shown().unwrap(), shown);
        let entry = self.server.rest().plugin(self.plugin).unwrap();
        let saved = &entry["data"]["configuration"];
        assert_eq!(saved[STORED], self.stored);
        assert_eq!(complaints(&self.installed, &entry["schema"], saved), Vec::<String>::new());
    }

    /// Whether more is saved than what was there at first.
    fn is_saved(&self) -> bool {
        let entry = self.server.rest().plugin(self.plugin).unwrap_or_default();
        entry["data"]["configuration"].as_object().is_some_and(|saved| saved.len() > 1)
    }

    fn started_with(&self) -> Result<Value> {
        let (status, mut answer) =
            self.server.rest().get(&format!("/plugins/{}/started", self.plugin))?;
        if status != 200 {
            bail!("the plugin answers {status}: {answer}");
        }
        // The plugin tells it by another name, for a secret may be written as stars.
        if let Some(settings) = answer.as_object_mut() {
            settings.remove("secret");
        }
        Ok(plain(answer))
    }

    /// To be looked at, where `SIGNALK_TEST_PICTURES` names a folder.
    fn picture(&self, form: &Form<'_>, step: &str) {
        if let Some(folder) = env::var_os("SIGNALK_TEST_PICTURES") {
            let server = self.installed.folder.file_name().unwrap().to_string_lossy();
            let name = format!("{}-{server}-{step}.png", self.plugin);
            form.picture(&PathBuf::from(folder).join(name)).unwrap();
        }
    }
}

/// The complaints of the server's own validator about a configuration.
fn complaints(server: &InstalledServer, schema: &Value, configuration: &Value) -> Vec<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/accepts.cjs");
    let mut node = Command::new(&server.node)
        .arg(script)
        .arg(server.folder.join("node_modules/ajv"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let cases = json!([{ "schema": schema, "configuration": configuration }]);
    node.stdin.take().unwrap().write_all(cases.to_string().as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    let complaints: Vec<Vec<String>> = serde_json::from_slice(&output.stdout).unwrap();
    complaints.concat()
}

/// With each number in one way of writing it: 3.0 is 3.
fn plain(value: Value) -> Value {
    match value {
        Value::Number(number) if number.as_f64().is_some_and(|it| it.fract() == 0.0) => {
            let digits = number.to_string();
            let whole = digits.strip_suffix(".0").unwrap_or(&digits).parse::<i64>().ok();
            whole.map_or(Value::Number(number), Value::from)
        }
        Value::Array(list) => list.into_iter().map(plain).collect(),
        Value::Object(object) => {
            object.into_iter().map(|(key, value)| (key, plain(value))).collect()
        }
        other => other,
    }
}

fn merge(expected: &mut Value, changes: &Value) {
    for (setting, value) in changes.as_object().unwrap() {
        assert!(expected.get(setting).is_some(), "there is no setting {setting}");
        expected[setting] = plain(value.clone());
    }
}
