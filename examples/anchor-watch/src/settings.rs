//! The settings of the form.

use signalk_plugin_sdk::notification::{AlarmState, Zones};
use signalk_plugin_sdk::prelude::*;

/// The least and the greatest alarm radius (m), in the form and by PUT.
pub(crate) const LEAST_RADIUS: f64 = 10.0;
pub(crate) const MOST_RADIUS: f64 = 1000.0;

/// Tells when the boat leaves the circle around its anchor, and when it cannot tell.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Config {
    /// Anchor position
    ///
    /// Drops the anchor here when it is saved. "Not set" leaves the anchor where it lies.
    pub(crate) anchor: Option<Position>,
    /// Alarm radius (m)
    #[schemars(range(min = 10.0, max = 1000.0))]
    pub(crate) max_radius: f64,
    /// Warning radius (m)
    ///
    /// Without it the warning comes at nine tenths of the alarm radius.
    #[schemars(range(min = 5.0, max = 1000.0))]
    pub(crate) warning_radius: Option<f64>,
    /// Hysteresis (m)
    ///
    /// How far the boat must be back inside a radius before its alarm or warning ends.
    #[schemars(range(min = 0.0, max = 100.0))]
    pub(crate) hysteresis: f64,
    /// Position lost after (s)
    ///
    /// The alarm comes when there was no position for so long while the anchor is down.
    #[schemars(range(min = 5, max = 3600))]
    pub(crate) lost_position_after: u32,
    /// Sound for warnings, too
    pub(crate) loud_warnings: bool,
    /// Drop the anchor by itself
    ///
    /// Where the boat comes to rest and stays for two minutes. A berth counts as well as an anchorage.
    pub(crate) drop_at_rest: bool,
    /// GPS antenna to bow (m)
    ///
    /// Along the boat. With it, and a true heading, distances are those of the bow.
    #[schemars(range(min = 0.0, max = 200.0))]
    pub(crate) bow_offset: f64,
    /// Rode (m)
    ///
    /// The chain and rope that is out. With it, and a depth, the scope is shown.
    #[schemars(range(min = 1.0, max = 500.0))]
    pub(crate) rode_length: Option<f64>,
    /// Height of the bow roller above the water (m)
    #[schemars(range(min = 0.0, max = 20.0))]
    pub(crate) bow_height: f64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            anchor: None,
            max_radius: 50.0,
            warning_radius: None,
            hysteresis: 5.0,
            lost_position_after: 30,
            loud_warnings: false,
            drop_at_rest: false,
            bow_offset: 0.0,
            rode_length: None,
            bow_height: 1.0,
        }
    }
}

impl Config {
    /// Checks the settings that depend on one another; the SDK has held each against its range.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let warning = self.warning_of(self.max_radius);
        if let Some(set) = self.warning_radius {
            let is_less = set < self.max_radius;
            ConfigError::ensure(is_less, "warningRadius", &set, "less than maxRadius")?;
        }
        let is_less = self.hysteresis < warning;
        ConfigError::ensure(is_less, "hysteresis", &self.hysteresis, "less than warningRadius")
    }

    /// The zones of the distance, for an alarm radius that need not be the one of the settings.
    pub(crate) fn zones(&self, max_radius: f64) -> Zones {
        let warning = self.warning_of(max_radius);
        // With more, a boat that lies on its anchor would not end the alarm.
        let hysteresis = self.hysteresis.min(warning / 2.0);
        Zones::new(hysteresis).above(warning, AlarmState::Warn).above(max_radius, AlarmState::Alarm)
    }

    fn warning_of(&self, max_radius: f64) -> f64 {
        self.warning_radius.filter(|warning| *warning < max_radius).unwrap_or(max_radius * 0.9)
    }
}
