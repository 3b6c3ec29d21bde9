//! Anchor watch: tells when the boat drags its anchor, and when it cannot tell.
//!
//! It publishes what it knows below `navigation.anchor`, and raises `notifications.navigation.anchor`.
//! The anchor is dropped and raised by a PUT to its position, over HTTP, or in the settings, and
//! stays where it is when the server restarts.

#![forbid(unsafe_code)]

mod anchor;
mod judge;
mod place;
mod rest;
mod rode;
mod settings;

use signalk_plugin_sdk::delta::{DeltaBuilder, Meta};
use signalk_plugin_sdk::notification::{Alarm, AlarmMethod, AlarmState};
use signalk_plugin_sdk::plausible::Plausible;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::{clock, http};

use anchor::Anchor;
use judge::Judge;
use rest::Rest;
use rode::Rode;
pub use settings::Config;
use settings::{LEAST_RADIUS, MOST_RADIUS};

/// The highest speed of a boat (m/s), and how far apart two fixes of the same place may be
/// (m). What is farther away must be confirmed by the next fix.
const FASTEST: f64 = 15.0;
const SCATTER: f64 = 20.0;

/// The time between two messages of the same alarm.
const REFRESH: Duration = Duration::from_secs(30);

/// The time for which heading, speed and depth count.
const GOOD_FOR: Duration = Duration::from_secs(30);

/// The plugin.
pub struct AnchorWatch {
    config: Config,
    anchor: Anchor,
    /// Tells whether the disk has the anchor as it is.
    is_stored: bool,
    /// Of the GPS antenna.
    position: clock::Latest<Position>,
    plausible_position: Plausible<Position>,
    heading: clock::Latest<f64>,
    speed: clock::Latest<f64>,
    depth: clock::Latest<f64>,
    rest: Rest,
    judge: Judge,
    alarm: Alarm,
}

/// The answer of `/api/status`. Lengths are in metres, the bearing in radians from true north.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    anchor: Option<Position>,
    state: AlarmState,
    distance: Option<f64>,
    bearing: Option<f64>,
    max_radius: f64,
    depth: Option<f64>,
    scope: Option<f64>,
    /// The distance from the anchor to which the rode lets the bow lie.
    reach: Option<f64>,
}

/// The body that `/api/radius` takes.
#[derive(Deserialize)]
struct Radius {
    radius: f64,
}

#[signalk_plugin(name = "Anchor Watch")]
impl AnchorWatch {
    fn start(config: Config) -> Result<Self> {
        config.check()?;
        let stored = Anchor::stored()?;
        let anchor = stored.unwrap_or_default().configured_by(&config);
        let is_up = anchor.position.is_none();
        let nothing_to_store = stored.is_none() && is_up;
        let was_raised = stored.is_some() && is_up;

        let mut alarm = Alarm::new("navigation.anchor").refresh_every(REFRESH);
        if config.loud_warnings {
            alarm = alarm.methods(AlarmState::Warn, &[AlarmMethod::Visual, AlarmMethod::Sound]);
        }
        let lost_after = Duration::from_secs(config.lost_position_after.into());
        let plausible = Plausible::position().rate(FASTEST).scatter(SCATTER);
        let max_radius = anchor.max_radius.unwrap_or(config.max_radius);
        let mut plugin = Self {
            is_stored: nothing_to_store || stored == Some(anchor),
            position: clock::Latest::new(lost_after),
            plausible_position: plausible,
            heading: clock::Latest::new(GOOD_FOR),
            speed: clock::Latest::new(GOOD_FOR),
            depth: clock::Latest::new(GOOD_FOR),
            rest: Rest::new(was_raised),
            judge: Judge::new(config.zones(max_radius)),
            config,
            anchor,
            alarm,
        };
        let bearing = Meta::new("rad", "Direction from the boat to its anchor, from true north");
        let scope = Meta::new("ratio", "Length of the rode by the height of the bow above ground");
        DeltaBuilder::new()
            .meta("navigation.anchor.bearingTrue", bearing)
            .meta("navigation.anchor.scope", scope)
            .send()?;
        plugin.begin_anew()?;
        Ok(plugin)
    }

