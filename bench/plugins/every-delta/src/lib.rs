//! One handler of every vessel's deltas, to be measured.

#![forbid(unsafe_code)]
use signalk_plugin_sdk::delta::Delta;
use signalk_plugin_sdk::prelude::*;

/// Counts deltas, and the letters of their paths.
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
    fn heard(&mut self, delta: &Delta<'_>) {
        let values = delta.updates.iter().flat_map(|update| &update.values);
        self.deltas += 1;
        self.sum += values.map(|value| value.path.len()).sum::<usize>();
    }

    fn stop(&mut self) {
        server::set_status(&format!("{} {}", self.deltas, self.sum));
    }
}
