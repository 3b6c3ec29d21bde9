//! What the instruments say at one time, and what the barometer did in the 3 hours before.

use std::f64::consts::TAU;
use std::time::SystemTime;

use signalk_plugin_sdk::notification::AlarmState;
use signalk_plugin_sdk::plausible::Plausible;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::weather::{Outside, WeatherData, Wind};
use signalk_plugin_sdk::{clock, model};

#[derive(Serialize, Deserialize)]
pub(crate) struct Reading {
    /// In s since 1970, by the plugin's clock: none that counts from the start goes on while the server
    /// is restarted.
    pub(crate) time: u64,
    /// In Pa.
    pub(crate) pressure: f64,
    pub(crate) data: WeatherData,
    /// Tells whether it was taken since the plugin was started: if the clock turns out to be wrong, so is the
    /// time of this.
    #[serde(skip)]
    pub(crate) is_of_this_run: bool,
}

/// The greatest age of a value that is an observation of now.
const FRESH: Duration = Duration::from_secs(300);

/// The latest value of a path, if it is fresh and believed.
pub(crate) fn latest(path: &str, plausible: &mut Plausible<f64>) -> Option<f64> {
    // What is no number is none.
    let believed = model::believe(path, plausible).ok().flatten()?;
    plausible.age().filter(|age| *age <= FRESH)?;
    Some(believed)
}

impl Reading {
    /// A reading of now, with the pressure that it is all about.
    pub(crate) fn take(now: u64, pressure: f64) -> Self {
        // In another unit by mistake, it is none.
        let get = |path, possible| latest(path, &mut Plausible::within(possible));
        let outside = Outside {
            temperature: get("environment.outside.temperature", 200.0..=340.0),
            pressure: Some(pressure),
            relative_humidity: get("environment.outside.relativeHumidity", 0.0..=1.0),
            ..Outside::default()
        };
        let wind = Wind {
            speed_true: get("environment.wind.speedTrue", 0.0..=120.0),
            direction_true: get("environment.wind.directionTrue", 0.0..=TAU),
            ..Wind::default()
        };
        let (date, outside, wind) = (date(now), Some(outside), Some(wind));
        let data = WeatherData { date, outside, wind, ..WeatherData::default() };
        Self { time: now, pressure, data, is_of_this_run: true }
    }

    /// Moves it by what the clock was set by (s).
    pub(crate) fn set_by(&mut self, seconds: i64) {
        if seconds != 0 {
            self.time = self.time.saturating_add_signed(seconds);
            self.data.date = date(self.time);
        }
    }

    pub(crate) fn is_within_a_day(&self, now: u64) -> bool {
        now.checked_sub(self.time).is_some_and(|age| age <= 24 * 3600)
    }
}

/// The change of the pressure in 3 hours, in tenths of a hPa.
#[derive(Clone, Copy)]
pub(crate) struct Tendency(i32);

impl Tendency {
    /// From the latest reading, and the one nearest to 3 hours before it, within half an hour.
    pub(crate) fn of<'a>(
        latest: &Reading,
        earlier: impl Iterator<Item = &'a Reading>,
    ) -> Option<Self> {
        let off = |it: &&Reading| (latest.time - it.time).abs_diff(3 * 3600);
        let before = earlier.filter(|it| off(it) <= 1800).min_by_key(off)?;
        let hours = (latest.time - before.time) as f64 / 3600.0;
        Some(Self(((latest.pressure - before.pressure) / hours * 3.0 / 10.0).round() as i32))
    }

    pub(crate) fn pascals(self) -> f64 {
        f64::from(self.0) * 10.0
    }

    /// How bad it is, and the words of the Met Office for it (its "Marine forecasts glossary",
    /// pressure tendency in station reports).
    pub(crate) fn judged(self) -> (AlarmState, String) {
        let (state, words) = match self.0 {
            ..-60 => (AlarmState::Alarm, "falling very rapidly"),
            -60..=-36 => (AlarmState::Warn, "falling quickly"),
            -35..=-16 => (AlarmState::Normal, "falling"),
            -15..=-1 => (AlarmState::Normal, "falling slowly"),
            0 => (AlarmState::Normal, "steady"),
            1..=15 => (AlarmState::Normal, "rising slowly"),
            16..=35 => (AlarmState::Normal, "rising"),
            36..=60 => (AlarmState::Normal, "rising quickly"),
            61.. => (AlarmState::Normal, "rising very rapidly"),
        };
        (state, format!("Pressure {words}: {} Pa in 3 hours", self.0 * 10))
    }
}

pub(crate) fn date(time: u64) -> String {
    clock::format_rfc3339(SystemTime::UNIX_EPOCH + Duration::from_secs(time))
}
