//! What becomes values of the boat. The wind of a forecast is none of `environment.wind`, which is
//! what the instruments measure.

use signalk_plugin_sdk::delta::{DeltaBuilder, Meta};
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::weather::{Outside, WeatherData, Wind};

type Value = fn(&Outside, &Wind) -> Option<f64>;

/// Path below `environment.`, unit, description and value.
const PATHS: [(&str, &str, &str, Value); 9] = [
    ("outside.temperature", "K", "Air temperature", |air, _| air.temperature),
    ("outside.dewPointTemperature", "K", "Dew point", |air, _| air.dew_point_temperature),
    ("outside.pressure", "Pa", "Pressure at sea level", |air, _| air.pressure),
    ("outside.relativeHumidity", "ratio", "Relative humidity", |air, _| air.relative_humidity),
    ("forecast.temperature", "K", "Forecast air temperature", |air, _| air.temperature),
    ("forecast.pressure", "Pa", "Forecast pressure at sea level", |air, _| air.pressure),
    ("forecast.windSpeed", "m/s", "Forecast wind speed", |_, wind| wind.speed_true),
    ("forecast.windGust", "m/s", "Forecast gusts", |_, wind| wind.gust),
    ("forecast.windDirection", "rad", "Forecast wind direction", |_, wind| wind.direction_true),
];

/// Sends the weather of now and of then; that of none is cleared.
pub(crate) fn send([current, then]: &[Option<WeatherData>; 2]) -> Result<()> {
    let mut all =
        DeltaBuilder::new().value("environment.forecast.time", then.as_ref().map(|it| &it.date));
    for (path, units, description, value) in PATHS {
        let data = if path.starts_with("outside") { current } else { then };
        let value = data.as_ref().and_then(|it| value(it.outside.as_ref()?, it.wind.as_ref()?));
        let path = ["environment.", path].concat();
        all = all.value(&path, value).meta(&path, Meta::new(units, description));
    }
    all.send()
}
