//! Watches the vessels that AIS tells of: publishes how close each comes, and raises an alarm for each that comes
//! too close too soon.

#![forbid(unsafe_code)]
mod target;

use std::collections::BTreeMap;

use signalk_plugin_sdk::clock::Latest;
use signalk_plugin_sdk::delta::DeltaBuilder;
use signalk_plugin_sdk::model::{self, Vessel};
use signalk_plugin_sdk::motion::Motion;
use signalk_plugin_sdk::notification::{Alarm, AlarmMethod, AlarmSet, AlarmState, Zones};
use signalk_plugin_sdk::prelude::*;

use target::Target;

/// Warns of vessels that come close.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Config {
    /// Warn of vessels that come closer than (m)
    #[schemars(range(min = 20.0, max = 20_000.0))]
    distance: f64,
    /// Within the next (min)
    #[schemars(range(min = 1.0, max = 60.0))]
    time: f64,
    /// Only while the own speed is above (kn)
    ///
    /// At anchor and in a harbour everything is near. 0 watches always.
    #[schemars(range(min = 0.0, max = 20.0))]
    least_speed: f64,
}

impl Default for Config {
    fn default() -> Self {
        Self { distance: 400.0, time: 12.0, least_speed: 1.0 }
    }
}

const KNOT: f64 = 1852.0 / 3600.0; // m/s

/// Position, course and speed of the own vessel are good for so long.
const OWN_STALE: Duration = Duration::from_secs(15);

/// Those of another: by AIS a vessel that hardly moves speaks every three minutes, and one report may be lost.
const OTHER_STALE: Duration = Duration::from_secs(390);

/// Without position, course and speed of the own vessel for so long there is no watch.
const BLIND_AFTER: Duration = Duration::from_secs(30);

/// Also a warning wakes somebody.
const LOUD: &[AlarmMethod] = &[AlarmMethod::Visual, AlarmMethod::Sound];

/// The plugin.
pub struct AisWatch {
    config: Config,
    targets: BTreeMap<Vessel, Target>,
    own: Latest<Motion>,
    /// The own speed: above the least one there is a watch.
    under_way: Zones,
    close: AlarmSet,
    blind: Alarm,
}

#[signalk_plugin(name = "AIS Watch", model(context = "vessels.*", "navigation.*", ""))]
impl AisWatch {
    fn start(config: Config) -> Self {
        let least_speed = config.least_speed * KNOT;
        Self {
            targets: BTreeMap::new(),
            own: Latest::new(BLIND_AFTER),
            under_way: Zones::new(least_speed / 4.0).above(least_speed, AlarmState::Alert),
            close: AlarmSet::new("navigation.closestApproach")
                .methods(AlarmState::Warn, LOUD)
                .refresh_every(Duration::from_secs(30)),
            blind: Alarm::new("navigation.position").methods(AlarmState::Warn, LOUD),
            config,
        }
    }

    #[every("1s")]
    fn look(&mut self) -> Result<()> {
        self.forget_silent()?;
        let Some(own) = own_motion()? else {
            server::set_status("Waiting for position, course and speed of the own vessel");
            return self.tell_if_blind();
        };
        self.own.set(own);
        self.under_way.state_of(own.speed);
        self.blind.clear("There are position, course and speed again")?;

        let mut outcome = Ok(());
        for vessel in model::vessels() {
            // One vessel with odd data is told, and does not keep from looking at the others.
            if let Err(error) = self.judge(&vessel, &own) {
                outcome = Err(error);
            }
        }
        server::set_status(&self.status());
        outcome
    }

    fn stop(&mut self) -> Result<()> {
        for vessel in self.targets.keys() {
            publish(vessel, None)?; // nobody would clear it afterwards
        }
        self.blind.clear("The AIS watch is switched off")?;
        self.close.clear_all("The AIS watch is switched off")
    }
}

impl AisWatch {
    /// At anchor and in a harbour there is no watch, unless the owner wants it.
    fn is_watching(&self) -> bool {
        self.config.least_speed == 0.0 || !self.under_way.state().is_normal()
    }

