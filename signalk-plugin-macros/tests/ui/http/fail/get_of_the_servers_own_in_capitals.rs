use signalk_plugin_sdk::http::Json;
use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }

    #[get("/Config")]
    fn handle(&mut self) {}
}

fn main() {
    let _ = Json(1);
}
