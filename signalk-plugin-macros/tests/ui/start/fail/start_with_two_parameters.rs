use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start(_a: signalk_plugin_sdk::NoConfig, _b: bool) -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
