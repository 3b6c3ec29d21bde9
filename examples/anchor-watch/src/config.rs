//! The settings, and what they say about a distance.

use signalk_plugin_sdk::notification::State;
use signalk_plugin_sdk::prelude::*;

/// Tells when the boat leaves the circle around its anchor.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Config {
    /// Anchor position
    ///
    /// Where it lies from the next start on. Without it, and before it was ever dropped or raised in
    /// another way, it is dropped at the first position.
    pub(crate) anchor: Option<Position>,
    /// Alarm radius (m)
    #[schemars(range(min = 10.0, max = 1000.0))]
    pub(crate) max_radius: f64,
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
    pub(crate) lost_position_after: u32,
}

impl Default for Config {
    fn default() -> Self {
        let (anchor, warning_radius) = (None, None);
        Self { anchor, max_radius: 50.0, warning_radius, hysteresis: 5.0, lost_position_after: 30 }
    }
}

impl Config {
    /// The form keeps to most of this; a file written by hand may not.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
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
    pub(crate) fn judge(&self, distance: f64, before: State) -> State {
        let within = |state| if before >= state { self.hysteresis } else { 0.0 };
        if distance > self.max_radius - within(State::Alarm) {
            State::Alarm
        } else if distance > self.warning_radius() - within(State::Warn) {
            State::Warn
        } else {
            State::Normal
        }
    }
}
