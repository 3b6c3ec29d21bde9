use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin(name = "Anchor\0")]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }


}

fn main() {}
