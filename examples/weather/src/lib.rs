//! The weather of the boat's place, from Open-Meteo: on the server's weather API, and as values of
//! the boat. The last good answer is stored, and serves while there is no network.

#![forbid(unsafe_code)]
mod document;
mod publish;

use signalk_plugin_sdk::weather::{self, ForecastKind, WeatherData, WeatherProvider};
use signalk_plugin_sdk::{config::Secret, fetch, json, prelude::*, task};

use document::{Document, HOUR, VALUES};

/// How far around its place a forecast is one (m).
const NEAR: f64 = 50_000.0;

/// Fetches the weather of where the boat is from Open-Meteo, which learns its place to a kilometre.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Config {
    /// Address of the service
    ///
    /// For customers of Open-Meteo the name in it is customer-api.open-meteo.com.
    base_url: String,
    /// API key
    ///
    /// Of customers; the free service needs none.
    api_key: Secret,
    /// Certificate (PEM)
    ///
    /// Of your own service, or of the authority that signed its certificate. Public services need none.
    certificate: String,
    /// Refresh interval (min)
    #[schemars(range(min = 15, max = 1440))]
    refresh_interval: u64,
    /// Refresh distance (m)
    ///
    /// A boat that has moved this far asks early.
    #[schemars(range(min = 1000.0, max = 50_000.0))]
    refresh_distance: f64,
    /// Published forecast ahead (h)
    ///
    /// How many hours ahead the values below environment.forecast are.
    #[schemars(range(min = 1, max = 48))]
    hours_ahead: u64,
}

impl Default for Config {
    fn default() -> Self {
        let (base_url, refresh_distance) = ("https://api.open-meteo.com".into(), 20_000.0);
        let (api_key, certificate, refresh_interval, hours_ahead) =
            (Secret::default(), "".into(), 60, 3);
        Self { base_url, api_key, certificate, refresh_interval, refresh_distance, hours_ahead }
    }
}

/// The plugin.
#[derive(Default)]
pub struct Weather {
    config: Config,
    forecast: Option<Forecast>,
    /// What the server has as values of the boat.
    shown: [Option<WeatherData>; 2],
    request: Option<task::Task>,
    backoff: task::Backoff,
    /// Why the last request failed.
    problem: Option<String>,
}

/// The last good answer, with the place and the time that it was asked for.
#[derive(Serialize, Deserialize)]
struct Forecast {
    position: Position,
    at: u64,
    document: Document,
}

#[signalk_plugin(name = "Weather Forecast", weather, model("navigation.position"))]
impl Weather {
    fn start(config: Config) -> Result<Self> {
        // What is wrong with it is told now, and not an hour later.
        fetch::Client::new().trust(&config.certificate)?;
        // One that cannot be read, of another version for example, is as good as none.
        let forecast = storage::load("forecast").unwrap_or_default();
        Ok(Self { config, forecast, ..Self::default() })
    }

    #[every("10s")]
    fn look(&mut self) -> Result<()> {
        // However old: a boat without its GPS is most likely where it was.
        let found = model::position();
        let here = *found.as_ref().unwrap_or(&None);
        let is_new = self.age() < 60 * self.config.refresh_interval;
        let due = |it: &Position| !is_new || self.near(*it, self.config.refresh_distance).is_none();
        let may_ask = self.request.is_none() && self.backoff.is_over();
        here.filter(due).filter(|_| may_ask).map_or(Ok(()), |here| self.ask(here))?;
        let age = match self.age() {
            u64::MAX => "not there yet".into(),
            seconds @ 0..7200 => format!("{} min old", seconds / 60),
            seconds => format!("{} h old", seconds / HOUR),
        };
        server::set_status(&match (&self.problem, here) {
            (Some(problem), _) => format!("Offline: the forecast is {age} ({problem})"),
            (None, None) => format!("Position unknown: the forecast is {age}"),
            (None, Some(_)) => format!("The forecast is {age}"),
        });
        self.publish(here)?;
        found.map(drop)
    }

    /// Of the forecast, in s. One of the future, which a clock that was set back leaves, is old, too.
    fn age(&self) -> u64 {
        self.forecast.as_ref().map_or(u64::MAX, |it| clock::unix_seconds().abs_diff(it.at))
    }

    /// The forecast, where it was asked for no farther than that (m) from a place.
    fn near(&self, place: Position, most: f64) -> Option<&Forecast> {
        self.forecast.as_ref().filter(|it| it.position.distance_to(place) < most)
    }

    fn ask(&mut self, here: Position) -> Result<()> {
        // To a kilometre, as fine as any of the models: nobody has to know the berth.
        let rounded = |degrees: f64| json::to_string(&((degrees * 100.0).round() / 100.0));
        let url = [self.config.base_url.trim().trim_end_matches('/'), document::PATH].concat();
        let client = fetch::Client::new().trust(&self.config.certificate)?.most_bytes(100_000);
        let request = client.get(&url).query("current", VALUES).query("hourly", VALUES);
        let request = request.query("latitude", rounded(here.latitude)?);
        let request = request.query("longitude", rounded(here.longitude)?);
        let request = request.query_secret("apikey", &self.config.api_key);
        let get = async { request.send().await?.error_for_status()?.json::<Document>()?.check() };
        let then = move |plugin: &mut Self, document| plugin.answered(here, document);
        self.request = Some(task::spawn_then("fetch", get, then));
        Ok(())
    }

    fn answered(&mut self, position: Position, document: Result<Document>) -> Result<()> {
        self.request = None;
        match document {
            Ok(document) => {
                (self.problem, self.backoff) = Default::default();
                self.forecast = Some(Forecast { position, at: clock::unix_seconds(), document });
            }
            Err(error) => {
                self.backoff.failed(error.find().and_then(fetch::Error::retry_after));
                self.problem = Some(error.to_string());
            }
        }
        // One that did not change is not written again.
        self.forecast.as_ref().map_or(Ok(()), |it| storage::save("forecast", it))?;
        self.look()
    }

    fn publish(&mut self, here: Option<Position>) -> Result<()> {
        let near = here.filter(|_| self.age() < 24 * HOUR).and_then(|here| self.near(here, NEAR));
        let current = near.filter(|_| self.age() < 2 * HOUR).map(|it| it.document.current());
        let then = clock::unix_seconds() + self.config.hours_ahead * HOUR;
        let then = near.and_then(|it| it.document.rows(ForecastKind::Point, then).next());
        if [&current, &then] != self.shown.each_ref() {
            self.shown = [current, then];
            publish::send(&self.shown)?;
        }
        Ok(())
    }

    fn stop(&mut self) -> Result<()> {
        // Nobody would clear the values afterwards.
        self.forecast = None;
        self.publish(None)
    }
}

impl WeatherProvider for Weather {
    fn observations(&mut self, request: &weather::ObservationRequest) -> Result<Vec<WeatherData>> {
        let current = self.near(request.position, NEAR).filter(|_| self.age() < 2 * HOUR);
        let current = current.map(|it| it.document.current()).into_iter();
        Ok(current.filter(|it| Some(&it.date) >= request.start_date.as_ref()).collect())
    }

    fn forecasts(&mut self, request: &weather::ForecastRequest) -> Result<Vec<WeatherData>> {
        // More hours than these do not fit into the server's buffer.
        let forecast = self.near(request.position, NEAR).into_iter();
        let rows = forecast.flat_map(|it| it.document.rows(request.kind, clock::unix_seconds()));
        Ok(rows.filter(|it| Some(&it.date) >= request.start_date.as_ref()).take(144).collect())
    }
}

#[cfg(test)]
mod tests;
