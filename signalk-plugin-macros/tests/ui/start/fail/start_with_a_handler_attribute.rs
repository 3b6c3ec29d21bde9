use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    #[every("10s")]
    fn start() -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