    // Not called for a position that was cleared: the last good one gets old, and `check` tells.
    #[delta("navigation.position")]
    fn moved(&mut self, position: Position) -> Result<()> {
        let confirms_a_jump = self.plausible_position.doubted().is_some();
        let Some(position) = self.plausible_position.believe(position) else {
            return Ok(());
        };
        self.position.set(position);
        if self.anchor.position.is_some() {
            self.publish_distance()?;
            return self.judge_distance(confirms_a_jump);
        }
        let speed = self.speed.get().copied();
        let has_come_to_rest = self.rest.has_come(position, speed);
        if self.config.drop_at_rest && has_come_to_rest {
            // Watched also if it cannot be stored; `store` tells the owner.
            self.anchor.position = self.bow();
            self.is_stored = false;
            self.begin_anew()?;
        }
        Ok(())
    }

    #[delta("navigation.headingTrue")]
    fn turned(&mut self, heading: f64) {
        self.heading.set(heading);
    }

    #[delta("navigation.speedOverGround")]
    fn sped(&mut self, speed: f64) {
        self.speed.set(speed);
    }

    #[delta("environment.depth.belowSurface")]
    fn sounded(&mut self, depth: f64) -> Result<()> {
        // An echo sounder without a bottom says something absurd.
        if !Plausible::within(0.0..=1000.0).is_possible(&depth) {
            return Ok(());
        }
        self.depth.set(depth);
        match self.scope() {
            Some(scope) => delta::set("navigation.anchor.scope", scope),
            None => Ok(()),
        }
    }

    #[every("1s")]
    fn check(&mut self) -> Result<()> {
        if self.anchor.position.is_none() {
            return Ok(());
        }
        if let Some(distance) = self.distance() {
            let before = self.judge.state();
            let state = self.judge.wait();
            if state != before {
                self.tell_distance(state, distance)?;
            }
        }
        if !self.position.is_stale() {
            return Ok(());
        }
        let silence = self.position.age().as_secs();
        let text = format!("No position for {silence} s: the anchor is not watched");
        // A boat that was dragging is not safer for having lost its GPS.
        let state = self.judge.state().max(AlarmState::Alarm);
        self.tell(state, "lost", &text)
    }

    #[every("1s")]
    fn store(&mut self) -> Result<()> {
        if !self.is_stored {
            self.anchor.store()?;
            self.is_stored = true;
        }
        Ok(())
    }

    fn stop(&mut self) -> Result<()> {
        self.alarm.clear("Not watched any more")
    }

    #[put("navigation.anchor.position")]
    fn put_anchor(&mut self, position: Option<Position>) -> Result<()> {
        if let Some(position) = position {
            position.check()?;
            if !self.plausible_position.is_possible(&position) {
                return Err(http::StatusError::new(
                    400,
                    "0° north, 0° east is where no GPS is heard",
                )
                .into());
            }
        }
        self.set_anchor(self.anchor.lying_at(position))
    }

    #[put("navigation.anchor.maxRadius")]
    fn put_radius(&mut self, radius: f64) -> Result<()> {
        if !(LEAST_RADIUS..=MOST_RADIUS).contains(&radius) {
            return Err(http::StatusError::new(400, "the alarm radius is 10 to 1000 m").into());
        }
        self.set_anchor(self.anchor.within(radius))
    }

    #[get("/api/status")]
    fn status(&self) -> http::Json<Status> {
        let reach = self.rode().zip(self.depth.get()).map(|(rode, depth)| rode.reach(*depth));
        http::Json(Status {
            anchor: self.anchor.position,
            state: self.alarm.state(),
            distance: self.distance(),
            bearing: self.bearing(),
            max_radius: self.max_radius(),
            depth: self.depth.get().copied(),
            scope: self.scope(),
            reach,
        })
    }

    #[post("/api/drop")]
    fn drop_here(&mut self) -> Result<()> {
        let Some(bow) = self.bow() else {
            return Err(http::StatusError::new(409, "position unknown").into());
        };
        self.set_anchor(self.anchor.lying_at(Some(bow)))
    }

