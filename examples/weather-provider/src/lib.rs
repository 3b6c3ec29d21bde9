//! Weather from the boat's own instruments, without a network: what they observed in the last 24 h,
//! what comes of it if it goes on like that for 3 h, and a warning when the pressure falls fast.

#![forbid(unsafe_code)]
mod reading;

use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::weather::{
    ForecastKind, ForecastRequest, ObservationRequest, WarningRequest, WeatherData,
    WeatherProvider, WeatherWarning,
};
use signalk_plugin_sdk::{notification::State, resource::Bounds};

use reading::{Reading, Tendency, date};

/// The plugin.
pub struct Weather {
    /// The newest first.
    readings: Vec<Reading>,
}

const HOUR: u64 = 3600;
const READINGS: &str = "readings";

#[signalk_plugin(name = "Weather", weather, model("environment.*", "navigation.position"))]
impl Weather {
    fn start() -> Result<Self> {
        // A tendency needs 3 h, which must not begin anew with the server.
        Ok(Self { readings: storage::load(READINGS)?.unwrap_or_default() })
    }

    #[every("1m")]
    fn observe(&mut self) -> Result<()> {
        let now = clock::unix_seconds();
        // Nor is anything of the future kept, which a clock that was set back leaves.
        self.readings.retain(|it| it.time <= now && now - it.time <= 24 * HOUR);
        let is_due = self.readings.first().is_none_or(|last| now - last.time >= HOUR / 2);
        let reading = if is_due { Reading::take(now) } else { None };
        let is_new = reading.is_some();
        self.readings.splice(0..0, reading);
        let unknown = || (State::Normal, "No tendency before 3 hours of pressure".to_owned());
        let (state, text) = self.known().map_or_else(unknown, |(_, tendency)| tendency.judged());
        server::set_status(&text);
        if is_new {
            notification::raise("environment.outside.pressure", state, &text)?;
            storage::save(READINGS, &self.readings)?;
        }
        Ok(())
    }

    /// The latest reading, unless the barometer fell silent since, and the tendency.
    fn known(&self) -> Option<(&Reading, Tendency)> {
        let latest =
            self.readings.first().filter(|it| clock::unix_seconds().abs_diff(it.time) <= HOUR)?;
        Some((latest, Tendency::of(&self.readings)?))
    }

    /// Whether the boat is near enough to speak for a place: within 50 km.
    fn is_near(&self, place: Position) -> Result<bool> {
        let own = model::get("navigation.position")?.context("where the boat is is not known")?;
        Ok(Bounds::around(own, 50_000.0).contains(place))
    }
}

impl WeatherProvider for Weather {
    fn observations(&mut self, request: &ObservationRequest) -> Result<Vec<WeatherData>> {
        let is_near = self.is_near(request.position)?;
        let first_day = request.start_date.as_deref().unwrap_or_default();
        let all = self.readings.iter().map(|reading| &reading.data).filter(|_| is_near);
        Ok(all.filter(|data| *data.date >= *first_day).cloned().collect())
    }

    fn forecasts(&mut self, request: &ForecastRequest) -> Result<Vec<WeatherData>> {
        // What a boat sees says nothing about the days to come.
        let is_asked = request.kind == ForecastKind::Point && self.is_near(request.position)?;
        let known = self.known().filter(|_| is_asked);
        let hours = |(latest, tendency)| [1, 2, 3].map(|hours| later(latest, tendency, hours));
        Ok(known.map(hours).into_iter().flatten().collect())
    }

    fn warnings(&mut self, request: &WarningRequest) -> Result<Vec<WeatherWarning>> {
        let is_near = self.is_near(request.position)?;
        let Some((latest, tendency)) = self.known().filter(|_| is_near) else {
            return Ok(Vec::new());
        };
        let (state, details) = tendency.judged();
        let (start_time, end_time) = (date(latest.time), date(latest.time + 3 * HOUR));
        let (source, kind) = ("Barometer on board".into(), "Pressure".into());
        let warning = WeatherWarning { start_time, end_time, details, source, kind };
        Ok(Some(warning).filter(|_| state > State::Normal).into_iter().collect())
    }
}

/// Persistence: the weather stays as it is, and the pressure goes on as it did.
fn later(latest: &Reading, tendency: Tendency, hours: u32) -> WeatherData {
    let mut data = latest.data.clone();
    data.date = date(latest.time + u64::from(hours) * HOUR);
    data.description = Some(tendency.judged().1);
    if let Some(outside) = &mut data.outside {
        outside.pressure = Some(latest.pressure + tendency.pascals() / 3.0 * f64::from(hours));
    }
    data
}

#[cfg(test)]
mod tests;
