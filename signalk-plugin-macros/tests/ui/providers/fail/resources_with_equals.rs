use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin(resources = [Route])]
impl Plugin {
    fn start() -> Self {
        Self
    }
}

fn main() {}
