//! What becomes values of the boat. The wind of the forecast is none of `environment.wind`, which is
//! what the instruments measure.

use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::weather::{Outside, WeatherData, Wind};

type Value = fn(&Outside, &Wind) -> Option<f64>;

/// Path below `environment.`, unit, description and value.
const PATHS: [(&str, &str, &str, Value); 9] = [
    ("outside.temperature", "K", "Air", |air, _| air.temperature),
    ("outside.dewPointTemperature", "K", "Dew point", |air, _| air.dew_point_temperature),
    ("outside.pressure", "Pa", "At sea level", |air, _| air.pressure),
    ("outside.relativeHumidity", "ratio", "Of the air", |air, _| air.relative_humidity),
    ("forecast.temperature", "K", "Of the air, forecast", |air, _| air.temperature),
    ("forecast.pressure", "Pa", "At sea level, forecast", |air, _| air.pressure),
    ("forecast.windSpeed", "m/s", "Forecast", |_, wind| wind.speed_true),
    ("forecast.windGust", "m/s", "Forecast", |_, wind| wind.gust),
    ("forecast.windDirection", "rad", "Where from, forecast", |_, wind| wind.direction_true),
];

/// Of now, and of some hours ahead.
pub(crate) type Shown = [Option<WeatherData>; 2];

/// Sends all values; those of nothing are cleared.
pub(crate) fn send([current, ahead]: &Shown) -> Result<()> {
    let mut delta = Outgoing::new()
        .value("environment.forecast.time", ahead.as_ref().map(|it| &it.date))
        .value("environment.forecast.description", ahead.as_ref().map(|it| &it.description));
    for (path, units, description, value) in PATHS {
        let data = if path.starts_with("outside") { current } else { ahead };
        let value = data.as_ref().and_then(|it| value(it.outside.as_ref()?, it.wind.as_ref()?));
        let path = ["environment.", path].concat();
        delta = delta.value(&path, value).meta(&path, Meta::new(units, description));
    }
    delta.send()
}
