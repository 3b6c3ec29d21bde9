use signalk_plugin_sdk::prelude::*;

macro_rules! stop {
    () => {
        fn stop(&mut self) {}
    };
}

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }

    stop!();
}

fn main() {}
