//! A plugin that takes a whole busy bus and counts what it misses.
//!
//! It does what real ones do with it: single values of the own ship, positions of others, whole
//! deltas, the copy of the data model, and a derived value for some of what comes.

use std::collections::BTreeMap;

use signalk_plugin_sdk::delta::{Delta, Origin};
use signalk_plugin_sdk::http::Json;
use signalk_plugin_sdk::json::Raw;
use signalk_plugin_sdk::model;
use signalk_plugin_sdk::prelude::*;

/// What it has counted.
#[derive(Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    /// Deltas of the bus, by the number that each carries.
    deltas: u64,
    /// Numbers that were skipped.
    lost: u64,
    /// Numbers that came twice or late.
    disordered: u64,
    /// Values in all deltas.
    values: u64,
    vessels: usize,
    /// Of the instance, which never shrinks.
    memory_bytes: usize,
}

/// The plugin.
#[derive(Default)]
pub struct Soak {
    figures: Figures,
    next: u64,
    positions: BTreeMap<String, Position>,
    speed: f64,
}

#[signalk_plugin(name = "Soak", model("environment.*", "propulsion.*"))]
impl Soak {
    fn start() -> Self {
        Self::default()
    }

    #[delta("test.sequence", context = "vessels.*", all_sources = true)]
    fn number(&mut self, number: u64) {
        // The first says where the bus begins.
        if self.figures.deltas > 0 {
            match number.checked_sub(self.next) {
                Some(skipped) => self.figures.lost += skipped,
                None => self.figures.disordered += 1,
            }
        }
        self.figures.deltas += 1;
        self.next = self.next.max(number + 1);
    }

    #[delta("navigation.position", context = "vessels.*")]
    fn position(&mut self, position: Position, origin: &Origin<'_>) {
        match self.positions.get_mut(origin.context) {
            Some(known) => *known = position,
            None => drop(self.positions.insert(origin.context.to_owned(), position)),
        }
    }

    #[delta("navigation.speedOverGround")]
    fn speed(&mut self, speed: f64) -> Result<()> {
        self.speed = 0.99 * self.speed + 0.01 * speed;
        delta::set("test.smoothedSpeed", self.speed)
    }

    #[delta(context = "*")]
    fn whole(&mut self, delta: &Delta<'_>) {
        let values: usize = delta.updates.iter().map(|update| update.values.len()).sum();
        self.figures.values += values as u64;
    }

    #[every("1s")]
    fn tell(&mut self) -> Result<()> {
        let wind = model::get::<Raw>("environment.wind.speedApparent")?;
        server::set_status(&format!(
            "{} deltas, wind {}",
            self.figures.deltas,
            wind.unwrap_or_default()
        ));
        Ok(())
    }

    /// Builds one text after the other, each longer than the last, as a plugin does that keeps a track.
    #[post("/api/texts")]
    fn texts(&mut self) {
        const STEP: usize = 64 << 10;
        let mut last = String::new();
        let mut beside = Vec::new();
        for step in 1..150 {
            let next = String::with_capacity(step * STEP);
            beside.push(Box::new([0u8; 24]));
            drop(std::mem::replace(&mut last, std::hint::black_box(next)));
        }
        std::hint::black_box((last, beside));
    }

    #[get("/api/figures")]
    fn figures(&self) -> Json<Figures> {
        let vessels = self.positions.len();
        Json(Figures { vessels, memory_bytes: memory_bytes(), ..self.figures.clone() })
    }
}

#[cfg(target_family = "wasm")]
fn memory_bytes() -> usize {
    core::arch::wasm32::memory_size(0) * 65_536
}

#[cfg(not(target_family = "wasm"))]
fn memory_bytes() -> usize {
    0
}
