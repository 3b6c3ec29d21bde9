//! The weather example in the embedded host, with a web service on loopback.

use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};
use signalk_plugin_host::{Host, Plugin};
use signalk_plugin_tests::http_stub::{Answer, Certificates, HttpStub};
use signalk_plugin_tests::recorded::Recorded;
use signalk_plugin_tests::{BuiltPlugin, Way, cases};

cases! {
    [embedded]
    the_weather_is_fetched_served_and_kept
}

const PLUGIN: &str = "signalk-weather";

/// The embedded host's wall clock, where nothing else is said.
fn new_year() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600)
}

fn is_at(plugin: &mut Plugin, latitude: f64) {
    let position = json!({ "latitude": latitude, "longitude": 10.2 });
    let values = json!([{ "path": "navigation.position", "value": position }]);
    let delta = json!({ "context": "vessels.self", "updates": [{ "values": values }] });
    plugin.deliver_delta(&delta.to_string()).unwrap();
}

/// Has the plugin called in a moment, with its clock standing still.
fn until_line(plugin: &mut Plugin, part: &str) {
    let began = Instant::now();
    while !plugin.status().unwrap().message.contains(part) {
        assert!(began.elapsed() < Duration::from_secs(60), "{}", plugin.status().unwrap().message);
        std::thread::sleep(Duration::from_millis(1));
        is_at(plugin, 54.5);
    }
}

fn forecasts(plugin: &mut Plugin, kind: &str) -> Value {
    let here = json!({ "latitude": 54.5, "longitude": 10.2 });
    plugin.weather_forecasts(&here, kind, &json!({})).unwrap()
}

fn the_weather_is_fetched_served_and_kept(way: Way) {
    let certificates = Certificates::new().unwrap();
    let recorded = Recorded::beginning_on_the_day_of(new_year()).unwrap();
    let mut stub = HttpStub::tls(&certificates.good().unwrap()).unwrap();
    stub.answer("/v1/forecast", Answer::ok(recorded.text()));
    let config = json!({ "baseUrl": stub.url(), "certificate": certificates.ca_pem() });
    let host = Host::builder().version(way.version()).fuel(None).build();
    let module = || BuiltPlugin::of(PLUGIN).unwrap().module().unwrap();
    let mut plugin = host.install_enabled(module(), &config.to_string()).unwrap();
    is_at(&mut plugin, 54.5);
    plugin.advance(Duration::from_secs(10)).unwrap();
    until_line(&mut plugin, "The forecast is 0 min old");
    let now = new_year() + Duration::from_secs(10);
    recorded.check_hours(&forecasts(&mut plugin, "point"), now).unwrap();
    recorded.check_days(&forecasts(&mut plugin, "daily")).unwrap();
    let kelvins = plugin.value("environment.outside.temperature").unwrap();
    assert!((kelvins.as_f64().unwrap() - recorded.temperature()).abs() < 1e-4, "{kelvins}");

    // The service is gone when the hour is over, and the forecast is served as before.
    stub.refuse().unwrap();
    plugin.advance(Duration::from_secs(3600)).unwrap();
    until_line(&mut plugin, "no connection");
    assert!(plugin.status().unwrap().message.starts_with("Offline: the forecast is "));
    let later = now + Duration::from_secs(3600);
    recorded.check_hours(&forecasts(&mut plugin, "point"), later).unwrap();
}