    #[post("/api/raise")]
    fn raise(&mut self) -> Result<()> {
        self.set_anchor(self.anchor.lying_at(None))
    }

    #[post("/api/radius")]
    fn set_radius(&mut self, http::Json(body): http::Json<Radius>) -> Result<()> {
        self.put_radius(body.radius)
    }

    /// Does what the crew asks for, unless it cannot be stored.
    fn set_anchor(&mut self, anchor: Anchor) -> Result<()> {
        anchor.store()?;
        self.is_stored = true;
        let was = std::mem::replace(&mut self.anchor, anchor);
        if was.position != anchor.position {
            self.rest = Rest::new(true);
            let text = if anchor.position.is_some() { "Anchor is down" } else { "Anchor is up" };
            self.alarm.clear(text)?;
        }
        self.begin_anew()
    }

    /// Tells where the anchor lies now, and judges the boat's distance as if there had been none
    /// before. An alarm that stands goes on until a position says that all is well.
    fn begin_anew(&mut self) -> Result<()> {
        let text = match (self.anchor.position, self.config.drop_at_rest) {
            (Some(_), _) => "Anchor is down, waiting for a position",
            (None, false) => "Anchor is up",
            (None, true) => "Anchor is up, and dropped where the boat comes to rest",
        };
        server::set_status(text);
        self.judge = Judge::new(self.config.zones(self.max_radius()));
        DeltaBuilder::new()
            .value("navigation.anchor.position", self.anchor.position)
            .value("navigation.anchor.maxRadius", self.max_radius())
            .value("navigation.anchor.scope", self.scope())
            .send()?;
        self.publish_distance()?;
        self.judge_distance(true)
    }

    /// Judges where the boat is now.
    fn judge_distance(&mut self, is_confirmed: bool) -> Result<()> {
        let Some(distance) = self.distance() else {
            return Ok(());
        };
        let state = self.judge.take(distance, is_confirmed);
        self.tell_distance(state, distance)
    }

    fn tell_distance(&mut self, state: AlarmState, distance: f64) -> Result<()> {
        let what = match state {
            AlarmState::Alarm => "Anchor drags",
            AlarmState::Warn => "Near the limit",
            _ => "Watching",
        };
        // Whole metres: the code that formats fractions would take 12 kB of the .wasm.
        let (metres, most) = (distance.round() as u32, self.max_radius().round() as u32);
        self.tell(state, what, &format!("{what}: {metres} m of {most} m"))
    }

    fn publish_distance(&mut self) -> Result<()> {
        DeltaBuilder::new()
            .value("navigation.anchor.currentRadius", self.distance())
            .value("navigation.anchor.bearingTrue", self.bearing())
            .send()
    }

    fn tell(&mut self, state: AlarmState, reason: &str, text: &str) -> Result<()> {
        server::set_status(text);
        self.alarm.update(state, reason, text)
    }

    fn max_radius(&self) -> f64 {
        self.anchor.max_radius.unwrap_or(self.config.max_radius)
    }

    /// The place of the bow; without a heading, that of the antenna.
    fn bow(&self) -> Option<Position> {
        let antenna = *self.position.get()?;
        let place = match self.heading.get() {
            Some(heading) if self.config.bow_offset > 0.0 => {
                place::ahead(antenna, *heading, self.config.bow_offset)
            }
            _ => antenna,
        };
        Some(place)
    }

    fn distance(&self) -> Option<f64> {
        Some(self.anchor.position?.distance_to(self.bow()?))
    }

    fn bearing(&self) -> Option<f64> {
        Some(place::bearing(self.bow()?, self.anchor.position?))
    }

    fn rode(&self) -> Option<Rode> {
        self.anchor.position?;
        Some(Rode { length: self.config.rode_length?, bow_height: self.config.bow_height })
    }

    fn scope(&self) -> Option<f64> {
        self.rode()?.scope(*self.depth.get()?)
    }
}

#[cfg(test)]
mod tests;
