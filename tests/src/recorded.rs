//! What a weather service answers (`examples/weather/recorded`), and what it says in SI units.

use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};

const HOUR: u64 = 3600;

/// Name in the service's document, in the server's weather data, and from the one unit to the other.
type Rule = (&'static str, &'static str, fn(f64) -> f64);

const POINT: [Rule; 12] = [
    ("temperature_2m", "/outside/temperature", |celsius| celsius + 273.15),
    ("dew_point_2m", "/outside/dewPointTemperature", |celsius| celsius + 273.15),
    ("apparent_temperature", "/outside/feelsLikeTemperature", |celsius| celsius + 273.15),
    ("relative_humidity_2m", "/outside/relativeHumidity", |percent| percent / 100.0),
    ("pressure_msl", "/outside/pressure", |hectopascals| hectopascals * 100.0),
    ("cloud_cover", "/outside/cloudCover", |percent| percent / 100.0),
    ("visibility", "/outside/horizontalVisibility", |metres| metres),
    ("uv_index", "/outside/uvIndex", |index| index),
    ("precipitation", "/outside/precipitationVolume", |millimetres| millimetres / 1000.0),
    ("wind_speed_10m", "/wind/speedTrue", |metres| metres),
    ("wind_gusts_10m", "/wind/gust", |metres| metres),
    ("wind_direction_10m", "/wind/directionTrue", |degrees| degrees / 180.0 * std::f64::consts::PI),
];

const DAILY: [Rule; 6] = [
    ("temperature_2m_min", "/outside/minTemperature", |celsius| celsius + 273.15),
    ("temperature_2m_max", "/outside/maxTemperature", |celsius| celsius + 273.15),
    ("precipitation_sum", "/outside/precipitationVolume", |millimetres| millimetres / 1000.0),
    ("wind_speed_10m_max", "/wind/speedTrue", |metres| metres),
    ("wind_gusts_10m_max", "/wind/gust", |metres| metres),
    ("uv_index_max", "/outside/uvIndex", |index| index),
];

/// A week of weather as the service has it.
pub struct Recorded(Value);

impl Recorded {
    /// The recorded week, as if it began on the day of a time.
    ///
    /// # Errors
    ///
    /// Where it cannot be read.
    pub fn beginning_on_the_day_of(time: SystemTime) -> Result<Self> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../examples/weather/recorded/forecast.json");
        let mut document: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
        let first = document["hourly"]["time"][0].as_u64().context("no first hour")?;
        let now = time.duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
        let later = (now - now % (24 * HOUR)) - first;
        for (table, columns) in
            [("hourly", &["time"][..]), ("daily", &["time", "sunrise", "sunset"])]
        {
            for column in columns {
                let times = document[table][*column].as_array_mut().context("no times")?;
                for time in times {
                    *time = json!(time.as_u64().context("no time")? + later);
                }
            }
        }
        document["current"]["time"] = json!(now - now % 900);
        Ok(Self(document))
    }

    /// The service's answer.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.to_string()
    }

    /// Whether entries of the server are the hours of the document from a time on.
    ///
    /// # Errors
    ///
    /// What is not as it should be.
    pub fn check_hours(&self, entries: &Value, from: SystemTime) -> Result<()> {
        self.check(entries, "hourly", &POINT, from, 144)
    }

    /// Whether entries of the server are the days of the document.
    ///
    /// # Errors
    ///
    /// What is not as it should be.
    pub fn check_days(&self, entries: &Value) -> Result<()> {
        self.check(entries, "daily", &DAILY, SystemTime::UNIX_EPOCH, 7)?;
        for (day, entry) in entries.as_array().into_iter().flatten().enumerate() {
            for sun in ["sunrise", "sunset"] {
                let expected = iso(&self.0["daily"][sun][day])?;
                ensure!(entry["sun"][sun] == expected.as_str(), "{sun} of {entry}");
            }
        }
        Ok(())
    }

    /// Whether an entry of the server is the weather of now.
    ///
    /// # Errors
    ///
    /// What is not as it should be.
    pub fn check_current(&self, entry: &Value) -> Result<()> {
        let current = self.0["current"].as_object().context("no current weather")?;
        check_entry(entry, current, &POINT)
    }

    /// Kelvins of now.
    #[must_use]
    pub fn temperature(&self) -> f64 {
        self.0["current"]["temperature_2m"].as_f64().unwrap_or(f64::NAN) + 273.15
    }

    fn check(
        &self,
        entries: &Value,
        table: &str,
        rules: &[Rule],
        from: SystemTime,
        most: usize,
    ) -> Result<()> {
        let entries = entries.as_array().with_context(|| format!("no list: {entries}"))?;
        let from = from.duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
        let columns = self.0[table].as_object().context("no such table")?;
        let times = columns["time"].as_array().context("no times")?;
        let rows: Vec<usize> =
            (0..times.len()).filter(|row| times[*row].as_u64() >= Some(from)).take(most).collect();
        ensure!(rows.len() == entries.len(), "{} entries, not {}", entries.len(), rows.len());
        for (row, entry) in rows.into_iter().zip(entries) {
            let value = |(name, column): (&String, &Value)| (name.clone(), column[row].clone());
            check_entry(entry, &columns.iter().map(value).collect(), rules)?;
        }
        Ok(())
    }
}

fn check_entry(entry: &Value, row: &Map<String, Value>, rules: &[Rule]) -> Result<()> {
    ensure!(entry["date"] == iso(&row["time"])?.as_str(), "date of {entry}");
    for (name, pointer, convert) in rules {
        let found = entry.pointer(pointer).and_then(Value::as_f64);
        let expected = row.get(*name).and_then(Value::as_f64).map(convert);
        let is_same = match (found, expected) {
            (Some(found), Some(expected)) => (found - expected).abs() < 1e-4,
            (found, expected) => found.is_none() && expected.is_none(),
        };
        ensure!(is_same, "{pointer} of {entry}: found {found:?}, expected {expected:?}");
    }
    Ok(())
}

fn iso(time: &Value) -> Result<String> {
    let time = Duration::from_secs(time.as_u64().with_context(|| format!("no time: {time}"))?);
    Ok(humantime::format_rfc3339_millis(SystemTime::UNIX_EPOCH + time).to_string())
}
