//! Keeps where the boat was in the last days, and hands it out: in parts that fit the server's
//! buffer, as one large document, and on a page of the package's `public` folder.

#![forbid(unsafe_code)]
mod track;

use std::{cell::Cell, num::NonZero};

use signalk_plugin_sdk::plausible::Plausible;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::{clock, http};

use track::{MOST_OF_PAGE, Page, Track};

/// Keeps where the boat was.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Config {
    /// Keep for (days)
    #[schemars(range(min = 1, max = 30))]
    days: u32,
    /// A point every (m)
    #[schemars(range(min = 1.0, max = 10_000.0))]
    distance: f64,
    /// And at least every (s)
    ///
    /// Where the boat lies still.
    #[schemars(range(min = 1, max = 3600))]
    interval: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self { days: 3, distance: 20.0, interval: 300 }
    }
}

thread_local! {
    /// The track between `stop` and `start`: a save of the settings calls both, in the same memory.
    static KEPT: Cell<Option<Track>> = const { Cell::new(None) };
}

/// The plugin.
pub struct TrackLog {
    config: Config,
    track: Track,
    last: clock::Latest<Position>,
    /// Which places can be: not 0° north and 0° east, which a plotter tells that is switched off.
    places: Plausible<Position>,
}

/// Which part of the track.
#[derive(Deserialize)]
struct Part {
    #[serde(default)]
    after: u64,
    most: Option<NonZero<usize>>,
}

// The longest document has 60,000 points of 36 bytes. The buffer stays once it was used.
#[signalk_plugin(name = "Track Log", response_buffer = "3 MiB")]
impl TrackLog {
    fn start(config: Config) -> Self {
        let track = KEPT.take().unwrap_or_else(Track::new);
        let interval = Duration::from_secs(config.interval.into());
        let mut plugin = Self {
            config,
            track,
            last: clock::Latest::new(interval),
            places: Plausible::position().confirmed_by(0),
        };
        plugin.tidy();
        plugin
    }

    #[delta("navigation.position")]
    fn moved(&mut self, position: Position) -> Result<()> {
        let Some(position) = self.places.believe(position.check()?) else {
            return Ok(());
        };
        let is_near = |last: &Position| last.distance_to(position) < self.config.distance;
        if !self.last.get().is_some_and(is_near) {
            self.last.set(position);
            self.track.push(position);
        }
        Ok(())
    }

    #[every("10s")]
    fn tidy(&mut self) {
        self.track.keep_time();
        self.track.forget(self.config.days * 24 * 3600);
        server::set_status(&format!("{} points", self.track.points.len()));
    }

    fn stop(&mut self) {
        KEPT.set(Some(std::mem::replace(&mut self.track, Track::new())));
    }

    #[get("/api/track")]
    fn part(&self, http::Query(part): http::Query<Part>) -> http::Json<Page> {
        let most = part.most.map_or(MOST_OF_PAGE, |most| most.get().min(MOST_OF_PAGE));
        http::Json(self.track.page(part.after, most))
    }

    #[get("/api/track.geojson")]
    fn whole(&self) -> Result<http::Response> {
        // A line has two ends.
        let track = Some(&self.track).filter(|track| track.points.len() > 1);
        let track = track.ok_or(http::StatusError::new(404, "there is no track yet"))?;
        // Text goes as it is; the server would parse JSON and write it anew, while all else waits.
        Ok(http::Response::text("application/geo+json", track.geojson()?))
    }
}

#[cfg(test)]
mod tests;
