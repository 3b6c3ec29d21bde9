use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }

    fn start(_config: signalk_plugin_sdk::NoConfig) -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
