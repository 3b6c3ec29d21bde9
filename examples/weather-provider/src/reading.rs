//! What the instruments say at one time, and what the barometer did in the 3 hours before.

use std::f64::consts::TAU;
use std::time::SystemTime;

use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::weather::{Outside, WeatherData, Wind};
use signalk_plugin_sdk::{model, notification::State};

#[derive(Serialize, Deserialize)]
pub(crate) struct Reading {
    /// In s since 1970, by the wall clock: no other goes on while the server is restarted.
    pub(crate) time: u64,
    /// In Pa.
    pub(crate) pressure: f64,
    pub(crate) data: WeatherData,
}

impl Reading {
    /// None without a barometer, which it is all about.
    pub(crate) fn take(time: u64) -> Option<Self> {
        let get = |path: &str, least: f64, most: f64| {
            let value = model::get_within::<f64>(path, Duration::from_secs(300));
            // What is no number, or in another unit by mistake, is none.
            value.ok().flatten().filter(|value| (least..=most).contains(value))
        };
        let pressure = get("environment.outside.pressure", 85_000.0, 110_000.0)?;
        let outside = Outside {
            temperature: get("environment.outside.temperature", 200.0, 340.0),
            pressure: Some(pressure),
            relative_humidity: get("environment.outside.relativeHumidity", 0.0, 1.0),
            ..Outside::default()
        };
        let wind = Wind {
            speed_true: get("environment.wind.speedTrue", 0.0, 120.0),
            direction_true: get("environment.wind.directionTrue", 0.0, TAU),
            ..Wind::default()
        };
        let (date, outside, wind) = (date(time), Some(outside), Some(wind));
        let data = WeatherData { date, outside, wind, ..WeatherData::default() };
        Some(Self { time, pressure, data })
    }
}

/// The change of the pressure in 3 hours, in tenths of a hPa.
#[derive(Clone, Copy)]
pub(crate) struct Tendency(i32);

impl Tendency {
    /// From the first reading, and the one nearest to 3 hours before it, within half an hour.
    pub(crate) fn of(readings: &[Reading]) -> Option<Self> {
        let (latest, before) = readings.split_first()?;
        let off = |it: &&Reading| (latest.time - it.time).abs_diff(3 * 3600);
        let before = before.iter().filter(|it| off(it) <= 1800).min_by_key(off)?;
        let hours = (latest.time - before.time) as f64 / 3600.0;
        Some(Self(((latest.pressure - before.pressure) / hours * 3.0 / 10.0).round() as i32))
    }

    pub(crate) fn pascals(self) -> f64 {
        f64::from(self.0) * 10.0
    }

    /// How bad it is, and the words of the Met Office for it (its "Marine forecasts glossary",
    /// pressure tendency in station reports).
    pub(crate) fn judged(self) -> (State, String) {
        let (state, words) = match self.0 {
            ..-60 => (State::Alarm, "falling very rapidly"),
            -60..=-36 => (State::Warn, "falling quickly"),
            -35..=-16 => (State::Normal, "falling"),
            -15..=-1 => (State::Normal, "falling slowly"),
            0 => (State::Normal, "steady"),
            1..=15 => (State::Normal, "rising slowly"),
            16..=35 => (State::Normal, "rising"),
            36..=60 => (State::Normal, "rising quickly"),
            61.. => (State::Normal, "rising very rapidly"),
        };
        (state, format!("Pressure {words}: {} Pa in 3 hours", self.0 * 10))
    }
}

pub(crate) fn date(time: u64) -> String {
    clock::timestamp(SystemTime::UNIX_EPOCH + Duration::from_secs(time))
}
