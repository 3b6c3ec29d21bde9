//! The smallest useful plugin: the depth below the keel, from an echo sounder that knows only the
//! depth below its transducer.
//!
//! It takes `environment.depth.belowTransducer` and sends `environment.depth.belowKeel`, both in
//! metres.

#![forbid(unsafe_code)]
use signalk_plugin_sdk::prelude::*;

/// Tells the depth below the keel.
// The server's form is made from this type: labels, units and ranges included.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Config {
    /// From the transducer down to the keel (m)
    ///
    /// How much deeper the lowest point of the keel is.
    #[schemars(range(min = 0.0, max = 10.0))]
    transducer_to_keel: f64,
}

impl Default for Config {
    fn default() -> Self {
        Self { transducer_to_keel: 1.0 }
    }
}

/// The plugin.
pub struct Hello {
    config: Config,
}

#[signalk_plugin(name = "Hello, Depth")]
impl Hello {
    fn start(config: Config) -> Result<Self> {
        server::set_status("Waiting for a depth");
        Ok(Self { config })
    }

    #[delta("environment.depth.belowTransducer")]
    fn depth(&mut self, below_transducer: Option<f64>) -> Result<()> {
        // None: the depth was cleared, or timed out. What was made of it must go, too.
        let below_keel = below_transducer.map(|metres| metres - self.config.transducer_to_keel);
        match below_keel {
            // Whole centimetres: the code that formats fractions would take 12 kB of the .wasm.
            Some(metres) => server::set_status(&format!(
                "{} cm below the keel",
                (metres * 100.0).round() as i32
            )),
            None => server::set_status("Waiting for a depth"),
        }
        delta::set("environment.depth.belowKeel", below_keel)
    }
}

#[cfg(test)]
mod tests;
