use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin("Test")]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
