use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin(resources)]
impl Plugin {
    fn start() -> Self {
        Self
    }
}

fn main() {}
