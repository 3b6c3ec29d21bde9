use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Config {}

#[signalk_plugin]
impl Plugin {
    fn migrate(_saved: &str) -> Result<Option<Config>> {
        Ok(None)
    }

    fn start(config: Config) -> Self {
        drop(config);
        Self
    }
}

fn main() {}
