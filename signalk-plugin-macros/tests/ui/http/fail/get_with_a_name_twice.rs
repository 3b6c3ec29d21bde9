use signalk_plugin_sdk::prelude::*;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }

    #[get("/:id/:id")]
    fn status(&self) -> &'static str {
        ""
    }
}

fn main() {}
