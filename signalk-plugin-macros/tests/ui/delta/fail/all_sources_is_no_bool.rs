use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }

    #[delta("navigation.speedOverGround", all_sources = "yes")]
    fn moved(&mut self, _value: Option<f64>) {}
}

fn main() {}
