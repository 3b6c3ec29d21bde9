//! Providers and streams of a plugin as the server calls them, natively.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects")]

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use signalk_plugin_contract::ANSWER_BUFFER;
use signalk_plugin_sdk::json::Raw;
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::radar::{RadarInfo, RadarProvider};
use signalk_plugin_sdk::resource::{Resource, ResourceProvider, ResourceQuery, Waypoint};
use signalk_plugin_sdk::stream;
use signalk_plugin_sdk::testing::{Event, Registration, TestHost};
use signalk_plugin_sdk::weather::{
    ForecastRequest, ObservationRequest, WeatherData, WeatherProvider,
};

#[derive(Clone, Serialize, Deserialize)]
struct Thing {
    name: String,
}

impl Resource for Thing {
    const TYPE: &'static str = "things";
}

#[derive(Deserialize, JsonSchema, Default)]
#[serde(default)]
struct Config {
    fails: bool,
}

#[derive(Default)]
struct Provider {
    things: BTreeMap<String, Thing>,
    waypoints: BTreeMap<String, Waypoint>,
}

#[signalk_plugin(name = "All of them", resources(Thing, Waypoint), weather, radar)]
impl Provider {
    fn start(config: Config) -> Result<Self> {
        ensure!(!config.fails, "on purpose");
        Ok(Self::default())
    }

    #[put("test.stream")]
    fn stream(&mut self, name: String) -> Result<()> {
        stream::send(&name, b"\x00\xff")?;
        stream::send_spokes("dome", b"\x01")
    }
}

