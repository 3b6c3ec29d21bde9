//! By hand: every vessel's deltas, each read into types that borrow from the text.

use signalk_bench_boundary::{ByHand, Count, Delta};

#[derive(Default)]
struct Every {
    count: Count,
}

impl ByHand for Every {
    const KNOWS_SELF: bool = false;

    fn delta(&mut self, json: &[u8], _: &str) {
        let Ok(delta) = serde_json::from_slice::<Delta<'_>>(json) else { return };
        if !delta.context.starts_with("vessels.") {
            return;
        }
        let values = delta.updates.iter().flat_map(|update| &update.values);
        let letters: usize = values.map(|entry| entry.path.len()).sum();
        self.count.add(i64::try_from(letters).unwrap_or_default());
    }

    fn counted(&self) -> Count {
        self.count
    }
}

signalk_bench_boundary::plugin!(Every);
