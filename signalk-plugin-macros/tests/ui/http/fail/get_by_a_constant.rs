use signalk_plugin_sdk::prelude::*;

const PATH: &str = "/status";

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Result<Self> {
        Ok(Self)
    }

    #[get(PATH)]
    fn status(&self) -> &'static str {
        PATH
    }
}

fn main() {}
