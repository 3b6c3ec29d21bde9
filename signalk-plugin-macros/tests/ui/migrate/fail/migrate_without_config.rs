use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::json::Raw;

struct Plugin;

#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Config {}

#[signalk_plugin]
impl Plugin {
    fn migrate(_saved: &Raw) -> Result<Option<Config>> {
        Ok(None)
    }

    fn start() -> Self {
        Self
    }
}

fn main() {}
