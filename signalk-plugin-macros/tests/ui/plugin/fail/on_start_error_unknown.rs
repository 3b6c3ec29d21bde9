use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin(on_start_error = "explode")]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
