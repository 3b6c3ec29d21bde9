use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }

    #[every("10s")]
    fn check(&mut self, _value: f64) {}
}

fn main() {}
