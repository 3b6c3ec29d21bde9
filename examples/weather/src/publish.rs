//! What becomes values of the boat. The wind of a forecast is none of `environment.wind`, which is
//! what the instruments measure.

use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::weather::{Outside, WeatherData, Wind};

type Value = fn(&Outside, &Wind) -> Option<f64>;

/// Path below `environment.`, unit, description and value.
const PATHS: [(&str, &str, &str, Value); 9] = [
    ("outside.temperature", "K", "Of the air", |air, _| air.temperature),
    ("outside.dewPointTemperature", "K", "Where dew forms", |air, _| air.dew_point_temperature),
    ("outside.pressure", "Pa", "At sea level", |air, _| air.pressure),
    ("outside.relativeHumidity", "ratio", "Of the air", |air, _| air.relative_humidity),
    ("forecast.temperature", "K", "Of the air, then", |air, _| air.temperature),
    ("forecast.pressure", "Pa", "At sea level, then", |air, _| air.pressure),
    ("forecast.windSpeed", "m/s", "10 m above the sea, then", |_, wind| wind.speed_true),
    ("forecast.windGust", "m/s", "10 m above the sea, then", |_, wind| wind.gust),
    ("forecast.windDirection", "rad", "Where from, then", |_, wind| wind.direction_true),
];

/// Sends the weather of now and of then; that of none is cleared.
pub(crate) fn send([current, then]: &[Option<WeatherData>; 2]) -> Result<()> {
    let mut all =
        Outgoing::new().value("environment.forecast.time", then.as_ref().map(|it| &it.date));
    for (path, units, description, value) in PATHS {
        let data = if path.starts_with("outside") { current } else { then };
        let value = data.as_ref().and_then(|it| value(it.outside.as_ref()?, it.wind.as_ref()?));
        let path = ["environment.", path].concat();
        all = all.value(&path, value).meta(&path, Meta::new(units, description));
    }
    all.send()
}
