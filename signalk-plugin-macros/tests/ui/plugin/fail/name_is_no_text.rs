use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin(name = Test)]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
