//! The model of all vessels, as a watch over AIS targets has it, to be measured.

#![forbid(unsafe_code)]
use signalk_plugin_sdk::model;
use signalk_plugin_sdk::prelude::*;

/// Tells how many vessels have a position.
pub struct Bench;

#[signalk_plugin(model(
    context = "vessels.*",
    "navigation.position",
    "navigation.speedOverGround"
))]
impl Bench {
    fn start() -> Self {
        Self
    }

    fn stop(&mut self) -> Result<()> {
        let mut positions = 0;
        for vessel in model::vessels() {
            positions += usize::from(vessel.get::<Position>("navigation.position")?.is_some());
        }
        server::set_status(&positions.to_string());
        Ok(())
    }
}
