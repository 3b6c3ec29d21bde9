use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin(name = "")]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
