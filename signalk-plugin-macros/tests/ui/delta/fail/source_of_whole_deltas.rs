use signalk_plugin_sdk::delta::Delta;
use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }

    #[delta(source = "gps.A")]
    fn moved(&mut self, _delta: &Delta<'_>) {}
}

fn main() {}
