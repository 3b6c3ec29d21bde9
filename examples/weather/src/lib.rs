//! The weather of the boat's place, from Open-Meteo: on the server's weather API, and as values of
//! the boat. The last good answer is stored, and serves while there is no network.

#![forbid(unsafe_code)]
mod document;
mod publish;

use signalk_plugin_sdk::config::Secret;
use signalk_plugin_sdk::fetch::{self, Client, Response};
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::weather::{self, ForecastKind, WeatherData, WeatherProvider};
use signalk_plugin_sdk::{json, task};

use document::{Document, HOUR, VALUES, now};

/// Fetches the weather of where the boat is from Open-Meteo.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Config {
    /// Address of the service
    ///
    /// Customers of Open-Meteo have https://customer-api.open-meteo.com.
    base_url: String,
    /// API key
    ///
    /// Of customers; the free service needs none.
    api_key: Secret,
    /// Refresh interval (min)
    #[schemars(range(min = 15, max = 1440))]
    refresh_interval: u32,
    /// Refresh distance (m)
    ///
    /// A boat that has moved so far asks before the interval is over.
    #[schemars(range(min = 1000.0, max = 50_000.0))]
    refresh_distance: f64,
    /// Published forecast is of so many hours ahead (h)
    #[schemars(range(min = 1, max = 48))]
    hours_ahead: u32,
}

impl Default for Config {
    fn default() -> Self {
        let (base_url, api_key) = ("https://api.open-meteo.com".into(), Secret::default());
        Self { base_url, api_key, refresh_interval: 60, refresh_distance: 20_000.0, hours_ahead: 3 }
    }
}

/// The plugin.
#[derive(Default)]
pub struct Weather {
    config: Config,
    client: Client,
    forecast: Option<Forecast>,
    /// What the server has as values of the boat.
    shown: publish::Shown,
    /// Why the last attempt failed, and for how long nothing is asked since.
    problem: Option<String>,
    pause: Duration,
    /// Until when nothing is asked, on the monotonic clock.
    not_before: Duration,
}

/// The last good answer, with the place and the time that it was asked for.
#[derive(Serialize, Deserialize)]
struct Forecast {
    position: Position,
    fetched: u32,
    document: Document,
}

#[signalk_plugin(name = "Weather", weather, model("navigation.position"))]
impl Weather {
    fn start(config: Config) -> Self {
        // One that cannot be read, of another version for example, is as good as none.
        let forecast = storage::load("forecast").unwrap_or_default();
        Self { config, forecast, ..Self::default() }
    }

    #[every("10s")]
    fn look(&mut self) -> Result<()> {
        // However old: a boat without its GPS is most likely where it was.
        let here = model::get("navigation.position")?.map(Position::check).transpose()?;
        if let Some(here) = here.filter(|here| self.is_due(*here)) {
            self.ask(here)?;
        }
        self.publish(here)?;
        let age = match self.age().map(|seconds| seconds / 60) {
            Some(minutes @ 0..120) => format!("{minutes} min old"),
            Some(minutes) => format!("{} h old", minutes / 60),
            None => "not there yet".into(),
        };
        server::set_status(&match (&self.problem, here) {
            (Some(problem), _) => format!("Offline: the forecast is {age} ({problem})"),
            (None, None) => format!("Position unknown: the forecast is {age}"),
            (None, Some(_)) => format!("The forecast is {age}"),
        });
        Ok(())
    }

    /// In s. One of the future, which a clock that was set back leaves, is old, too.
    fn age(&self) -> Option<u32> {
        self.forecast.as_ref().map(|it| now().abs_diff(it.fetched))
    }

    /// The forecast, where it is that of a place: up to 50 km away.
    fn near(&self, place: Position) -> Option<&Forecast> {
        self.forecast.as_ref().filter(|it| it.position.distance_to(place) <= 50_000.0)
    }

    fn is_due(&self, here: Position) -> bool {
        let moved = self.forecast.as_ref().map(|it| it.position.distance_to(here));
        let is_near = moved.is_some_and(|moved| moved < self.config.refresh_distance);
        let is_new = self.age().is_some_and(|age| age < 60 * self.config.refresh_interval);
        clock::monotonic() >= self.not_before && !(is_near && is_new)
    }

