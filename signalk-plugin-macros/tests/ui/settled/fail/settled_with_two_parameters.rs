use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin(model("navigation.position"))]
impl Plugin {
    fn start() -> Self {
        Self
    }

    #[settled]
    fn judge(&mut self, _delta: &delta::Delta<'_>, _metres: f64) {}
}

fn main() {}
