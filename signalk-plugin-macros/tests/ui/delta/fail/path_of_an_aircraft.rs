use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }

    #[delta("aircraft.x.y")]
    fn moved(&mut self, _position: Position) {}
}

fn main() {}
