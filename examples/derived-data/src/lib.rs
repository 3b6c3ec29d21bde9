//! Values that no instrument measures, made of those that some do: true wind, dew point, set and
//! drift. One more value is one more row in `DERIVED`, and its formula.

#![forbid(unsafe_code)]
mod formulas;

use signalk_plugin_sdk::prelude::*;

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
        let mut described = Outgoing::new();
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
        // A thermometer often tells once a minute, and the air does not change faster.
        let is_air = path.starts_with("environment.outside.");
        let stale_after = if is_air { Duration::from_secs(300) } else { self.stale_after };
        let entry = model::entry::<f64>(path).map_err(|problem| self.problem = Err(problem));
        let entry = entry.ok().flatten()?;
        self.newest = self.newest.min(entry.age.filter(|age| *age <= stale_after)?);
        Some(entry.value)
    }
}

#[cfg(test)]
mod tests;
