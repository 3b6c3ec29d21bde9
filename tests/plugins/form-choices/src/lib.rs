//! Every kind of setting of which one is chosen: what the server's form makes of each, and what the
//! plugin gets back from it. It tells what it was started with.

pub mod choices;

use std::collections::BTreeSet;

use signalk_plugin_sdk::http::Json;
use signalk_plugin_sdk::prelude::*;

use choices::{Adjacent, Documented, External, Internal, Plain, Renamed, Shape, Short, Untagged};

/// One of each.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Config {
    /// Undocumented enum
    plain: Plain,
    /// Documented enum
    ///
    /// Its variants have doc comments.
    documented: Documented,
    renamed: Renamed,
    plain_option: Option<Plain>,
    documented_option: Option<Documented>,
    documented_default: Option<Documented>,
    /// Set of an enum
    ///
    /// One or several.
    plain_set: BTreeSet<Plain>,
    documented_list: Vec<Documented>,
    /// Externally tagged
    ///
    /// As serde does it unless told otherwise.
    external: External,
    external_option: Option<Short>,
    external_default: Option<Short>,
    external_list: Vec<Short>,
    internal: Internal,
    internal_option: Option<Internal>,
    adjacent: Adjacent,
    untagged: Untagged,
    group: Group,
}

/// An engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Engine {
    /// Name
    name: String,
    #[serde(default)]
    running: bool,
    /// Hours (h)
    hours: Option<f64>,
}

/// A group with a choice among its settings
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Group {
    /// Last
    last: bool,
    #[serde(flatten)]
    shape: Shape,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            plain: Plain::Day,
            documented: Documented::Day,
            renamed: Renamed::NorthEast,
            plain_option: None,
            documented_option: None,
            documented_default: Some(Documented::Day),
            plain_set: BTreeSet::new(),
            documented_list: Vec::new(),
            external: External::Off,
            external_option: None,
            external_default: Some(Short::Named { name: "there".to_owned() }),
            external_list: Vec::new(),
            internal: Internal::Nothing,
            internal_option: Some(Internal::Circle { radius: 30.0 }),
            adjacent: Adjacent::Never,
            untagged: Untagged::Number(1.0),
            group: Group { last: true, shape: Shape::Point },
        }
    }
}

/// The plugin.
#[derive(Debug)]
pub struct FormChoices {
    config: Config,
}

#[signalk_plugin]
impl FormChoices {
    fn start(config: Config) -> Self {
        Self { config }
    }

    #[get("/started")]
    fn started(&self) -> Json<Config> {
        Json(self.config.clone())
    }
}
