use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin(model(context = "vessels.*", context = "aton.*", "navigation.position"))]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }


}

fn main() {}
