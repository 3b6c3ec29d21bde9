//! Anchor watch: tells when the boat drags its anchor, and when it cannot tell.
//!
//! It publishes `navigation.anchor.position`, `.maxRadius` and `.currentRadius`, and raises
//! `notifications.navigation.anchor`: an alarm past the alarm radius, a warning near it or when no
//! position has come for a while.

#![forbid(unsafe_code)]
use flat_projection::FlatProjection;
use signalk_plugin_sdk::notification::State;
use signalk_plugin_sdk::prelude::*;

/// Tells when the boat leaves the circle around its anchor.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Config {
    /// Anchor position
    ///
    /// Without it the anchor is where the boat is at the first fix after the start.
    anchor: Option<Position>,
    /// Alarm radius (m)
    #[schemars(range(min = 10.0, max = 1000.0))]
    max_radius: f64,
    /// Warning radius (m)
    ///
    /// Without it the warning comes at nine tenths of the alarm radius.
    #[schemars(range(min = 5.0, max = 1000.0))]
    warning_radius: Option<f64>,
    /// Hysteresis (m)
    ///
    /// How far the boat must be back inside a radius before its alarm or warning ends.
    #[schemars(range(min = 0.0, max = 100.0))]
    hysteresis: f64,
    /// Position lost after (s)
    ///
    /// The warning comes when there was no position for so long.
    #[schemars(range(min = 5, max = 3600))]
    lost_position_after: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            anchor: None,
            max_radius: 50.0,
            warning_radius: None,
            hysteresis: 5.0,
            lost_position_after: 30,
        }
    }
}

/// The plugin.
pub struct AnchorWatch {
    config: Config,
    anchor: Option<Position>,
    /// By distance alone, whether or not the position is lost just now.
    watch: State,
    /// What the crew was told last, and whether that was for want of a position.
    raised: (State, bool),
    /// When the last position came, on the monotonic clock.
    last_fix: Duration,
}

const PATH: &str = "navigation.anchor";

#[signalk_plugin(name = "Anchor Watch")]
impl AnchorWatch {
    fn start(config: Config) -> Result<Self> {
        config.check()?;
        let anchor = config.anchor;
        let mut plugin = Self {
            config,
            anchor: None,
            watch: State::Normal,
            raised: (State::Normal, false),
            last_fix: clock::monotonic(),
        };
        match anchor {
            Some(anchor) => plugin.drop_anchor(anchor)?,
            None => server::set_status("Waiting for a position to drop the anchor at"),
        }
        notification::clear(PATH, "Watching")?;
        Ok(plugin)
    }

    #[delta("navigation.position")]
    fn moved(&mut self, position: Option<Position>) -> Result<()> {
        // A cleared position is none: the last good one ages, and `check` warns.
        let Some(position) = position.filter(Position::is_valid) else {
            return Ok(());
        };
        self.last_fix = clock::monotonic();
        if self.anchor.is_none() {
            self.drop_anchor(position)?;
        }
        let distance = distance_m(self.anchor.unwrap_or(position), position);
        delta::set("navigation.anchor.currentRadius", distance)?;
        self.watch = self.config.judge(distance, self.watch);
        // Whole metres: the code that formats fractions would take 12 kB of the .wasm.
        let text = format!("{} m of {} m", distance.round() as u32, self.config.max_radius as u32);
        let text = match self.watch {
            State::Alarm => format!("Anchor drags: {text}"),
            State::Warn => format!("Near the limit: {text}"),
            _ => format!("Watching: {text}"),
        };
        server::set_status(&text);
        self.raise(self.watch, false, &text)
    }

    #[every("1s")]
    fn check(&mut self) -> Result<()> {
        let silence = clock::monotonic().saturating_sub(self.last_fix).as_secs();
        if silence < self.config.lost_position_after.into() {
            return Ok(());
        }
        let text = format!("No position for {silence} s: the anchor is not watched");
        server::set_status(&text);
        // A boat that was dragging is not safer for having lost its GPS.
        self.raise(self.watch.max(State::Warn), true, &text)
    }

    fn stop(&mut self) -> Result<()> {
        notification::clear(PATH, "Not watched any more")
    }

    fn drop_anchor(&mut self, position: Position) -> Result<()> {
        self.anchor = Some(position);
        server::set_status("Anchor is down, waiting for a position");
        Outgoing::new()
            .value("navigation.anchor.position", position)
            .value("navigation.anchor.maxRadius", self.config.max_radius)
            .meta("navigation.anchor.maxRadius", Meta::new("m", "Alarm radius"))
            .meta("navigation.anchor.currentRadius", Meta::new("m", "Distance to the anchor"))
            .send()
    }

    /// Tells the crew when something has changed.
    fn raise(&mut self, state: State, lost: bool, text: &str) -> Result<()> {
        if std::mem::replace(&mut self.raised, (state, lost)) == (state, lost) {
            return Ok(());
        }
        notification::raise(PATH, state, text)
    }
}

impl Config {
    /// The form keeps to most of this; a file written by hand may not.
    fn check(&self) -> Result<(), ConfigError> {
        let Self { max_radius: max, hysteresis: back, lost_position_after: lost, .. } = *self;
        let (warning, at) = (self.warning_radius(), self.anchor.unwrap_or(Position::new(0.0, 0.0)));
        for (field, found, is_fine, expected) in [
            ("anchor.latitude", at.latitude, at.latitude.abs() <= 90.0, "-90 to 90 degrees"),
            ("anchor.longitude", at.longitude, at.longitude.abs() <= 180.0, "-180 to 180 degrees"),
            ("maxRadius", max, max >= 1.0, "1 m or more"),
            ("warningRadius", warning, warning > 0.0 && warning < max, "less than maxRadius"),
            ("hysteresis", back, back >= 0.0 && back < warning, "less than warningRadius"),
            ("lostPositionAfter", lost.into(), lost > 0, "1 s or more"),
        ] {
            if !is_fine {
                return Err(ConfigError::expected(field, &found, expected));
            }
        }
        Ok(())
    }

    fn warning_radius(&self) -> f64 {
        self.warning_radius.unwrap_or(self.max_radius * 0.9)
    }

    /// The state at a distance, coming from another.
    fn judge(&self, distance: f64, before: State) -> State {
        let beyond = |radius: f64, held: bool| {
            distance > if held { radius - self.hysteresis } else { radius }
        };
        if beyond(self.max_radius, before >= State::Alarm) {
            State::Alarm
        } else if beyond(self.warning_radius(), before >= State::Warn) {
            State::Warn
        } else {
            State::Normal
        }
    }
}

/// The distance of two places near each other, in metres, on a plane that touches the WGS 84
/// ellipsoid half-way between their latitudes. The tests hold it against the exact geodesic: up to
/// 1 km apart, and up to 80 degrees of latitude, it is right to 1 cm.
fn distance_m(a: Position, b: Position) -> f64 {
    let plane = FlatProjection::new(a.longitude, (a.latitude + b.latitude) / 2.0);
    // The short way, also across the date line.
    let east = b.longitude - a.longitude;
    let east = east - 360.0 * (east / 360.0).round();
    let from = plane.project(a.longitude, a.latitude);
    from.distance(&plane.project(a.longitude + east, b.latitude)) * 1000.0
}

#[cfg(test)]
mod tests;
