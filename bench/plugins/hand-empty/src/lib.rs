//! By hand: a handler that does nothing, so that all it takes is the host's.

use signalk_bench_boundary::{ByHand, Count};

#[derive(Default)]
struct Empty;

impl ByHand for Empty {
    const KNOWS_SELF: bool = false;

    fn delta(&mut self, _: &[u8], _: &str) {}

    fn counted(&self) -> Count {
        Count::default()
    }
}

signalk_bench_boundary::plugin!(Empty);
