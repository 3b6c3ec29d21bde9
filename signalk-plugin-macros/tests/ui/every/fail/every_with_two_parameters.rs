use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Self {
        Self
    }

    #[every("10s")]
    fn check(&mut self, _elapsed: Duration, _value: f64) {}
}

fn main() {}
