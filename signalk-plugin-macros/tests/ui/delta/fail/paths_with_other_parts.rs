use signalk_plugin_sdk::http::Path;
use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Self {
        Self
    }

    #[delta("propulsion.:id.revolutions", "tanks.:kind.:id.level")]
    fn turns(&mut self, Path(_id): Path<String>, _value: f64) {}
}

fn main() {}
