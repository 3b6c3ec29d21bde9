use signalk_plugin_sdk::prelude::*;

struct Plugin;

trait Start: Sized {
    fn start() -> Result<Self>;
}

#[signalk_plugin]
impl Start for Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
