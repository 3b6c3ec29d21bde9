use signalk_plugin_sdk::prelude::*;

struct Plugin<T>(T);

#[signalk_plugin]
impl<T> Plugin<T> {
    fn start() -> Result<Self> {
        Err(Error::msg("never"))
    }
}

fn main() {}
