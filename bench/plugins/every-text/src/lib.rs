//! One handler of the text of every vessel's deltas, to be measured.

#![forbid(unsafe_code)]
use signalk_plugin_sdk::prelude::*;

/// Counts deltas, and their bytes.
#[derive(Default)]
pub struct Bench {
    deltas: u64,
    sum: usize,
}

#[signalk_plugin]
impl Bench {
    fn start() -> Self {
        Self::default()
    }

    #[delta(context = "vessels.*")]
    fn heard(&mut self, delta: &str) {
        self.deltas += 1;
        self.sum += delta.len();
    }

    fn stop(&mut self) {
        server::set_status(&format!("{} {}", self.deltas, self.sum));
    }
}
