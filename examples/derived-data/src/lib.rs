//! Values that no instrument measures, made of those that some do: true wind, dew point, set and
//! drift. One more value is one more row in `DERIVED`, and its formula.

#![forbid(unsafe_code)]
mod formulas;

use std::f64::consts::{PI, TAU};
use std::ops::RangeInclusive;

use signalk_plugin_sdk::delta::{DeltaBuilder, Meta};
use signalk_plugin_sdk::plausible::Plausible;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::{clock, model};

use formulas::{Value, current, dew_point, wind_angle, wind_direction, wind_speed};

/// Makes true wind, dew point, set and drift of what the instruments say.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Config {
    /// Wind, speed and course are stale after (s)
    #[schemars(range(min = 2, max = 60))]
    stale_after: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self { stale_after: 5 }
    }
}

type Formula = fn(&mut Inputs) -> Option<Value>;

/// Path, formula, unit and description.
const DERIVED: [(&str, Formula, &str, &str); 5] = [
    ("environment.wind.speedTrue", wind_speed, "m/s", "Speed of the wind over the water"),
    ("environment.wind.angleTrueWater", wind_angle, "rad", "Where from, negative to port"),
    ("environment.wind.directionTrue", wind_direction, "rad", "Where from, from true north"),
    ("environment.outside.dewPointTemperature", dew_point, "K", "Where dew begins to form"),
    ("environment.current", current, "", "Drift (m/s) and set (rad, from true north)"),
];

/// The plugin.
pub struct DerivedData {
    stale_after: Duration,
    /// Which values the server has now: to be cleared when there are none any more.
    shown: [bool; DERIVED.len()],
    /// When the inputs were looked at last, on the monotonic clock.
    looked: Duration,
}

#[signalk_plugin(
    name = "Derived Data",
    model("environment.wind.*Apparent", "environment.outside.*", "navigation.*")
)]
impl DerivedData {
    fn start(Config { stale_after }: Config) -> Result<Self> {
        let mut described = DeltaBuilder::new();
        // The parts of the current have a unit each, as the server knows.
        for (path, _, units, text) in DERIVED.iter().filter(|(.., units, _)| !units.is_empty()) {
            described = described.meta(path, Meta::new(units, text));
        }
        described.send()?;
        let stale_after = Duration::from_secs(stale_after.into());
        Ok(Self { stale_after, shown: Default::default(), looked: clock::monotonic() })
    }

    // Not with every delta: speed and angle come one after the other, and a new speed with an old
    // angle is a wind that never blew.
    #[every("1s")]
    fn derive(&mut self) -> Result<()> {
        let now = clock::monotonic();
        let since_last = now.saturating_sub(std::mem::replace(&mut self.looked, now));
        let mut outcome = Ok(());
        for ((path, formula, ..), is_shown) in DERIVED.into_iter().zip(&mut self.shown) {
            let stale_after = self.stale_after;
            let mut inputs = Inputs { stale_after, newest: Duration::MAX, problem: Ok(()) };
            let value = formula(&mut inputs);
            // What is made of nothing new is not sent again: it would look newer than it is.
            let is_new = value.is_some() && inputs.newest <= since_last;
            if is_new || (value.is_none() && *is_shown) {
                *is_shown = value.is_some();
                delta::set(path, value)?; // none clears
            }
            outcome = outcome.and(inputs.problem);
        }
        let shown = self.shown.iter().filter(|is_shown| **is_shown).count();
        server::set_status(&format!("{shown} of {} values have their inputs", DERIVED.len()));
        outcome
    }

    fn stop(&mut self) -> Result<()> {
        // Nobody would clear them afterwards.
        let mut shown = DERIVED.into_iter().zip(self.shown).filter(|(_, is_shown)| *is_shown);
        shown.try_for_each(|((path, ..), _)| delta::clear(path))
    }
}

/// The instruments, and what their values can be. What lies outside is the number that an instrument
/// tells when it knows none: 6.5535 rad, for example, or 655.35 m/s.
const INSTRUMENTS: [(&str, RangeInclusive<f64>); 11] = [
    ("environment.wind.speedApparent", 0.0..=120.0),
    ("environment.wind.angleApparent", -TAU..=TAU),
    ("navigation.speedThroughWater", -50.0..=100.0),
    ("navigation.speedOverGround", 0.0..=100.0),
    ("navigation.courseOverGroundTrue", -TAU..=TAU),
    ("navigation.headingTrue", -TAU..=TAU),
    ("navigation.headingMagnetic", -TAU..=TAU),
    (VARIATION, -PI..=PI),
    ("environment.outside.temperature", 180.0..=350.0),
    ("environment.outside.relativeHumidity", 0.0..=1.0),
    ("environment.outside.humidity", 0.0..=1.0),
];

const VARIATION: &str = "navigation.magneticVariation";

/// A value of a thermometer, a hygrometer or the earth's magnetic field is good for so long: they
/// often tell once a minute, and what they tell does not change faster.
const SLOW: Duration = Duration::from_secs(300);

/// What a formula may use: fresh values of the own ship.
struct Inputs {
    stale_after: Duration,
    /// The age of the newest value that was used.
    newest: Duration,
    /// A value that is no number counts as none, and is told.
    problem: Result<()>,
}

impl Inputs {
    fn get(&mut self, path: &str) -> Option<f64> {
        let (_, range) = INSTRUMENTS.into_iter().find(|(known, _)| *known == path)?;
        let mut plausible = Plausible::within(range);
        match model::believe(path, &mut plausible) {
            Ok(_) => {}
            Err(problem) => self.problem = Err(problem),
        }
        let Some(value) = plausible.last() else {
            self.look_for_percent(path);
            return None;
        };
        let is_slow = path == VARIATION || path.starts_with("environment.outside.");
        let good_for = if is_slow { SLOW } else { self.stale_after };
        let age = plausible.age().filter(|age| *age <= good_for)?;
        self.newest = self.newest.min(age);
        Some(value)
    }

    /// Some hygrometers tell percent, where Signal K has a ratio. To take it for one would be to guess,
    /// but the owner can set it right.
    fn look_for_percent(&mut self, path: &str) {
        if !path.ends_with("umidity") {
            return;
        }
        let told = model::get_within::<f64>(path, SLOW).ok().flatten();
        if let Some(percent) = told.filter(|told| (1.0..=100.0).contains(told)) {
            let problem = format!(
                "{path}: found {percent:.0}, expected a ratio of 0 to 1: is it in percent?"
            );
            self.problem = Err(Error::msg(problem));
        }
    }
}

#[cfg(test)]
mod tests;
