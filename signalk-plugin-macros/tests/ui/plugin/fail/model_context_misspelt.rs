use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin(model(contxt = "vessels.*", "navigation.position"))]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }


}

fn main() {}