    /// Who sleeps relies on the watch. In a harbour instruments may be switched off.
    fn tell_if_blind(&mut self) -> Result<()> {
        if !self.own.is_stale() || !self.is_watching() {
            return Ok(());
        }
        self.blind.update(
            AlarmState::Alarm,
            "",
            "No position, course and speed: the AIS watch is blind",
        )
    }

    /// Says how close one vessel comes, and whether that is too close.
    fn judge(&mut self, vessel: &Vessel, own: &Motion) -> Result<()> {
        let Some(other) = motion(vessel, OTHER_STALE)? else {
            return Ok(());
        };
        let is_watching = self.is_watching();
        let Config { distance, time, .. } = self.config;
        let target = self.targets.entry(vessel.clone());
        let target = target.or_insert_with(|| Target::new(distance, time));
        let state = target.approaches(vessel.title(), own.closest_approach(&other));
        // What is made of nothing new is not published again.
        let newest = vessel.entry::<Position>("navigation.position")?.and_then(|it| it.arrived);
        if target.is_new(newest) {
            publish(vessel, Some(target))?;
        }
        if is_watching {
            self.close.update(id(vessel), state, "", &target.text())
        } else {
            self.close.clear(id(vessel), "No watch at this speed")
        }
    }

    /// Ends what is shown of vessels that say nothing any more.
    fn forget_silent(&mut self) -> Result<()> {
        let is_silent = |vessel: &&Vessel| !matches!(motion(vessel, OTHER_STALE), Ok(Some(_)));
        let silent: Vec<_> = self.targets.keys().filter(is_silent).cloned().collect();
        for vessel in silent {
            let name = self.targets.remove(&vessel).map_or_else(String::new, Target::into_name);
            publish(&vessel, None)?;
            self.close.clear(id(&vessel), &format!("Nothing more heard of {name}"))?;
        }
        Ok(())
    }

    fn status(&self) -> String {
        let count = self.targets.len();
        if !self.is_watching() {
            return format!("{count} vessels; no alarms below {} kn", self.config.least_speed);
        }
        let soon = self.targets.values().filter(|target| target.is_soon());
        match soon.min_by(|a, b| a.distance().total_cmp(&b.distance())) {
            Some(target) => format!("{count} vessels; {}", target.text()),
            None => format!("{count} vessels; none comes closer within the next hour"),
        }
    }
}

/// Where the own vessel is now. A course is needed only where there is some speed.
fn own_motion() -> Result<Option<Motion>> {
    let speed = model::get_within::<f64>("navigation.speedOverGround", OWN_STALE)?;
    let own = motion(&model::self_vessel(), OWN_STALE)?.zip(speed);
    let is_known = |(own, speed): &(Motion, f64)| own.speed == *speed || *speed < KNOT / 2.0;
    Ok(own.filter(is_known).map(|(own, _)| own))
}

/// Where a vessel is now, if it has told its position not too long ago. Without a speed or a course it stands still.
fn motion(vessel: &Vessel, stale: Duration) -> Result<Option<Motion>> {
    let Some(position) = vessel.entry::<Position>("navigation.position")? else {
        return Ok(None);
    };
    let Some(age) = position.age.filter(|age| *age <= stale) else {
        return Ok(None);
    };
    let get = |path: &str| vessel.get_within::<f64>(path, stale);
    let told = (get("navigation.courseOverGroundTrue")?, get("navigation.speedOverGround")?);
    Ok(Some(match told {
        (Some(course), Some(speed)) => {
            Motion::new(position.value, course, speed).after(age.as_secs_f64())
        }
        _ => Motion::at_rest(position.value),
    }))
}

/// The last part of the path of its alarm.
fn id(vessel: &Vessel) -> &str {
    vessel.mmsi().unwrap_or(vessel.context())
}

/// Where the specification has it; plotters show it.
fn publish(vessel: &Vessel, target: Option<&Target>) -> Result<()> {
    let closest = target.map(Target::closest);
    DeltaBuilder::new()
        .context(vessel.context())
        .value("navigation.closestApproach", closest)
        .send()
}

#[cfg(test)]
mod tests;
