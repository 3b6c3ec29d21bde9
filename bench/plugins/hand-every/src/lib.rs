//! By hand: every vessel's deltas, each read into types that borrow from the text.

use serde::Deserialize;
use serde_json::value::RawValue;
use signalk_bench_boundary::{ByHand, Count};

#[derive(Deserialize)]
struct Delta<'a> {
    context: &'a str,
    #[serde(borrow)]
    updates: Vec<Update<'a>>,
}

#[derive(Deserialize)]
struct Update<'a> {
    #[serde(borrow, default)]
    values: Vec<PathValue<'a>>,
}

#[derive(Deserialize)]
struct PathValue<'a> {
    path: &'a str,
    #[serde(borrow, rename = "value")]
    _value: &'a RawValue,
}

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
