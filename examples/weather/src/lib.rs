//! The weather of the boat's place, from Open-Meteo: on the server's weather API, and as values of
//! the boat. The last good answer is stored, and serves while there is no network.

#![forbid(unsafe_code)]
mod document;
mod publish;

use signalk_plugin_sdk::plausible::Plausible;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::weather::{self, ForecastType, WeatherData, WeatherProvider};
use signalk_plugin_sdk::{clock, config::Secret, fetch, json, model, storage, task};

use document::{Document, HOUR, VALUES};

/// How far around its place a forecast is one (m).
const NEAR: f64 = 50_000.0;

/// The name under which the forecasts are stored.
const FORECAST: &str = "forecast";

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
    /// The last good answers, the newest first: for here, and for where the boat was before. Should one
    /// wrong position be asked for, the forecast for the right place is still there.
    forecasts: Vec<Forecast>,
    places: Places,
    clock: clock::WallClock,
    /// What the server has as values of the boat.
    shown: [Option<WeatherData>; 2],
    request: Option<task::Task>,
    backoff: task::Backoff,
    /// Why the last request failed.
    problem: Option<String>,
}

/// The number of forecasts that are kept.
const MOST_FORECASTS: usize = 2;

/// A good answer, with the place and the time that it was asked for.
#[derive(Serialize, Deserialize)]
struct Forecast {
    position: Position,
    at: u64,
    document: Document,
}

/// Which places can be. A boat that was carried on a lorry is soon far away, so any step is believed.
struct Places(Plausible<Position>);

impl Default for Places {
    fn default() -> Self {
        Self(Plausible::position().confirmed_by(0))
    }
}

#[signalk_plugin(name = "Weather Forecast", weather, model("navigation.position"))]
impl Weather {
    fn start(config: Config) -> Result<Self> {
        // What is wrong with it is told now, and not an hour later.
        fetch::Client::new().trust(&config.certificate)?;
        // One that cannot be read, of another version for example, is as good as none.
        let forecasts = storage::load(FORECAST).unwrap_or_default().unwrap_or_default();
        let mut clock = clock::WallClock::new();
        clock.update();
        Ok(Self { config, forecasts, clock, ..Self::default() })
    }

    /// GNSS time, which says whether the clock of the computer is right.
    #[delta("navigation.datetime")]
    fn heard(&mut self, datetime: String) {
        self.clock.observe(&datetime);
    }

    #[every("10s")]
    fn look(&mut self) -> Result<()> {
        self.clock.update();
        let told = model::position();
        let here = self.here(&told);
        if let Some(here) = here
            && self.is_due(here)
            && self.request.is_none()
            && self.backoff.is_ready()
        {
            self.ask(here)?;
        }
        self.show_status(here);
        self.publish(here)?;
        // A position that is no place is the owner's to mend.
        told.map(drop)
    }

    /// The place of the boat. However old: without its GPS it is most likely where it was. So it is where the
    /// GPS tells what cannot be.
    fn here(&mut self, told: &Result<Option<Position>>) -> Option<Position> {
        if let Ok(None) = told {
            return None;
        }
        // Its error is that of what was told.
        let _ = model::believe("navigation.position", &mut self.places.0);
        self.places.0.last()
    }

    /// Tells whether a new forecast is wanted.
    fn is_due(&self, here: Position) -> bool {
        let Some(forecast) = self.near(here, self.config.refresh_distance) else {
            return true;
        };
        self.age(forecast) >= 60 * self.config.refresh_interval
    }

    fn show_status(&self, here: Option<Position>) {
        let age = match self.for_here(here).map(|forecast| self.age(forecast)) {
            None => "not there yet".into(),
            Some(seconds @ 0..7200) => format!("{} min old", seconds / 60),
            Some(seconds) => format!("{} h old", seconds / HOUR),
        };
        server::set_status(&match (&self.problem, here) {
            (Some(problem), _) => format!("Offline: the forecast is {age} ({problem})"),
            (None, None) => format!("Position unknown: the forecast is {age}"),
            (None, Some(_)) => format!("The forecast is {age}"),
        });
    }

    /// Of a forecast, in s. One of the future, which a wrong clock has left, is old, too.
    fn age(&self, forecast: &Forecast) -> u64 {
        self.clock.unix_seconds().abs_diff(forecast.at)
    }

    /// The newest forecast that was asked for no farther than that (m) from a place.
    fn near(&self, place: Position, most: f64) -> Option<&Forecast> {
        self.forecasts.iter().find(|forecast| forecast.position.distance_to(place) < most)
    }

