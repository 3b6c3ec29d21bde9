use signalk_plugin_sdk::http::Json;
use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin(response_buffer = "1000 MiB")]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }
}

fn main() {
    let _ = Json(1);
}