macro_rules! keeps {
    ($type:ty, $field:ident) => {
        impl ResourceProvider<$type> for Provider {
            fn list(&mut self, _: &ResourceQuery<'_>) -> Result<BTreeMap<String, $type>> {
                Ok(self.$field.clone())
            }

            fn get(&mut self, id: &str) -> Result<Option<$type>> {
                Ok(self.$field.get(id).cloned())
            }

            fn set(&mut self, id: &str, resource: $type) -> Result<()> {
                ensure!(id != "refused", "{id} is not taken");
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
keeps!(Waypoint, waypoints);

impl WeatherProvider for Provider {
    fn observations(&mut self, _: &ObservationRequest) -> Result<Vec<WeatherData>> {
        bail!("the barometer is broken")
    }

    fn forecasts(&mut self, _: &ForecastRequest) -> Result<Vec<WeatherData>> {
        let date = "2026-01-01T00:00:00Z".to_owned();
        Ok(vec![WeatherData { date, ..WeatherData::default() }])
    }
}

impl RadarProvider for Provider {
    fn radars(&mut self) -> Result<Vec<String>> {
        Ok(vec!["dome".into()])
    }

    fn info(&mut self, _: &str) -> Result<Option<RadarInfo>> {
        bail!("the radar does not answer")
    }

    fn set_control(&mut self, _: &str, control: &str, _: &Raw) -> Result<()> {
        bail!("there is no control {control}")
    }
}

type Host = TestHost<Provider>;

fn announced(host: &Host) -> Vec<(String, String)> {
    let events = host.events().into_iter();
    let providers = events.filter_map(|event| match event {
        Event::Registered(registration) | Event::RegistrationRefused { registration, .. } => {
            Some(match registration {
                Registration::Resources { resource_type } => ("resource".to_owned(), resource_type),
                Registration::Weather { name } => ("weather".to_owned(), name),
                Registration::Radar { name } => ("radar".to_owned(), name),
                _ => return None,
            })
        }
        _ => None,
    });
    providers.collect()
}

#[test]
fn every_type_and_provider_is_announced_before_the_start_even_of_one_that_fails() {
    let host = Host::start(r#"{"fails":true}"#);
    let expected = [
        ("resource", "things"),
        ("resource", "waypoints"),
        ("weather", "All of them"),
        ("radar", "All of them"),
    ];
    assert_eq!(announced(&host), expected.map(|(kind, name)| (kind.to_owned(), name.to_owned())));
    assert_eq!(host.error().unwrap(), "on purpose");
}

#[test]
fn each_type_goes_to_its_own_provider() {
    let mut host = Host::start("{}");
    host.set_resource("things", "bell", json!({"name": "Bell"}));
    assert_eq!(host.list_resources("things", json!({})).unwrap()["bell"]["name"], "Bell");
    assert_eq!(host.list_resources("waypoints", json!({})).unwrap(), json!({}));
    assert_eq!(host.get_resource("things", "bell", Some("name")).unwrap()["value"], "Bell");
    host.delete_resource("things", "bell");
    assert!(host.get_resource("things", "bell", None).is_err());
    assert!(host.get_resource("gadgets", "bell", None).is_err());
    assert_eq!(
        host.error().unwrap(),
        "reading a resource: the plugin has no resources of the type gadgets"
    );
}

#[test]
fn what_the_server_hides_stands_in_the_status_until_it_works_again() {
    let mut host = Host::start("{}");
    host.set_resource("things", "refused", json!({"name": "x"}));
    assert_eq!(host.error().unwrap(), "storing a resource: things/refused: refused is not taken");
    host.set_resource("things", "wrong", json!({"name": 5}));
    assert!(host.error().unwrap().contains("name: found 5, expected a text"), "{:?}", host.error());
    host.set_resource("things", "good", json!({"name": "x"}));
    assert_eq!(host.error(), None);
    let position = json!({"position": {"latitude": 1, "longitude": 2}, "options": {}});
    let answer = host.weather_observations(&position).unwrap();
    assert_eq!(answer["message"], "the barometer is broken");
    assert_eq!(host.error().unwrap(), "weather observations: the barometer is broken");
}

#[test]
fn an_error_of_a_provider_is_shown_for_a_minute_and_that_of_a_client_not_at_all() {
    let mut host = Host::start("{}");
    host.set_resource("things", "refused", json!({"name": "x"}));
    host.advance(Duration::from_secs(59));
    assert!(host.error().is_some());
    host.advance(Duration::from_secs(2));
    assert_eq!(host.error(), None);
    let nowhere = json!({"position": {"latitude": null, "longitude": 2}, "options": {}});
    assert!(host.weather_observations(&nowhere).unwrap()["message"].is_string());
    assert_eq!(host.error(), None);
}

#[test]
fn what_is_not_stored_while_the_plugin_waits_is_told() {
    let mut host = Host::start(r#"{"fails":true}"#);
    host.list_resources("things", json!({})).unwrap_err();
    assert_eq!(host.error().unwrap(), "on purpose");
    for _ in 0..2 {
        host.set_resource("things", "bell", json!({"name": "x"}));
        assert_eq!(
            host.error().unwrap(),
            "storing a resource: the plugin is not running: on purpose"
        );
        host.delete_resource("things", "bell");
        assert_eq!(
            host.error().unwrap(),
            "deleting a resource: the plugin is not running: on purpose"
        );
    }
}

#[test]
fn why_a_plugin_waits_is_told_to_its_owner_and_to_no_client() {
    let mut host = Host::start(r#"{"fails":true}"#);
    let error = host.list_resources("things", json!({})).unwrap_err();
    assert_eq!(error, "Error: the plugin is not running");
    let error = host.get_resource("things", "bell", None).unwrap_err();
    assert_eq!(error, "Error: the plugin is not running");
    let position = json!({"position": {"latitude": 1, "longitude": 2}, "options": {}});
    let refused =
        json!({"state": "FAILED", "statusCode": 503, "message": "the plugin is not running"});
    assert_eq!(host.weather_observations(&position).unwrap(), refused);
    assert_eq!(host.weather_warnings(&position).unwrap(), refused);
    let request = json!({"radarId": "dome", "controlId": "gain", "value": 1});
    assert_eq!(
        host.radar("radar_set_control", &request).unwrap(),
        json!({"success": false, "error": "the plugin is not running"})
    );
    assert_eq!(host.error().unwrap(), "on purpose");
}

#[test]
fn the_reason_of_a_failure_is_cut_to_what_the_server_reads() {
    let mut host = Host::start("{}");
    let request = json!({"radarId": "dome", "controlId": "\"\u{2}".repeat(40_000), "value": 1});
    let answer = host.radar("radar_set_control", &request).unwrap();
    assert_eq!(answer["success"], false);
    let error = answer["error"].as_str().unwrap();
    assert!(error.starts_with("there is no control \"") && error.ends_with('…'), "{error}");
}

#[test]
fn the_type_of_a_forecast_is_filled_in() {
    let mut host = Host::start("{}");
    let mut request = json!({"position": {"latitude": 1, "longitude": 2}, "type": "daily"});
    assert_eq!(host.weather_forecasts(&request).unwrap()[0]["type"], "daily");
    request["type"] = "point".into();
    assert_eq!(host.weather_forecasts(&request).unwrap()[0]["type"], "point");
    assert_eq!(host.weather_warnings(&request).unwrap(), json!([]));
}

#[test]
fn a_mistake_of_a_client_that_is_told_so_is_not_the_owners() {
    let mut host = Host::start("{}");
    let request = json!({"radarId": "dome", "controlId": "fuel", "value": 1});
    let answer = host.radar("radar_set_control", &request).unwrap();
    assert_eq!(answer, json!({"success": false, "error": "there is no control fuel"}));
    assert_eq!(host.error(), None);
    assert_eq!(host.radar("radar_get_radars", &Value::Null).unwrap(), json!(["dome"]));
    let request = json!({"radarId": "dome"});
    assert_eq!(host.radar("radar_get_radar_info", &request).unwrap(), Value::Null);
    assert_eq!(host.error().unwrap(), "radar information: the radar does not answer");
}

#[test]
fn a_plugin_that_is_stopped_has_nothing_and_says_so_in_the_way_the_server_knows() {
    let mut host = Host::start("{}");
    host.stop();
    let status = host.status();
    let error = host.list_resources("things", json!({})).unwrap_err();
    assert_eq!(error, "Error: the plugin is not running");
    let position = json!({"position": {"latitude": 1, "longitude": 2}, "options": {}});
    let answer = host.weather_observations(&position).unwrap();
    assert_eq!(answer["message"], "the plugin is not running");
    assert_eq!(host.status(), status);
}

#[test]
fn an_answer_that_does_not_fit_is_an_error_with_its_size() {
    let mut host = Host::start("{}");
    host.set_resource("things", "long", json!({"name": "x".repeat(70_000)}));
    let error = host.list_resources("things", json!({})).unwrap_err();
    assert!(error.contains(&format!("and the server reads {ANSWER_BUFFER}")), "{error}");
    assert!(host.error().unwrap().contains("response_buffer"), "{:?}", host.error());
}

#[test]
fn missing_capabilities_are_named_together() {
    let mut host = Host::new();
    for capability in ["putHandlers", "resourceProvider", "radarProvider"] {
        host.deny_capability(capability);
    }
    host.configure("{}");
    assert_eq!(
        host.error().unwrap(),
        "test.stream cannot be served: package.json needs \"putHandlers\": true in \
         wasmCapabilities, and \"resourceProvider\": true, and \"radarProvider\": true"
    );
}

#[test]
fn bytes_go_to_streams_under_the_names_that_the_server_knows() {
    let mut host = Host::start("{}");
    assert_eq!(host.put("test.stream", "spectrum").status_code, 200);
    let streams: Vec<_> = host
        .events()
        .into_iter()
        .filter_map(|event| match event {
            Event::Binary { stream, data } => Some((stream, data)),
            _ => None,
        })
        .collect();
    assert_eq!(
        streams,
        [
            ("plugins/plugin-under-test/spectrum".to_owned(), vec![0, 255]),
            ("radars/dome".to_owned(), vec![1]),
        ]
    );
    let answer = host.put("test.stream", "no/name");
    assert!(answer.message.as_deref().unwrap().contains("is no name for a stream"), "{answer}");
}
