//! Anchor watch: tells when the boat drags its anchor, and when it cannot tell.
//!
//! It publishes `navigation.anchor.position`, `.maxRadius` and `.currentRadius`, and raises
//! `notifications.navigation.anchor`. The anchor is dropped and raised by a PUT to its position or
//! over HTTP, and stays where it is when the server restarts.

#![forbid(unsafe_code)]
use signalk_plugin_sdk::notification::{Alarm, Levels, State};
use signalk_plugin_sdk::prelude::*;

/// Tells when the boat leaves the circle around its anchor.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Config {
    /// Anchor position
    ///
    /// Where it lies from the next start on. Without it, and before it was ever dropped or raised in
    /// another way, it is dropped at the first position.
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
        let (anchor, warning_radius) = (None, None);
        Self { anchor, max_radius: 50.0, warning_radius, hysteresis: 5.0, lost_position_after: 30 }
    }
}

impl Config {
    /// How bad which distance is. The SDK has held the settings against the ranges above; these two
    /// depend on one another.
    fn levels(&self) -> Result<Levels, ConfigError> {
        let (max, back) = (self.max_radius, self.hysteresis);
        let warning = self.warning_radius.unwrap_or(max * 0.9);
        ConfigError::unless(
            warning < max,
            "warningRadius",
            &warning,
            "less than the alarm radius",
        )?;
        ConfigError::unless(back < warning, "hysteresis", &back, "less than the warning radius")?;
        Ok(Levels::new(back).above(warning, State::Warn).above(max, State::Alarm))
    }
}

/// The plugin.
pub struct AnchorWatch {
    config: Config,
    /// `None` before it was ever dropped or raised.
    anchor: Option<Anchor>,
    position: clock::Latest<Position>,
    /// By distance alone, whether or not the position is lost just now.
    levels: Levels,
    alarm: Alarm,
}

/// What outlasts a restart.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Anchor {
    /// `None` once it was raised.
    position: Option<Position>,
    /// The setting of then: one that has changed since counts more.
    configured: Option<Position>,
}

/// Distances are in metres.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    anchor: Option<Position>,
    state: State,
    distance: Option<f64>,
    max_radius: f64,
}

#[signalk_plugin(name = "Anchor Watch")]
impl AnchorWatch {
    fn start(config: Config) -> Result<Self> {
        let (levels, alarm) = (config.levels()?, Alarm::new("navigation.anchor"));
        let set = config.anchor;
        let stored = storage::load("anchor")?.filter(|stored: &Anchor| stored.configured == set);
        let anchor = stored.or(set.map(|_| Anchor { position: set, configured: set }));
        let lost_after = Duration::from_secs(config.lost_position_after.into());
        let position = clock::Latest::new(lost_after);
        let mut plugin = Self { config, anchor, position, levels, alarm };
        plugin.publish()?;
        Ok(plugin)
    }

    #[delta("navigation.position")]
    // Not called for a cleared position: the last good one ages, and `check` warns.
    fn moved(&mut self, position: Position) -> Result<()> {
        self.position.set(position.check()?);
        let mut stored = Ok(());
        if self.anchor.is_none() {
            // Watched also where it cannot be stored; the error is shown beside it.
            self.anchor = Some(Anchor { position: Some(position), configured: None });
            stored = storage::save("anchor", &self.anchor);
            self.publish()?;
        }
        let Some(distance) = self.distance() else { return Ok(()) };
        delta::set("navigation.anchor.currentRadius", distance)?;
        let (state, what) = match self.levels.judge(distance) {
            State::Alarm => (State::Alarm, "Anchor drags"),
            State::Warn => (State::Warn, "Near the limit"),
            state => (state, "Watching"),
        };
        // Whole metres: the code that formats fractions would take 12 kB of the .wasm.
        let (now, most) = (distance.round() as u32, self.config.max_radius as u32);
        self.tell(state, what, &format!("{what}: {now} m of {most} m"))?;
        stored
    }

    #[every("1s")]
    fn check(&mut self) -> Result<()> {
        let is_up = self.anchor.is_some_and(|anchor| anchor.position.is_none());
        if is_up || !self.position.is_overdue() {
            return Ok(());
        }
        let silence = self.position.age().as_secs();
        let text = format!("No position for {silence} s: the anchor is not watched");
        // A boat that was dragging is not safer for having lost its GPS.
        self.tell(self.levels.state().max(State::Warn), "lost", &text)
    }

    fn stop(&mut self) -> Result<()> {
        self.alarm.clear("Not watched any more")
    }

    #[put("navigation.anchor.position")]
    fn put_anchor(&mut self, position: Option<Position>) -> Result<()> {
        self.set_anchor(position.map(Position::check).transpose()?)
    }

    #[get("/api/status")]
    fn status(&self) -> http::Json<Status> {
        let anchor = self.anchor.and_then(|anchor| anchor.position);
        let (state, distance) = (self.alarm.state(), self.distance());
        http::Json(Status { anchor, state, distance, max_radius: self.config.max_radius })
    }

    #[post("/api/drop")]
    fn drop_here(&mut self) -> Result<()> {
        let position =
            self.position.get().ok_or(http::StatusError::new(409, "position unknown"))?;
        self.set_anchor(Some(*position))
    }

    #[post("/api/raise")]
    fn raise(&mut self) -> Result<()> {
        self.set_anchor(None)
    }

    /// What cannot be stored is not done.
    fn set_anchor(&mut self, position: Option<Position>) -> Result<()> {
        let anchor = Anchor { position, configured: self.config.anchor };
        storage::save("anchor", &anchor)?;
        self.anchor = Some(anchor);
        self.publish()
    }

    fn distance(&self) -> Option<f64> {
        Some(self.anchor?.position?.distance_to(*self.position.get()?))
    }

    fn publish(&mut self) -> Result<()> {
        let (position, text) = match self.anchor {
            None => (None, "Waiting for a position to drop the anchor at"),
            Some(Anchor { position: None, .. }) => (None, "Anchor is up"),
            Some(anchor) => (anchor.position, "Anchor is down, waiting for a position"),
        };
        server::set_status(text);
        self.levels = self.config.levels()?;
        self.alarm.clear(text)?;
        // Their units are in the server's own list of paths.
        Outgoing::new()
            .value("navigation.anchor.position", position)
            .value("navigation.anchor.maxRadius", self.config.max_radius)
            .value("navigation.anchor.currentRadius", self.distance())
            .send()
    }

    fn tell(&mut self, state: State, reason: &'static str, text: &str) -> Result<()> {
        server::set_status(text);
        self.alarm.tell(state, reason, text)
    }
}

#[cfg(test)]
mod tests;
