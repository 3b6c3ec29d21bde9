//! A plugin that tells the server when its start fails, and provides resources when it does not.

use std::collections::BTreeMap;

use sk::prelude::*;
use sk::resource::{Resource, ResourceProvider, ResourceQuery};

/// What the tests set.
#[derive(Deserialize, JsonSchema)]
pub struct Config {
    /// Whether to start.
    #[serde(default)]
    ready: bool,
}

/// The plugin.
#[derive(Debug)]
pub struct Strict;

#[signalk_plugin(on_start_error = "fail", resources(Gadget))]
impl Strict {
    fn start(config: Config) -> Result<Self> {
        ensure!(config.ready, "not ready");
        Ok(Self)
    }
}

/// The only resource there is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Gadget {
    name: String,
}

impl Resource for Gadget {
    const TYPE: &'static str = "gadgets";
}

impl ResourceProvider<Gadget> for Strict {
    fn list(&mut self, _: &ResourceQuery<'_>) -> Result<BTreeMap<String, Gadget>> {
        Ok(BTreeMap::from([("bell".to_owned(), Gadget { name: "Bell".into() })]))
    }

    fn get(&mut self, id: &str) -> Result<Option<Gadget>> {
        Ok((id == "bell").then(|| Gadget { name: "Bell".into() }))
    }
}
