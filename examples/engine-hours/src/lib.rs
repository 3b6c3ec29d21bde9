//! Engine hours: counts how long each engine has run, and tells when a service is due.
//!
//! It takes `propulsion.<id>.revolutions` of the engines that the owner has listed, and publishes
//! `propulsion.<id>.runTime`. The count is stored each minute and outlasts restarts and power cuts.

#![forbid(unsafe_code)]

mod meter;
mod settings;

use std::collections::{BTreeMap, BTreeSet};

use signalk_plugin_sdk::delta::DeltaBuilder;
use signalk_plugin_sdk::http::{self, Json, Path};
use signalk_plugin_sdk::notification::{Alarm, AlarmState};
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::{clock, storage};

use meter::Meter;
pub use settings::{Config, EngineConfig};

const DOCUMENT: &str = "meters";
const HOUR: f64 = 3600.0;

/// How many engines that are not in the list are shown.
const MOST_OTHERS: usize = 8;

/// The plugin.
pub struct EngineHours {
    config: Config,
    /// By the engine's id; also of engines that are no longer in the list, in case they come back.
    meters: BTreeMap<String, Meter>,
    alarms: BTreeMap<String, Alarm>,
    /// Engines that are heard and not in the list.
    others: BTreeSet<String>,
}

/// An engine in the answer of `/api/engines`. Times are in seconds.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EngineStatus<'a> {
    id: &'a str,
    is_running: bool,
    run_time: f64,
    since_service: f64,
    service_every: Option<f64>,
}

/// What is put to `propulsion.serviceDone`: only the owner knows the ids, so the path cannot have them.
#[derive(Deserialize)]
struct ServiceDone {
    engine: String,
}

#[signalk_plugin(name = "Engine Hours")]
impl EngineHours {
    fn start(config: Config) -> Result<Self> {
        config.check()?;
        let mut meters: BTreeMap<String, Meter> = storage::load(DOCUMENT)?.unwrap_or_default();
        let mut alarms = BTreeMap::new();
        for engine in &config.engines {
            meters.entry(engine.id.clone()).or_default();
            let alarm = Alarm::new(format!("propulsion.{}.service", engine.id));
            alarms.insert(engine.id.clone(), alarm);
        }
        let mut plugin = Self { config, meters, alarms, others: BTreeSet::new() };
        plugin.publish()?;
        Ok(plugin)
    }

    #[delta("propulsion.:id.revolutions")]
    fn turned(&mut self, Path(id): Path<String>, hertz: Option<f64>) {
        if self.engine(&id).is_err() {
            if self.others.len() < MOST_OTHERS {
                self.others.insert(id);
            }
            return;
        }
        let is_running = hertz.is_some_and(|hertz| hertz > self.config.running_above / 60.0);
        self.meters.entry(id).or_default().hear(is_running, clock::monotonic());
    }

    #[every("5s")]
    fn publish(&mut self) -> Result<()> {
        let mut delta = DeltaBuilder::new();
        for engine in &self.config.engines {
            let run_time = self.run_time(engine);
            delta = delta.value(&format!("propulsion.{}.runTime", engine.id), run_time);
        }
        if !self.config.engines.is_empty() {
            delta.send()?;
        }
        server::set_status(&self.line());
        self.tell_of_services()
    }

    #[every("1m")]
    fn store(&mut self) -> Result<()> {
        // What has not changed is not written.
        storage::save(DOCUMENT, &self.meters)
    }

    fn stop(&mut self) -> Result<()> {
        self.store()
    }

    #[put("propulsion.serviceDone")]
    fn put_service_done(&mut self, done: ServiceDone) -> Result<()> {
        self.service_done(Path(done.engine))
    }

    #[post("/api/engines/:id/serviceDone")]
    fn service_done(&mut self, Path(id): Path<String>) -> Result<()> {
        self.engine(&id)?;
        let mut meters = self.meters.clone();
        let meter = meters.entry(id).or_default();
        meter.serviced_at = meter.run_time;
        // If it cannot be stored, that is the answer, and it is not done.
        storage::save(DOCUMENT, &meters)?;
        self.meters = meters;
        self.tell_of_services()
    }

    #[get("/api/engines")]
    fn engines(&self) -> Json<Vec<EngineStatus<'_>>> {
        Json(self.config.engines.iter().map(|engine| self.status_of(engine)).collect())
    }

    fn status_of<'a>(&self, engine: &'a EngineConfig) -> EngineStatus<'a> {
        let meter = self.meter(engine);
        EngineStatus {
            id: &engine.id,
            is_running: meter.is_running(clock::monotonic()),
            run_time: self.run_time(engine),
            since_service: meter.since_service(),
            service_every: engine.service_every.map(|hours| hours * HOUR),
        }
    }

    fn tell_of_services(&mut self) -> Result<()> {
        for engine in &self.config.engines {
            let EngineConfig { id, service_every, .. } = engine;
            let over = service_every.map(|hours| self.meter(engine).since_service() - hours * HOUR);
            let Some(alarm) = self.alarms.get_mut(id) else {
                continue;
            };
            match over {
                Some(over) if over >= 0.0 => {
                    let text = format!("Service of the engine {id} is due since {} h", hours(over));
                    alarm.update(AlarmState::Alert, "due", &text)?;
                }
                _ => alarm.clear(&format!("Service of the engine {id} is not due"))?,
            }
        }
        Ok(())
    }

    /// The line on the dashboard.
    fn line(&self) -> String {
        let now = clock::monotonic();
        let engine = |engine: &EngineConfig| {
            let runs = if self.meter(engine).is_running(now) { " (runs)" } else { "" };
            format!("{}: {} h{runs}", engine.id, hours(self.run_time(engine)))
        };
        let mut parts: Vec<_> = self.config.engines.iter().map(engine).collect();
        if parts.is_empty() {
            parts.push("No engine is in the list".into());
        }
        if !self.others.is_empty() {
            let others: Vec<_> = self.others.iter().map(String::as_str).collect();
            parts.push("heard, and not in the list: ".to_owned() + &others.join(", "));
        }
        parts.join("; ")
    }

    fn engine(&self, id: &str) -> Result<&EngineConfig> {
        let engine = self.config.engines.iter().find(|engine| engine.id == id);
        engine.ok_or_else(|| http::not_found(format!("there is no engine \"{id}\" in the list")))
    }

    fn meter(&self, engine: &EngineConfig) -> Meter {
        self.meters.get(&engine.id).cloned().unwrap_or_default()
    }

    /// All running time of an engine (s).
    fn run_time(&self, engine: &EngineConfig) -> f64 {
        engine.hours_before * HOUR + self.meter(engine).run_time
    }
}

/// Whole hours: the code that formats fractions would take 12 kB of the .wasm.
fn hours(seconds: f64) -> u64 {
    (seconds / HOUR) as u64
}

#[cfg(test)]
mod tests;
