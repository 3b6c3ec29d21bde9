use signalk_plugin_sdk::http::Path;
use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Self {
        Self
    }

    #[delta("tanks.:kind.:id.level")]
    fn fill(&mut self, _kind: Path<String>, _id: Path<String>, _ratio: f64) {}
}

fn main() {}
