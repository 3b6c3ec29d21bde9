use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin(crate = 5)]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }


}

fn main() {}
