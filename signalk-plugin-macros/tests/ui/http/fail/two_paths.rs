use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Self {
        Self
    }

    #[get("/api/a", "/api/b")]
    fn all(&self) {}
}

fn main() {}
