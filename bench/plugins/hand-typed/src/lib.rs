//! By hand: the own ship's position, for which the bytes are searched first; only a delta that has it is
//! read, into types that borrow from the text.

use memchr::memmem;
use serde::Deserialize;
use signalk_bench_boundary::{ByHand, Count, Delta};

const PATH: &str = "navigation.position";

#[derive(Deserialize)]
struct Position {
    latitude: f64,
    #[serde(rename = "longitude")]
    _longitude: f64,
}

#[derive(Default)]
struct Typed {
    count: Count,
}

impl ByHand for Typed {
    const KNOWS_SELF: bool = true;

    fn delta(&mut self, json: &[u8], own: &str) {
        if memmem::find(json, PATH.as_bytes()).is_none() {
            return;
        }
        let Ok(delta) = serde_json::from_slice::<Delta<'_>>(json) else { return };
        if delta.context != own {
            return;
        }
        for entry in delta.updates.iter().flat_map(|update| &update.values) {
            if entry.path == PATH
                && let Ok(position) = serde_json::from_str::<Position>(entry.value.get())
            {
                self.count.position(position.latitude);
            }
        }
    }

    fn counted(&self) -> Count {
        self.count
    }
}

signalk_bench_boundary::plugin!(Typed);
