use signalk_plugin_sdk::http::Json;
use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }

    #[put("navigation.state")]
    fn handle(&mut self, _value: &str) {}
}

fn main() {
    let _ = Json(1);
}
