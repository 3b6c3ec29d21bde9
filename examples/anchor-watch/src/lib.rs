//! Anchor watch: tells when the boat drags its anchor, and when it cannot tell.
//!
//! It publishes `navigation.anchor.position`, `.maxRadius` and `.currentRadius`, and raises
//! `notifications.navigation.anchor`. The anchor is dropped and raised by a PUT to its position or
//! over HTTP, and stays where it is when the server restarts.

#![forbid(unsafe_code)]
mod config;
use config::Config;
use signalk_plugin_sdk::http::{Json, StatusError};
use signalk_plugin_sdk::notification::State;
use signalk_plugin_sdk::{prelude::*, storage};

/// The plugin.
#[derive(Default)]
pub struct AnchorWatch {
    config: Config,
    /// `None` before it was ever dropped or raised.
    anchor: Option<Anchor>,
    position: Option<Position>,
    /// By distance alone, whether or not the position is lost just now.
    watch: State,
    /// What the crew was told last, and whether that was for want of a position.
    raised: (State, bool),
    /// When the last position came, on the monotonic clock.
    last_fix: Duration,
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

const PATH: &str = "navigation.anchor";

#[signalk_plugin(name = "Anchor Watch")]
impl AnchorWatch {
    fn start(config: Config) -> Result<Self> {
        config.check()?;
        let set = config.anchor;
        let stored = storage::load("anchor")?.filter(|stored: &Anchor| stored.configured == set);
        let anchor = stored.or(set.map(|_| Anchor { position: set, configured: set }));
        let last_fix = clock::monotonic();
        let mut plugin = Self { config, anchor, last_fix, ..Self::default() };
        plugin.publish()?;
        Ok(plugin)
    }

    #[delta("navigation.position")]
    fn moved(&mut self, position: Option<Position>) -> Result<()> {
        // A cleared position is none: the last good one ages, and `check` warns.
        let Some(position) = position.filter(Position::is_valid) else {
            return Ok(());
        };
        (self.position, self.last_fix) = (Some(position), clock::monotonic());
        let mut stored = Ok(());
        if self.anchor.is_none() {
            // Watched also where it cannot be stored; the error is shown beside it.
            self.anchor = Some(Anchor { position: self.position, configured: None });
            stored = storage::save("anchor", &self.anchor);
            self.publish()?;
        }
        let Some(distance) = self.distance() else {
            return Ok(());
        };
        delta::set("navigation.anchor.currentRadius", distance)?;
        self.watch = self.config.judge(distance, self.watch);
        let what = match self.watch {
            State::Alarm => "Anchor drags",
            State::Warn => "Near the limit",
            _ => "Watching",
        };
        // Whole metres: the code that formats fractions would take 12 kB of the .wasm.
        let (now, most) = (distance.round() as u32, self.config.max_radius as u32);
        self.tell(self.watch, false, &format!("{what}: {now} m of {most} m"))?;
        stored
    }

    #[every("1s")]
    fn check(&mut self) -> Result<()> {
        let is_up = self.anchor.is_some_and(|anchor| anchor.position.is_none());
        if is_up || !self.is_lost() {
            return Ok(());
        }
        let silence = clock::monotonic().saturating_sub(self.last_fix).as_secs();
        let text = format!("No position for {silence} s: the anchor is not watched");
        // A boat that was dragging is not safer for having lost its GPS.
        self.tell(self.watch.max(State::Warn), true, &text)
    }

    fn stop(&mut self) -> Result<()> {
        notification::clear(PATH, "Not watched any more")
    }

    #[put("navigation.anchor.position")]
    fn put_anchor(&mut self, position: Option<Position>) -> Result<()> {
        ensure!(position.is_none_or(|position| position.is_valid()), "that is no place on earth");
        self.set_anchor(position)
    }

    #[get("/api/status")]
    fn status(&self) -> Json<Status> {
        let anchor = self.anchor.and_then(|anchor| anchor.position);
        let (state, distance, max_radius) =
            (self.raised.0, self.distance(), self.config.max_radius);
        Json(Status { anchor, state, distance, max_radius })
    }

    #[post("/api/drop")]
    fn drop_here(&mut self) -> Result<()> {
        let unknown = || StatusError::new(409, "where the boat is, is not known");
        let position = self.position.filter(|_| !self.is_lost()).ok_or_else(unknown)?;
        self.set_anchor(Some(position))
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

    fn is_lost(&self) -> bool {
        let silence = clock::monotonic().saturating_sub(self.last_fix);
        silence.as_secs() >= self.config.lost_position_after.into()
    }

    fn distance(&self) -> Option<f64> {
        let position = self.position.filter(|_| !self.is_lost())?;
        Some(self.anchor?.position?.distance_to(position))
    }

    fn publish(&mut self) -> Result<()> {
        let (position, text) = match self.anchor {
            None => (None, "Waiting for a position to drop the anchor at"),
            Some(Anchor { position: None, .. }) => (None, "Anchor is up"),
            Some(anchor) => (anchor.position, "Anchor is down, waiting for a position"),
        };
        server::set_status(text);
        (self.watch, self.raised) = (State::Normal, (State::Normal, false));
        notification::clear(PATH, text)?;
        Outgoing::new()
            .value("navigation.anchor.position", position)
            .value("navigation.anchor.maxRadius", self.config.max_radius)
            .value("navigation.anchor.currentRadius", self.distance())
            .meta("navigation.anchor.maxRadius", Meta::new("m", "Alarm radius"))
            .meta("navigation.anchor.currentRadius", Meta::new("m", "Distance to the anchor"))
            .send()
    }

    /// Shows how it stands, and tells the crew when something has changed.
    fn tell(&mut self, state: State, lost: bool, text: &str) -> Result<()> {
        server::set_status(text);
        if std::mem::replace(&mut self.raised, (state, lost)) == (state, lost) {
            return Ok(());
        }
        notification::raise(PATH, state, text)
    }
}

#[cfg(test)]
mod tests;
