use signalk_plugin_sdk::http::Path;
use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Self {
        Self
    }

    #[delta("propulsion.:.revolutions")]
    fn turns(&mut self, Path(_id): Path<String>, _hertz: f64) {}
}

fn main() {}
