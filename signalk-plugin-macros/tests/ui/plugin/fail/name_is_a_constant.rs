use signalk_plugin_sdk::prelude::*;

const NAME: &str = "Plugin";

struct Plugin;

#[signalk_plugin(name = NAME)]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }


}

fn main() {}
