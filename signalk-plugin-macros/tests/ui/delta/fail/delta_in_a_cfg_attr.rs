use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }

    #[cfg_attr(feature = "gps", delta("navigation.position"))]
    fn moved(&mut self, _position: Position) {}
}

fn main() {}
