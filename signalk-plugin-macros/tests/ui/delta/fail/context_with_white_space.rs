use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }

    #[delta("navigation.position", context = "vessels. x")]
    fn moved(&mut self, _position: Position) {}
}

fn main() {}
