use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }

    #[delta("navigation.position")]
    fn moved(&mut self, #[cfg(feature = "gps")] _position: Position) {}
}

fn main() {}
