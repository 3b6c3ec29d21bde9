use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }

    #[put("vessels.*.navigation.position")]
    fn put(&mut self, _value: f64) {}
}

fn main() {}
