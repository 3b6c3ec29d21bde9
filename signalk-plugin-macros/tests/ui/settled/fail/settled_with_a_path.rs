use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin(model("navigation.position"))]
impl Plugin {
    fn start() -> Self {
        Self
    }

    #[settled("navigation.position")]
    fn judge(&mut self) {}
}

fn main() {}
