use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin(rawSockets)]
impl Plugin {
    fn start() -> Self {
        Self
    }
}

fn main() {}
