//! One handler of the own ship's position, to be measured.

#![forbid(unsafe_code)]
use signalk_plugin_sdk::prelude::*;

/// Counts positions, and sums up their latitudes in millionths of a degree.
#[derive(Default)]
pub struct Bench {
    positions: u64,
    sum: i64,
}

#[signalk_plugin]
impl Bench {
    fn start() -> Self {
        Self::default()
    }

    #[delta("navigation.position")]
    fn moved(&mut self, position: Position) {
        self.positions += 1;
        self.sum += (position.latitude * 1e6) as i64;
    }

    fn stop(&mut self) {
        server::set_status(&format!("{} {}", self.positions, self.sum));
    }
}
