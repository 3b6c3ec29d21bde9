//! Every kind of setting that a plugin may have: what the server's form makes of each, and what the
//! plugin gets back from it. It tells what it was started with.

use std::collections::BTreeSet;
use std::time::Duration;

use signalk_plugin_sdk::config::Secret;
use signalk_plugin_sdk::http::Json;
use signalk_plugin_sdk::prelude::*;

/// One of each.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Config {
    /// A number (m)
    ///
    /// From 10 to 1000.
    #[schemars(range(min = 10.0, max = 1000.0))]
    number: f64,
    byte: u8,
    signed: i16,
    large: u64,
    largest: i64,
    text: String,
    #[schemars(length(min = 2, max = 5), regex(pattern = "^[a-z]+$"))]
    word: String,
    letter: char,
    /// A tick.
    ///
    /// On or off.
    tick: bool,
    secret: Secret,
    #[schemars(extend("format" = "date"))]
    date: String,
    #[schemars(extend("format" = "date-time"))]
    moment: String,
    duration: Duration,

    number_option: Option<f64>,
    number_default: Option<u8>,
    text_option: Option<String>,
    text_default: Option<String>,
    tick_option: Option<bool>,
    tick_default: Option<bool>,
    /// Optional group
    ///
    /// All of it, or nothing.
    group_option: Option<Engine>,
    group_default: Option<Flags>,
    list_option: Option<Vec<String>>,

    /// Names
    ///
    /// One for each.
    names: Vec<String>,
    numbers: BTreeSet<i32>,
    ticks: Vec<bool>,
    /// Engines
    engines: Vec<Engine>,
    pair: (f64, String),
    triple: [i32; 3],
    /// A group
    ///
    /// Always there.
    group: Group,
}

/// An engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Engine {
    /// Name
    name: String,
    #[serde(default)]
    running: bool,
    /// Hours (h)
    hours: Option<f64>,
}

/// On unless switched off, and nothing but that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Flags {
    #[serde(default)]
    on: bool,
    number: Option<u8>,
}

/// Settings with others among them.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// Last
    last: bool,
    #[serde(flatten)]
    flat: Flat,
}

/// Settings that stand among the others.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Flat {
    /// Flattened number
    flat_number: f64,
    flat_option: Option<u8>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            number: 50.0,
            byte: 1,
            signed: -1,
            large: 1,
            largest: -1,
            text: String::new(),
            word: "word".to_owned(),
            letter: 'a',
            tick: true,
            secret: Secret::default(),
            date: "2026-01-01".to_owned(),
            moment: "2026-01-01T00:00:00.000Z".to_owned(),
            duration: Duration::from_secs(60),
            number_option: None,
            number_default: Some(5),
            text_option: None,
            text_default: Some("there".to_owned()),
            tick_option: None,
            tick_default: Some(true),
            group_option: None,
            group_default: Some(Flags { on: true, number: None }),
            list_option: None,
            names: Vec::new(),
            numbers: BTreeSet::new(),
            ticks: Vec::new(),
            engines: Vec::new(),
            pair: (1.0, "one".to_owned()),
            triple: [1, 2, 3],
            group: Group { last: false, flat: Flat { flat_number: 1.0, flat_option: Some(1) } },
        }
    }
}

/// The configuration with which the plugin was started.
#[derive(Debug, Clone, Serialize)]
pub struct Started {
    #[serde(flatten)]
    config: Config,
    /// Beside the setting, which is not to be seen everywhere.
    #[serde(rename = "secretRevealed")]
    secret: String,
}

/// The plugin.
#[derive(Debug)]
pub struct FormZoo {
    config: Config,
}

#[signalk_plugin]
impl FormZoo {
    fn start(config: Config) -> Self {
        Self { config }
    }

    #[get("/started")]
    fn started(&self) -> Json<Started> {
        let secret = self.config.secret.reveal().to_owned();
        Json(Started { config: self.config.clone(), secret })
    }
}
