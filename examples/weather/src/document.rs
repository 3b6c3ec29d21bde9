//! What Open-Meteo answers (<https://open-meteo.com/en/docs>), and what the server gets of it, in SI
//! units. Times are in s since 1970, by the wall clock.

use std::collections::BTreeMap;
use std::time::SystemTime;

use signalk_plugin_sdk::clock;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::weather::{ForecastType, Outside, Precipitation, Sun, WeatherData, Wind};

/// What is asked of now, and of each hour.
pub(crate) const VALUES: &str = "temperature_2m,relative_humidity_2m,dew_point_2m,\
    apparent_temperature,pressure_msl,cloud_cover,visibility,wind_speed_10m,wind_direction_10m,\
    wind_gusts_10m,precipitation,weather_code,uv_index";
/// The rest of the question, whatever the place. The days are those of its time zone; the times themselves are
/// in s since 1970, so that each row says when it begins.
pub(crate) const PATH: &str = "/v1/forecast?timeformat=unixtime&timezone=auto&wind_speed_unit=ms\
    &forecast_days=7&cell_selection=sea&daily=temperature_2m_max,temperature_2m_min,\
    wind_speed_10m_max,wind_gusts_10m_max,wind_direction_10m_dominant,precipitation_sum,sunrise,\
    sunset,weather_code,uv_index_max";

pub(crate) const HOUR: u64 = 3600;

/// The part of the answer that is kept, and stored as it is: what is made of it takes four times as
/// much. Any value may be null.
#[derive(Serialize, Deserialize)]
pub(crate) struct Document {
    /// The time by which the clocks of the place are ahead of Greenwich.
    #[serde(default)]
    utc_offset_seconds: i64,
    current: BTreeMap<String, Option<f64>>,
    hourly: BTreeMap<String, Vec<Option<f64>>>,
    daily: BTreeMap<String, Vec<Option<f64>>>,
}

impl Document {
    /// The document, where it is of now.
    pub(crate) fn check(self, now: u64) -> Result<Self> {
        let made = self.current.get("time").copied().flatten().unwrap_or_default() as u64;
        let is_new = made.abs_diff(now) < 2 * HOUR;
        ensure!(is_new, "the answer, or the clock of this computer, is of another time");
        Ok(self)
    }

    /// The weather of when it was asked for.
    pub(crate) fn current(&self) -> WeatherData {
        weather(|name| *self.current.get(name)?)
    }

    /// The hours that begin from a time on, or the days of the place that are not over then; and only
    /// those from a date on, where one is given. On the days when the clocks are changed a day is an hour
    /// longer or shorter than is thought here.
    pub(crate) fn rows(
        &self,
        kind: ForecastType,
        from: u64,
        date: Option<&str>,
    ) -> impl Iterator<Item = WeatherData> {
        let (columns, begun) = match kind {
            ForecastType::Point => (&self.hourly, 0),
            ForecastType::Daily => (&self.daily, 24 * HOUR - 1),
        };
        let first = from.saturating_sub(begun) as f64;
        let is_asked = move |time: f64| {
            let Some(date) = date else {
                return true;
            };
            match kind {
                ForecastType::Point => *iso(time) >= *date,
                ForecastType::Daily => *self.day_of(time) >= *date.get(..10).unwrap_or(date),
            }
        };
        let times = columns.get("time").into_iter().flatten().enumerate();
        let wanted =
            times.filter(move |(_, time)| time.is_some_and(|time| time >= first && is_asked(time)));
        wanted.map(|(at, _)| weather(|name| *columns.get(name)?.get(at)?))
    }

    /// The date of a day at the place, which is that of its noon there: an hour more or less makes no
    /// other day of it.
    fn day_of(&self, midnight: f64) -> String {
        let noon = midnight + self.utc_offset_seconds as f64 + 12.0 * HOUR as f64;
        let mut text = iso(noon);
        text.truncate("2026-01-01".len());
        text
    }
}

/// A row of any of the tables: what it does not have is none.
fn weather(get: impl Fn(&str) -> Option<f64>) -> WeatherData {
    let si = |name: &str, factor: f64, plus: f64| {
        // 5.7 times 100 is 570.0000000000001: without the digits that only the arithmetic makes.
        get(name).map(|value| ((value * factor + plus) * 1e5).round() / 1e5)
    };
    let metres = |name| si(name, 0.001, 0.0);
    let radians = |name| si(name, 1f64.to_radians(), 0.0);
    let (words, precipitation_type) = get("weather_code").map_or((None, None), meaning);
    let outside = Some(Outside {
        temperature: si("temperature_2m", 1.0, 273.15),
        min_temperature: si("temperature_2m_min", 1.0, 273.15),
        max_temperature: si("temperature_2m_max", 1.0, 273.15),
        dew_point_temperature: si("dew_point_2m", 1.0, 273.15),
        feels_like_temperature: si("apparent_temperature", 1.0, 273.15),
        relative_humidity: si("relative_humidity_2m", 0.01, 0.0),
        pressure: si("pressure_msl", 100.0, 0.0),
        cloud_cover: si("cloud_cover", 0.01, 0.0),
        horizontal_visibility: si("visibility", 1.0, 0.0),
        uv_index: si("uv_index", 1.0, 0.0).or(si("uv_index_max", 1.0, 0.0)),
        precipitation_volume: metres("precipitation").or(metres("precipitation_sum")),
        precipitation_type,
        ..Outside::default()
    });
    let wind = Some(Wind {
        speed_true: si("wind_speed_10m", 1.0, 0.0).or(si("wind_speed_10m_max", 1.0, 0.0)),
        gust: si("wind_gusts_10m", 1.0, 0.0).or(si("wind_gusts_10m_max", 1.0, 0.0)),
        direction_true: radians("wind_direction_10m").or(radians("wind_direction_10m_dominant")),
        ..Wind::default()
    });
    let sun =
        get("sunrise").map(|up| Sun { sunrise: Some(iso(up)), sunset: get("sunset").map(iso) });
    let (date, description) = (get("time").map(iso).unwrap_or_default(), words.map(Into::into));
    WeatherData { date, description, outside, wind, sun, ..WeatherData::default() }
}

/// What a weather code of the WMO means, of those that Open-Meteo uses.
fn meaning(code: f64) -> (Option<&'static str>, Option<Precipitation>) {
    match code as i32 {
        0 => (Some("Clear"), None),
        1 | 2 => (Some("Some clouds"), None),
        3 => (Some("Overcast"), None),
        45 | 48 => (Some("Fog"), None),
        51..=55 => (Some("Drizzle"), Some(Precipitation::Rain)),
        61..=65 => (Some("Rain"), Some(Precipitation::Rain)),
        56 | 57 | 66 | 67 => (Some("Freezing rain"), Some(Precipitation::FreezingRain)),
        71..=77 | 85 | 86 => (Some("Snow"), Some(Precipitation::Snow)),
        80..=82 => (Some("Showers"), Some(Precipitation::Rain)),
        95..=99 => (Some("Thunderstorm"), Some(Precipitation::Thunderstorm)),
        _ => (None, None),
    }
}

/// In ISO 8601. A time that is none becomes the nearest that is one.
fn iso(time: f64) -> String {
    clock::format_rfc3339(SystemTime::UNIX_EPOCH + Duration::from_secs((time as u32).into()))
}
