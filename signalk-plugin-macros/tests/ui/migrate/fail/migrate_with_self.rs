use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::json::Raw;

struct Plugin;

#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Config {}

#[signalk_plugin]
impl Plugin {
    fn migrate(&self, saved: &Raw) -> Result<Option<Config>> {
        drop(saved);
        Ok(None)
    }

    fn start(config: Config) -> Self {
        drop(config);
        Self
    }
}

fn main() {}
