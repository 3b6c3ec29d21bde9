//! Makes `recorded/forecast.json`: a week of winter storms in the Bay of Kiel, in the shape of what
//! Open-Meteo answers to the plugin's request (<https://open-meteo.com/en/docs>). No weather service
//! has ever said so. The beginning can be given, in s since 1970: `cargo run -p signalk-weather
//! --example recorded -- $(date +%s)`.

use std::f64::consts::TAU;

use serde_json::{Map, Value, json};

const HOURS: usize = 7 * 24;
const DAY: u64 = 86_400;
/// Of the place from Greenwich in winter (s).
const OFFSET: u64 = 3_600;

/// Name, unit, and value at an hour.
type Variable = (&'static str, &'static str, fn(f64) -> Value);

const VARIABLES: [Variable; 13] = [
    ("temperature_2m", "°C", |hour| tenths(temperature(hour))),
    ("relative_humidity_2m", "%", |hour| whole(humidity(hour))),
    ("dew_point_2m", "°C", |hour| tenths(temperature(hour) - (100.0 - humidity(hour)) / 5.0)),
    ("apparent_temperature", "°C", |hour| tenths(temperature(hour) - 0.4 * wind(hour) - 1.0)),
    ("pressure_msl", "hPa", |hour| tenths(1001.0 - 17.0 * storm(hour))),
    ("cloud_cover", "%", |hour| whole(50.0 + 50.0 * storm(hour))),
    // The models for the last days have none.
    ("visibility", "m", |hour| if hour < 150.0 { visibility(hour) } else { Value::Null }),
    ("wind_speed_10m", "m/s", |hour| hundredths(wind(hour))),
    ("wind_direction_10m", "°", |hour| whole((200.0 + 45.0 * day(hour / 5.0)).rem_euclid(360.0))),
    ("wind_gusts_10m", "m/s", |hour| hundredths(1.5 * wind(hour))),
    ("precipitation", "mm", |hour| hundredths(rain(hour))),
    ("weather_code", "wmo code", |hour| whole(code(hour))),
    ("uv_index", "", |hour| hundredths((-day(hour)).max(0.0) * 0.4)),
];

/// From 0 to 1 to 0 in each day, at its greatest at midnight.
fn day(hour: f64) -> f64 {
    (hour / 24.0 * TAU).cos()
}

/// Two storms in a week, the first one after a day and a half: -1 to 1.
fn storm(hour: f64) -> f64 {
    (((hour - 36.0) / 84.0) * TAU).cos()
}

fn temperature(hour: f64) -> f64 {
    4.2 - 2.6 * day(hour - 2.0) + 1.7 * storm(hour)
}

fn humidity(hour: f64) -> f64 {
    81.0 + 12.0 * storm(hour)
}

fn wind(hour: f64) -> f64 {
    9.5 + 6.4 * storm(hour) + 0.7 * (hour * 1.3).sin()
}

fn rain(hour: f64) -> f64 {
    (storm(hour + 6.0) - 0.5).max(0.0) * 3.4
}

fn visibility(hour: f64) -> Value {
    tenths((24_140.0 - 9_000.0 * rain(hour)).max(4_000.0).round())
}

fn code(hour: f64) -> f64 {
    match (rain(hour), storm(hour)) {
        (rain, _) if rain > 1.0 => 63.0,
        (rain, _) if rain > 0.0 => 61.0,
        (_, storm) if storm > 0.0 => 3.0,
        (_, storm) if storm > -0.7 => 2.0,
        _ => 0.0,
    }
}

fn whole(value: f64) -> Value {
    json!(value.round() as i64)
}

fn tenths(value: f64) -> Value {
    json!((value * 10.0).round() / 10.0)
}

fn hundredths(value: f64) -> Value {
    json!((value * 100.0).round() / 100.0)
}

fn main() {
    let begin = std::env::args().nth(1).and_then(|it| it.parse().ok()).unwrap_or(1_767_225_600);
    // The tables begin at midnight of the place.
    let first_day: u64 = (begin + OFFSET) / DAY * DAY - OFFSET;
    // The hour of the weather, which goes by Greenwich.
    let hour_of = |seconds: u64| (seconds as f64 - OFFSET as f64) / 3600.0;
    let asked = hour_of((begin - first_day) / 900 * 900);
    let units = |more: &[(&str, &str)]| {
        let own = VARIABLES.iter().map(|(name, unit, _)| (*name, *unit));
        let all = more.iter().copied().chain(own);
        all.map(|(name, unit)| (name.to_owned(), json!(unit))).collect::<Map<_, _>>()
    };
    let mut current = Map::new();
    current.insert("time".into(), json!(begin / 900 * 900));
    current.insert("interval".into(), json!(900));
    let mut hourly = Map::new();
    let hours = (0..HOURS as u64).map(|hour| json!(first_day + 3600 * hour));
    hourly.insert("time".into(), hours.collect());
    for (name, _, value) in VARIABLES {
        current.insert(name.into(), value(asked));
        let hours = (0..HOURS as u64).map(|hour| value(hour_of(3600 * hour)));
        hourly.insert(name.into(), hours.collect());
    }
    let days = |of: &dyn Fn(&[Value]) -> Value, name: &str| -> Value {
        let hours = hourly.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        hours.chunks(24).map(of).collect()
    };
    let most = |hours: &[Value], start: f64, choose: fn(f64, f64) -> f64| {
        hours.iter().filter_map(Value::as_f64).fold(start, choose)
    };
    let greatest = |hours: &[Value]| json!(most(hours, f64::MIN, f64::max));
    let least = |hours: &[Value]| json!(most(hours, f64::MAX, f64::min));
    let sum = |hours: &[Value]| hundredths(most(hours, 0.0, |sum, it| sum + it));
    let worst = |hours: &[Value]| whole(most(hours, 0.0, f64::max));
    let noon = |hours: &[Value]| hours.get(12).cloned().unwrap_or_default();
    let at =
        |seconds: u64| -> Value { (0..7).map(|day| first_day + day * DAY + seconds).collect() };
    let document = json!({
        "latitude": 54.5,
        "longitude": 10.25,
        "generationtime_ms": 0.5,
        "utc_offset_seconds": OFFSET,
        "timezone": "Europe/Berlin",
        "timezone_abbreviation": "GMT+1",
        "elevation": 0.0,
        "current_units": units(&[("time", "unixtime"), ("interval", "seconds")]),
        "current": current,
        "hourly_units": units(&[("time", "unixtime")]),
        "hourly": hourly,
        "daily_units": {
            "time": "unixtime", "temperature_2m_max": "°C", "temperature_2m_min": "°C",
            "wind_speed_10m_max": "m/s", "wind_gusts_10m_max": "m/s",
            "wind_direction_10m_dominant": "°", "precipitation_sum": "mm", "sunrise": "unixtime",
            "sunset": "unixtime", "weather_code": "wmo code", "uv_index_max": "",
        },
        "daily": {
            "time": at(0),
            "temperature_2m_max": days(&greatest, "temperature_2m"),
            "temperature_2m_min": days(&least, "temperature_2m"),
            "wind_speed_10m_max": days(&greatest, "wind_speed_10m"),
            "wind_gusts_10m_max": days(&greatest, "wind_gusts_10m"),
            "wind_direction_10m_dominant": days(&noon, "wind_direction_10m"),
            "precipitation_sum": days(&sum, "precipitation"),
            "sunrise": at(31_380),
            "sunset": at(57_720),
            "weather_code": days(&worst, "weather_code"),
            "uv_index_max": days(&greatest, "uv_index"),
        },
    });
    println!("{document}");
}
