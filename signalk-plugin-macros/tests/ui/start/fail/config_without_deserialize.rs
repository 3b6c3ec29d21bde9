use signalk_plugin_sdk::prelude::*;

#[derive(JsonSchema)]
struct Config {
    #[allow(dead_code)]
    radius: f64,
}

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start(_config: Config) -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
