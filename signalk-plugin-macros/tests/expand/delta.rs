//! Values in, from the source that a setting names, and what runs from time to time.
#![deny(warnings)]

use signalk_plugin_sdk::delta::Origin;
use signalk_plugin_sdk::prelude::*;

#[derive(Deserialize, JsonSchema)]
pub struct Config {
    sounder: String,
}

pub struct Plugin {
    config: Config,
    shallowest: Option<f64>,
}

#[signalk_plugin(name = "Shallowest")]
impl Plugin {
    fn start(config: Config) -> Result<Self> {
        Ok(Self { config, shallowest: None })
    }

    #[delta("environment.depth.*", source = &self.config.sounder)]
    fn depth(&mut self, metres: Option<f64>, origin: &Origin<'_>) -> Result<()> {
        ensure!(!origin.path.is_empty(), "no path");
        self.shallowest = self.shallowest.into_iter().chain(metres).reduce(f64::min);
        Ok(())
    }

    #[every("10s")]
    fn tell(&self) {
        server::set_status(&format!("{:?} m", self.shallowest));
    }
}

fn main() {}
