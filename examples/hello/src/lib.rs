//! The smallest useful plugin: the depth below the keel, from an echo sounder that knows only the
//! depth below its transducer.
//!
//! It takes `environment.depth.belowTransducer` and sends `environment.depth.belowKeel`, both in
//! metres.

#![forbid(unsafe_code)]
use signalk_plugin_sdk::plausible::Plausible;
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

const BELOW_KEEL: &str = "environment.depth.belowKeel";

/// The plugin.
pub struct Hello {
    config: Config,
    /// Which depths can be. A sounder that finds no bottom tells 42,949,672.95 m, for example.
    depths: Plausible<f64>,
    /// Tells whether the server has a depth of ours, which is to be cleared once it is unknown.
    is_sent: bool,
}

#[signalk_plugin(name = "Hello, Depth")]
impl Hello {
    fn start(config: Config) -> Result<Self> {
        server::set_status("Waiting for a depth");
        // No sea is deeper than 11 km.
        let depths = Plausible::within(0.0..=11_000.0);
        Ok(Self { config, depths, is_sent: false })
    }

    // `None` says that the depth was cleared, or timed out.
    #[delta("environment.depth.belowTransducer")]
    fn depth(&mut self, told: Option<f64>) -> Result<()> {
        let believed = told.and_then(|depth| self.depths.believe(depth));
        let Some(below_transducer) = believed else {
            server::set_status("Waiting for a depth");
            return self.clear();
        };
        let below_keel = below_transducer - self.config.transducer_to_keel;
        // Whole centimetres: the code that formats fractions would take 12 kB of the .wasm.
        let centimetres = (below_keel * 100.0).round() as i32;
        server::set_status(&format!("{centimetres} cm below the keel"));
        self.is_sent = true;
        delta::set(BELOW_KEEL, below_keel)
    }

    fn stop(&mut self) -> Result<()> {
        // Nobody would clear it afterwards, and it would look as if it were still measured.
        self.clear()
    }

    /// Clears what was made of a depth, which must go with it.
    fn clear(&mut self) -> Result<()> {
        if !self.is_sent {
            return Ok(());
        }
        self.is_sent = false;
        delta::clear(BELOW_KEEL)
    }
}

#[cfg(test)]
mod tests;
