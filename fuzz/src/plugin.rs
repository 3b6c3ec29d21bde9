//! A plugin that takes everything, and tells the targets what it was given.

use std::cell::RefCell;
use std::collections::BTreeMap;

use signalk_plugin_sdk::delta::{Delta, Origin};
use signalk_plugin_sdk::http::{Html, Json, Path, Query as HttpQuery, Request, Response};
use signalk_plugin_sdk::json::Raw;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::resource::{Resource, ResourceProvider, ResourceQuery, Route, Waypoint};
use signalk_plugin_sdk::weather::{
    ForecastRequest, ObservationRequest, WarningRequest, WeatherData, WeatherProvider,
    WeatherWarning,
};
use signalk_plugin_sdk::{config, html, model, storage};

/// Every kind of setting. No struct within: `serde_json` reads those from lists, too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(crate) struct Config {
    radius: f64,
    count: Option<u8>,
    offset: i64,
    label: String,
    mode: Mode,
    list: Vec<Mode>,
    #[schemars(skip)] // No form can show a map.
    names: BTreeMap<String, (f32, bool)>,
    letter: char,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mode {
    #[default]
    Day,
    Night,
    Dimmed(u16),
    Between(f64, f64),
}

impl Default for Config {
    fn default() -> Self {
        Self {
            radius: 50.0,
            count: None,
            offset: 0,
            label: String::new(),
            mode: Mode::Day,
            list: Vec::new(),
            names: BTreeMap::new(),
            letter: 'a',
        }
    }
}

/// A value with whom it is about and where it stands.
pub(crate) type Seen = (String, String, Option<String>);

thread_local! {
    /// What `start` was given last.
    pub(crate) static STARTED: RefCell<Option<Config>> = const { RefCell::new(None) };
    /// What the handler of whole deltas was given.
    pub(crate) static DELTAS: RefCell<Vec<Seen>> = const { RefCell::new(Vec::new()) };
    /// What the handler of a wildcard was given.
    pub(crate) static VALUES: RefCell<Vec<Seen>> = const { RefCell::new(Vec::new()) };
    /// What the handler of answers is to give.
    pub(crate) static ANSWER: RefCell<Option<Result<Response>>> = const { RefCell::new(None) };
}

/// The plugin.
pub(crate) struct Everything {
    things: BTreeMap<String, Thing>,
    routes: BTreeMap<String, Route>,
    waypoints: BTreeMap<String, Waypoint>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code)]
enum Kind {
    One,
    Two,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
struct Search {
    most: Option<u32>,
    ratio: Option<f64>,
    on: Option<bool>,
    kind: Option<Vec<Kind>>,
    text: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Place {
    ship: String,
    number: u8,
}

#[signalk_plugin(
    name = "Everything",
    model("a.*", "m.*"),
    resources(Thing, Route, Waypoint),
    weather
)]
impl Everything {
    fn start(config: Config) -> Result<Self> {
        STARTED.set(Some(config));
        Ok(Self { things: BTreeMap::new(), routes: BTreeMap::new(), waypoints: BTreeMap::new() })
    }

    #[delta("a.number")]
    fn number(&mut self, number: f64) -> Result<()> {
        delta::set("a.doubled", number * 2.0)
    }

    #[delta("a.position", context = "vessels.*")]
    fn position(&mut self, position: Option<Position>, origin: &Origin<'_>) -> Result<()> {
        let valid = position.is_some_and(|position| position.is_valid());
        delta::set("b.valid", format!("{valid} {}", origin.source))
    }

    #[delta("a.*")]
    fn values(&mut self, value: Option<Raw>, origin: &Origin<'_>) {
        let value = value.map(|value| value.as_str().to_owned());
        let seen = (origin.context.to_owned(), origin.path.to_owned(), value);
        VALUES.with_borrow_mut(|values| values.push(seen));
    }

    #[delta(context = "*")]
    fn whole(&mut self, delta: &Delta<'_>) {
        let values = delta.updates.iter().flat_map(|update| &update.values);
        let seen = values.map(|value| {
            let text = value.value.map(str::to_owned);
            (delta.context.clone().into_owned(), value.path.clone().into_owned(), text)
        });
        DELTAS.with_borrow_mut(|deltas| deltas.extend(seen));
    }

    #[put("put.number")]
    fn put_number(&mut self, _: f64) {}

    #[put("put.position")]
    fn put_position(&mut self, _: Option<Position>) {}

    #[put("put.config")]
    fn put_config(&mut self, config: Config) -> Result<()> {
        config::save(&config)
    }