    fn ask(&mut self, here: Position) -> Result<()> {
        // Not before it is answered, which is 30 s later at the latest.
        self.not_before = Duration::MAX;
        // To a kilometre, as fine as any of the models: nobody has to know the berth.
        let rounded = |degrees: f64| json::to_string(&((degrees * 100.0).round() / 100.0));
        let url = [self.config.base_url.trim_end_matches('/'), document::PATH].concat();
        let request = self.client.get(&url).query("current", VALUES).query("hourly", VALUES);
        let request = request.query("latitude", rounded(here.latitude)?);
        let mut request = request.query("longitude", rounded(here.longitude)?).most_bytes(100_000);
        if !self.config.api_key.is_empty() {
            request = request.query("apikey", self.config.api_key.reveal());
        }
        let then = move |plugin: &mut Self, answer| plugin.answered(here, answer);
        task::spawn_then("fetch", request.send(), then).detach();
        Ok(())
    }

    fn answered(&mut self, position: Position, answer: Answer) -> Result<()> {
        let wait = answer.as_ref().ok().and_then(|it| it.header("retry-after")?.parse().ok());
        let document = answer.and_then(Response::ok).and_then(|it| it.json::<Document>());
        match document.map_err(Error::from).and_then(Document::check) {
            Ok(document) => {
                (self.problem, self.pause, self.not_before) = Default::default();
                self.forecast = Some(Forecast { position, fetched: now(), document });
            }
            Err(error) => {
                self.pause = (2 * self.pause).clamp(MINUTE, 60 * MINUTE);
                // Up to a quarter more: boats that lost a service all at once do not come back to it
                // all at once. Their clocks do not differ by whole seconds.
                let jitter = 1.0 + f64::from(document::millis()) / 4000.0;
                let wait = Duration::from_secs(wait.unwrap_or_default()).min(24 * 60 * MINUTE);
                self.not_before = clock::monotonic() + self.pause.mul_f64(jitter).max(wait);
                // A service may well repeat what it was asked with.
                let (text, key) = (error.to_string(), self.config.api_key.reveal());
                let text = if key.is_empty() { text } else { text.replace(key, "***") };
                self.problem = Some(text);
            }
        }
        self.look()?;
        // One that did not change is not written again.
        self.forecast.as_ref().map_or(Ok(()), |it| storage::save("forecast", it))
    }

    fn publish(&mut self, here: Option<Position>) -> Result<()> {
        let forecast = here.map_or(self.forecast.as_ref(), |here| self.near(here));
        let is_new = self.age().is_some_and(|age| age < 2 * HOUR);
        let current = forecast.filter(|_| is_new).map(|it| it.document.current());
        let then = now() + self.config.hours_ahead * HOUR;
        let ahead = forecast.and_then(|it| it.document.rows(ForecastKind::Point, then).next());
        if [&current, &ahead] != self.shown.each_ref() {
            self.shown = [current, ahead];
            publish::send(&self.shown)?;
        }
        Ok(())
    }

    fn stop(&mut self) -> Result<()> {
        publish::send(&[None, None]) // nobody would clear them afterwards
    }
}

impl WeatherProvider for Weather {
    fn observations(&mut self, request: &weather::ObservationRequest) -> Result<Vec<WeatherData>> {
        let is_near = self.near(request.position).is_some();
        let current = self.shown[0].iter().filter(|_| is_near);
        Ok(current.filter(|it| Some(&it.date) >= request.start_date.as_ref()).cloned().collect())
    }

    fn forecasts(&mut self, request: &weather::ForecastRequest) -> Result<Vec<WeatherData>> {
        let forecast = self.near(request.position).into_iter();
        // More hours than that do not fit into the server's buffer.
        let rows = forecast.flat_map(|it| it.document.rows(request.kind, now()).take(144));
        Ok(rows.filter(|it| Some(&it.date) >= request.start_date.as_ref()).collect())
    }
}

#[cfg(test)]
mod tests;