    /// The forecast for where the boat is, or else the newest.
    fn for_here(&self, here: Option<Position>) -> Option<&Forecast> {
        let near = here.and_then(|here| self.near(here, NEAR));
        near.or(self.forecasts.first())
    }

    /// The forecast for where the boat is, if that is the place that a client asks for. While nobody knows
    /// where the boat is, any forecast for that place.
    fn for_clients(&self, place: Position) -> Option<&Forecast> {
        let Some(here) = self.places.0.last() else {
            return self.near(place, NEAR);
        };
        let forecast = self.for_here(Some(here))?;
        Some(forecast).filter(|it| it.position.distance_to(place) < NEAR)
    }

    fn ask(&mut self, here: Position) -> Result<()> {
        // To a kilometre, as fine as any of the models: nobody has to know the berth.
        let rounded = |degrees: f64| json::to_string(&((degrees * 100.0).round() / 100.0));
        let url = [self.config.base_url.trim().trim_end_matches('/'), document::PATH].concat();
        let client =
            fetch::Client::new().trust(&self.config.certificate)?.max_response_bytes(100_000);
        let request = client.get(&url).query("current", VALUES).query("hourly", VALUES);
        let request = request.query("latitude", rounded(here.latitude)?);
        let request = request.query("longitude", rounded(here.longitude)?);
        let request = request.query_secret("apikey", &self.config.api_key);
        let get = async { Ok(request.send().await?.error_for_status()?.json::<Document>()?) };
        let then = move |plugin: &mut Self, document| plugin.answered(here, document);
        self.request = Some(task::spawn_then("fetch", get, then));
        Ok(())
    }

    fn answered(&mut self, position: Position, document: Result<Document>) -> Result<()> {
        self.request = None;
        let at = self.clock.unix_seconds();
        match document.and_then(|document| document.check(at)) {
            Ok(document) => {
                self.problem = None;
                self.backoff = task::Backoff::default();
                self.keep(Forecast { position, at, document });
            }
            Err(error) => {
                self.backoff.failed(error.downcast_ref().and_then(fetch::Error::retry_after));
                self.problem = Some(error.to_string());
            }
        }
        if !self.forecasts.is_empty() {
            // Those that did not change are not written again.
            storage::save(FORECAST, &self.forecasts)?;
        }
        self.look()
    }

    /// Puts a new forecast in the place of an older one for the same waters.
    fn keep(&mut self, new: Forecast) {
        self.forecasts.retain(|old| old.position.distance_to(new.position) >= NEAR);
        self.forecasts.insert(0, new);
        self.forecasts.truncate(MOST_FORECASTS);
    }

    fn publish(&mut self, here: Option<Position>) -> Result<()> {
        let near = here.and_then(|here| self.near(here, NEAR));
        let good = near.filter(|forecast| self.age(forecast) < 24 * HOUR);
        let fresh = good.filter(|forecast| self.age(forecast) < 2 * HOUR);
        let current = fresh.map(|forecast| forecast.document.current());
        let then = self.clock.unix_seconds() + self.config.hours_ahead * HOUR;
        let ahead = good.and_then(|it| it.document.rows(ForecastType::Point, then, None).next());
        if [&current, &ahead] != self.shown.each_ref() {
            self.shown = [current, ahead];
            publish::send(&self.shown)?;
        }
        Ok(())
    }

    fn stop(&mut self) -> Result<()> {
        // Nobody would clear the values afterwards.
        self.publish(None)
    }
}

impl WeatherProvider for Weather {
    fn observations(&mut self, request: &weather::ObservationRequest) -> Result<Vec<WeatherData>> {
        let near = self.for_clients(request.position);
        let fresh = near.filter(|forecast| self.age(forecast) < 2 * HOUR);
        let current = fresh.map(|forecast| forecast.document.current()).into_iter();
        Ok(current.filter(|it| Some(&it.date) >= request.start_date.as_ref()).collect())
    }

    fn forecasts(&mut self, request: &weather::ForecastRequest) -> Result<Vec<WeatherData>> {
        let Some(forecast) = self.for_clients(request.position) else {
            return Ok(Vec::new());
        };
        let (now, date) = (self.clock.unix_seconds(), request.start_date.as_deref());
        let rows = forecast.document.rows(request.kind, now, date);
        // More hours than these do not fit into the server's buffer.
        Ok(rows.take(144).collect())
    }
}

#[cfg(test)]
mod tests;