    #[put("put.merge")]
    fn put_merge(&mut self, changes: Raw) -> Result<()> {
        config::merge(&changes)
    }

    #[put("put.store")]
    fn put_store(&mut self, documents: BTreeMap<String, Raw>) -> Result<()> {
        documents.iter().try_for_each(|(name, document)| storage::save(name, document))
    }

    #[put("put.modes")]
    fn put_modes(&mut self, _: BTreeMap<u16, Mode>) {}

    #[put("put.tuple")]
    fn put_tuple(&mut self, _: (i8, Option<char>, [u32; 2])) {}

    #[get("/stored/:name")]
    fn stored(&self, Path(name): Path<String>) -> Result<Json<Option<Raw>>> {
        Ok(Json(storage::load(&name)?))
    }

    #[get("/search")]
    fn search(&self, HttpQuery(search): HttpQuery<Search>, request: &Request<'_>) -> Html {
        let host = request.header("host").unwrap_or_default();
        html!("<p>{} {}</p>", format!("{search:?}"), host)
    }

    #[get("/number/:number")]
    fn get_number(&self, Path(number): Path<i16>) -> Json<i16> {
        Json(number)
    }

    #[get("/place/:ship/:number")]
    fn place(&self, Path(place): Path<Place>) -> String {
        format!("{} {}", place.ship, place.number)
    }

    #[post("/echo")]
    fn echo(&mut self, Json(body): Json<Raw>) -> Json<Raw> {
        Json(body)
    }

    #[post("/api/config")]
    fn post_config(&mut self, Json(config): Json<Config>) -> (u16, Json<Config>) {
        (201, Json(config))
    }

    #[get("/model/:path")]
    fn model(&self, Path(path): Path<String>) -> Result<Json<Vec<Raw>>> {
        Ok(Json(model::sources::<Raw>(&path)?.into_iter().map(|entry| entry.value).collect()))
    }

    #[get("/answer")]
    fn answer(&self) -> Result<Response> {
        ANSWER.take().context("no answer was set")?
    }
}

/// A resource of a kind that the server does not know.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Thing {
    name: String,
    #[serde(default)]
    size: Option<f64>,
    #[serde(flatten)]
    rest: BTreeMap<String, Raw>,
}

impl Resource for Thing {
    const TYPE: &'static str = "things";
}

macro_rules! keeps {
    ($type:ty, $field:ident) => {
        impl ResourceProvider<$type> for Everything {
            fn list(&mut self, query: &ResourceQuery<'_>) -> Result<BTreeMap<String, $type>> {
                // Asked for everything, and an error in one is no reason not to answer.
                let _ = (query.limit(), query.bbox(), query.position(), query.distance());
                let _ = (query.zoom(), query.area(None), query.get::<Raw>("name"));
                Ok(self.$field.clone())
            }

            fn get(&mut self, id: &str) -> Result<Option<$type>> {
                Ok(self.$field.get(id).cloned())
            }

            fn set(&mut self, id: &str, resource: $type) -> Result<()> {
                self.$field.insert(id.to_owned(), resource);
                Ok(())
            }

            fn delete(&mut self, id: &str) -> Result<bool> {
                Ok(self.$field.remove(id).is_some())
            }
        }
    };
}

keeps!(Thing, things);
keeps!(Route, routes);
keeps!(Waypoint, waypoints);

impl WeatherProvider for Everything {
    fn observations(&mut self, request: &ObservationRequest) -> Result<Vec<WeatherData>> {
        ensure!(request.position.is_valid(), "not on earth");
        let date = request.start_date.clone().unwrap_or_else(|| "2026-01-01".into());
        Ok(vec![WeatherData { date, ..WeatherData::default() }; 3])
    }

    fn forecasts(&mut self, request: &ForecastRequest) -> Result<Vec<WeatherData>> {
        ensure!(request.position.is_valid(), "not on earth: {:?}", request.custom);
        let date = request.kind.as_str().to_owned();
        Ok(vec![WeatherData { date, ..WeatherData::default() }; 3])
    }

    fn warnings(&mut self, request: &WarningRequest) -> Result<Vec<WeatherWarning>> {
        Ok(vec![WeatherWarning {
            start_time: "2026-01-02T00:00:00.000Z".into(),
            end_time: "2026-01-03T00:00:00.000Z".into(),
            details: format!("{:?}", request.position),
            source: "test".into(),
            kind: "wind".into(),
        }])
    }
}
