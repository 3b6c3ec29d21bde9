use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Option<Self> {
        Some(Self)
    }
}

fn main() {}
