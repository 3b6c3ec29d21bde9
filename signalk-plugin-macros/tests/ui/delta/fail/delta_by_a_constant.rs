use signalk_plugin_sdk::prelude::*;

const PATH: &str = "navigation.position";

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }

    #[delta(PATH)]
    fn moved(&mut self, _position: Position) {}
}

fn main() {}
