use signalk_plugin_sdk::prelude::*;

const PATH: &str = "navigation.position";

struct Plugin;

#[signalk_plugin(model(PATH))]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }


}

fn main() {}
