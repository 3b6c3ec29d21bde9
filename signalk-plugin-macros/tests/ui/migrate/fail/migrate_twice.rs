use signalk_plugin_sdk::json::Raw;
use signalk_plugin_sdk::prelude::*;

#[derive(Deserialize, Serialize, JsonSchema)]
struct Config {}

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start(_config: Config) -> Result<Self> {
        Ok(Self)
    }

    fn migrate(_saved: &Raw) -> Result<Option<Config>> {
        Ok(None)
    }

    fn migrate(_saved: &Raw) -> Result<Option<Config>> {
        Ok(None)
    }
}

fn main() {}
