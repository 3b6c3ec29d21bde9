use signalk_plugin_sdk::http::Json;
use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }

    #[get("/api/:a")]
    fn handle(&mut self) {}

    #[get("/API/:b")]
    fn other(&mut self) {}
}

fn main() {
    let _ = Json(1);
}
