use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::resource::Route;

struct Plugin;

#[signalk_plugin(resources(Route))]
impl Plugin {
    fn start() -> Self {
        Self
    }
}

fn main() {}
