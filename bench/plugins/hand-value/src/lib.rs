//! By hand: the own ship's position, by `serde_json::Value`, as one writes it without a thought of
//! speed.

use serde_json::Value;
use signalk_bench_boundary::{ByHand, Count};

#[derive(Default)]
struct ByValue {
    count: Count,
}

impl ByHand for ByValue {
    const KNOWS_SELF: bool = true;

    fn delta(&mut self, json: &[u8], own: &str) {
        let Ok(delta) = serde_json::from_slice::<Value>(json) else { return };
        if delta["context"] != own {
            return;
        }
        let updates = delta["updates"].as_array().into_iter().flatten();
        for entry in updates.filter_map(|update| update["values"].as_array()).flatten() {
            if entry["path"] == "navigation.position"
                && let Some(latitude) = entry["value"]["latitude"].as_f64()
                && entry["value"]["longitude"].is_number()
            {
                self.count.position(latitude);
            }
        }
    }

    fn counted(&self) -> Count {
        self.count
    }
}

signalk_bench_boundary::plugin!(ByValue);
