//! What Open-Meteo answers (<https://open-meteo.com/en/docs>), and what the server gets of it, in SI
//! units. Times are in s since 1970, by the wall clock.

use std::collections::BTreeMap;
use std::time::SystemTime;

use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::weather::Precipitation::{self, FreezingRain, Rain, Snow, Thunderstorm};
use signalk_plugin_sdk::weather::{ForecastKind, Outside, Sun, WeatherData, Wind};

/// What is asked of now, and of each hour.
pub(crate) const VALUES: &str = "temperature_2m,relative_humidity_2m,dew_point_2m,\
    apparent_temperature,pressure_msl,cloud_cover,visibility,wind_speed_10m,wind_direction_10m,\
    wind_gusts_10m,precipitation,weather_code,uv_index";
/// What else is asked, whatever the place.
pub(crate) const PATH: &str = "/v1/forecast?timeformat=unixtime&timezone=GMT&wind_speed_unit=ms\
    &forecast_days=7&cell_selection=sea&daily=temperature_2m_max,temperature_2m_min,\
    wind_speed_10m_max,wind_gusts_10m_max,wind_direction_10m_dominant,precipitation_sum,sunrise,\
    sunset,weather_code,uv_index_max";

pub(crate) const HOUR: u32 = 3600;

/// The part of the answer that is kept, and stored as it is: what is made of it takes four times as
/// much. Any value may be null.
#[derive(Serialize, Deserialize)]
pub(crate) struct Document {
    current: BTreeMap<String, Option<f64>>,
    hourly: Columns,
    daily: Columns,
}

type Columns = BTreeMap<String, Vec<Option<f64>>>;

impl Document {
    /// The document, where it says anything of the time to come.
    pub(crate) fn check(self) -> Result<Self> {
        self.rows(ForecastKind::Point, now()).next().context("it has no hour that is to come")?;
        Ok(self)
    }

    /// The weather of when it was asked for.
    pub(crate) fn current(&self) -> WeatherData {
        weather(|name| *self.current.get(name)?)
    }

    /// The hours from a time on, or the days (GMT) from that of the time on.
    pub(crate) fn rows(&self, kind: ForecastKind, from: u32) -> impl Iterator<Item = WeatherData> {
        let (columns, from) = match kind {
            ForecastKind::Point => (&self.hourly, from),
            ForecastKind::Daily => (&self.daily, from - from % (24 * HOUR)),
        };
        let times = columns.get("time").into_iter().flatten().enumerate();
        let times = times.filter(move |(_, time)| time.is_some_and(|time| time >= from.into()));
        times.map(|(at, _)| weather(|name| *columns.get(name)?.get(at)?))
    }
}

/// A row of any of the tables: what it does not have is none.
fn weather(get: impl Fn(&str) -> Option<f64>) -> WeatherData {
    // 5.7 times 100 is 570.0000000000001: without the digits that only the arithmetic makes.
    let si = |value: f64, factor: f64| (value * factor * 1e5).round() / 1e5;
    let times = |name, factor| get(name).map(|value| si(value, factor));
    let kelvin = |name| get(name).map(|celsius| si(celsius + 273.15, 1.0));
    let (words, precipitation_type) = get("weather_code").map_or((None, None), meaning);
    let outside = Some(Outside {
        temperature: kelvin("temperature_2m"),
        min_temperature: kelvin("temperature_2m_min"),
        max_temperature: kelvin("temperature_2m_max"),
        dew_point_temperature: kelvin("dew_point_2m"),
        feels_like_temperature: kelvin("apparent_temperature"),
        relative_humidity: times("relative_humidity_2m", 0.01),
        pressure: times("pressure_msl", 100.0),
        cloud_cover: times("cloud_cover", 0.01),
        horizontal_visibility: get("visibility"),
        uv_index: get("uv_index").or(get("uv_index_max")),
        precipitation_volume: times("precipitation", 0.001).or(times("precipitation_sum", 0.001)),
        precipitation_type,
        ..Outside::default()
    });
    let degrees = get("wind_direction_10m").or(get("wind_direction_10m_dominant"));
    let wind = Some(Wind {
        speed_true: get("wind_speed_10m").or(get("wind_speed_10m_max")),
        gust: get("wind_gusts_10m").or(get("wind_gusts_10m_max")),
        direction_true: degrees.map(|degrees| si(degrees, 1f64.to_radians())),
        ..Wind::default()
    });
    let sun = Some(Sun { sunrise: get("sunrise").map(date), sunset: get("sunset").map(date) });
    let date = get("time").map(date).unwrap_or_default();
    let description = words.map(Into::into);
    WeatherData { date, description, outside, wind, sun, ..WeatherData::default() }
}

/// What a weather code of the WMO means, of those that Open-Meteo uses.
fn meaning(code: f64) -> (Option<&'static str>, Option<Precipitation>) {
    match code as u8 {
        0 => (Some("Clear"), None),
        1 | 2 => (Some("Some clouds"), None),
        3 => (Some("Overcast"), None),
        45 | 48 => (Some("Fog"), None),
        51..=55 => (Some("Drizzle"), Some(Rain)),
        61..=65 => (Some("Rain"), Some(Rain)),
        56 | 57 | 66 | 67 => (Some("Freezing rain"), Some(FreezingRain)),
        71..=77 => (Some("Snow"), Some(Snow)),
        80..=82 => (Some("Showers"), Some(Rain)),
        85 | 86 => (Some("Snow showers"), Some(Snow)),
        95..=99 => (Some("Thunderstorm"), Some(Thunderstorm)),
        _ => (None, None),
    }
}

pub(crate) fn now() -> u32 {
    clock::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs() as u32
}

/// A time that is none becomes the nearest that is one.
fn date(time: f64) -> String {
    clock::timestamp(SystemTime::UNIX_EPOCH + Duration::from_secs((time as u32).into()))
}
