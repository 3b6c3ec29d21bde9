use signalk_plugin_sdk::http::Json;
use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }

    #[put]
    fn handle(&mut self, _value: f64) {}
}

fn main() {
    let _ = Json(1);
}
