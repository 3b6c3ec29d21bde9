use signalk_plugin_sdk::http::Json;
use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }

    #[get("/api/status")]
    fn handle(&mut self) -> f64 {
        1.0
    }
}

fn main() {
    let _ = Json(1);
}
