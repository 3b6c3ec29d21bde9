use signalk_plugin_sdk::delta::Origin;
use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }

    #[delta("navigation.speedOverGround")]
    fn moved(&mut self, _value: f64, _origin: &Origin, _more: u8) {}
}

fn main() {}
