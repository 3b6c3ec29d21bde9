use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    #[cfg_attr(all(), cfg(feature = "gps"))]
    fn start() -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
