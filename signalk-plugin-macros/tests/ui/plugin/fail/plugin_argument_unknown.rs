use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin(nmae = "Test")]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
