use signalk_plugin_sdk::http::Path;
use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Self {
        Self
    }

    #[delta("propulsion.:id.revolutions")]
    fn turns(&mut self, _id: Path<&Plugin>, _hertz: f64) {}
}

fn main() {}
