use signalk_plugin_sdk::prelude::*;

struct Plugin;

struct Knots(#[allow(dead_code)] f64);

#[signalk_plugin]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }

    #[delta("navigation.speedOverGround")]
    fn moved(&mut self, _value: Option<Knots>) {}
}

fn main() {}
