//! By hand: the positions and speeds of all vessels, read into types and kept in a map, as a watch over AIS targets
//! written without the SDK has them.

use std::collections::BTreeMap;

use memchr::memmem;
use serde::Deserialize;
use signalk_bench_boundary::{ByHand, Count, Delta};

#[derive(Deserialize)]
struct Position {
    latitude: f64,
    longitude: f64,
}

#[derive(Default)]
struct Target {
    position: Option<Position>,
    speed: Option<f64>,
}

#[derive(Default)]
struct Fleet {
    targets: BTreeMap<String, Target>,
    count: Count,
}

impl ByHand for Fleet {
    const KNOWS_SELF: bool = false;

    fn delta(&mut self, json: &[u8], _own: &str) {
        if memmem::find(json, b"\"navigation.").is_none() {
            return;
        }
        let Ok(delta) = serde_json::from_slice::<Delta<'_>>(json) else { return };
        if !self.targets.contains_key(delta.context) {
            self.targets.insert(delta.context.to_owned(), Target::default());
        }
        let Some(target) = self.targets.get_mut(delta.context) else { return };
        for entry in delta.updates.iter().flat_map(|update| &update.values) {
            match entry.path {
                "navigation.position" => {
                    target.position = serde_json::from_str(entry.value.get()).ok();
                    if let Some(position) = &target.position {
                        self.count.position(position.latitude);
                    }
                }
                "navigation.speedOverGround" => {
                    target.speed = serde_json::from_str(entry.value.get()).ok();
                }
                _ => {}
            }
        }
    }

    fn counted(&self) -> Count {
        // What is kept has to be there.
        let is_there = |target: &Target| {
            target.position.as_ref().is_some_and(|it| it.longitude.is_finite())
                || target.speed.is_some()
        };
        assert!(self.targets.values().all(is_there));
        self.count
    }
}

signalk_bench_boundary::plugin!(Fleet);
