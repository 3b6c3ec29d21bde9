use signalk_plugin_sdk::http::Path;
use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Self {
        Self
    }

    #[delta("electrical.*.:id.voltage")]
    fn charge(&mut self, Path(_id): Path<String>, _volts: f64) {}
}

fn main() {}
