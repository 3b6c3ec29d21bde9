use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    #[cfg(all())]
    fn start() -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
