use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin(model("propulsion.:id.revolutions"))]
impl Plugin {
    fn start() -> Self {
        Self
    }

    #[every("1s")]
    fn check(&mut self) {}
}

fn main() {}
