//! The examples in the embedded host, as either version of the server has it: what they do outside
//! themselves, and again after the server was restarted.

use std::io::Write;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use signalk_plugin_host::{Host, Plugin, ServerVersion};
use signalk_plugin_tests::{BuiltPlugin, Way, cases};

cases! {
    [embedded]
    hello_tells_the_depth_below_the_keel
    a_sounder_without_a_bottom_tells_no_depth_and_two_sounders_do_not_take_turns
    a_variation_that_is_told_rarely_does_not_make_the_wind_come_and_go
    derived_data_is_there_while_its_inputs_are
    routes_and_waypoints_outlast_a_restart
    nmea_0183_goes_out_and_comes_in
    nmea_0183_of_a_gateway_on_tcp_comes_in_and_is_cleared
    weather_is_observed_forecast_and_warned_of
    a_clock_that_jumps_costs_no_reading_and_ends_no_warning
}

const SECOND: Duration = Duration::from_secs(1);

fn launch(version: ServerVersion, example: &str, config: &Value) -> Plugin {
    let module = BuiltPlugin::of(example).unwrap().module().unwrap();
    let host = Host::builder().version(version).wall_clock(SystemTime::now()).build();
    host.install_enabled(module, &config.to_string()).unwrap()
}

/// Delivers values of an instrument, and lets a second pass.
fn tell(plugin: &mut Plugin, values: &[(&str, Value)]) {
    let values: Vec<_> =
        values.iter().map(|(path, value)| json!({ "path": path, "value": value })).collect();
    plugin.deliver_delta(&json!({ "updates": [{ "values": values }] }).to_string()).unwrap();
    plugin.advance(SECOND).unwrap();
}

/// Delivers a value from a source of a name, with no time passing.
fn tell_from(plugin: &mut Plugin, source: &str, path: &str, value: &Value) {
    let values = json!([{ "path": path, "value": value }]);
    let delta = json!({ "updates": [{ "$source": source, "values": values }] });
    plugin.deliver_delta(&delta.to_string()).unwrap();
}

fn line(plugin: &Plugin) -> String {
    plugin.status().unwrap().message
}

/// What the server's file of the plugin holds.
fn file(plugin: &Plugin, example: &str) -> Value {
    serde_json::from_str(&plugin.config_store().read(example).unwrap()).unwrap()
}

#[track_caller]
fn assert_near(plugin: &Plugin, path: &str, expected: f64) {
    let found = plugin.value(path).and_then(|value| value.as_f64()).unwrap_or(f64::NAN);
    assert!((found - expected).abs() < 1e-6, "{path}: {found} is not {expected}");
}

fn hello_tells_the_depth_below_the_keel(way: Way) {
    let mut plugin = launch(way.version(), "signalk-hello", &json!({ "transducerToKeel": 1.5 }));
    tell(&mut plugin, &[("environment.depth.belowTransducer", json!(4.0))]);
    assert_near(&plugin, "environment.depth.belowKeel", 2.5);
    assert_eq!(line(&plugin), "250 cm below the keel");
    let mut plugin = plugin.restart_server().unwrap();
    assert_eq!(plugin.value("environment.depth.belowKeel"), None);
    tell(&mut plugin, &[("environment.depth.belowTransducer", json!(5.0))]);
    assert_near(&plugin, "environment.depth.belowKeel", 3.5);
}

fn a_sounder_without_a_bottom_tells_no_depth_and_two_sounders_do_not_take_turns(way: Way) {
    const IN: &str = "environment.depth.belowTransducer";
    const OUT: &str = "environment.depth.belowKeel";
    let mut plugin = launch(way.version(), "signalk-hello", &json!({ "transducerToKeel": 1.5 }));
    tell_from(&mut plugin, "bow", IN, &json!(42_949_672.92));
    assert_eq!(plugin.value(OUT), None);
    assert_eq!(line(&plugin), "Waiting for a depth");
    for _ in 0..3 {
        tell_from(&mut plugin, "bow", IN, &json!(4.0));
        tell_from(&mut plugin, "stern", IN, &json!(6.0));
        assert_near(&plugin, OUT, 2.5);
        plugin.advance(SECOND).unwrap();
    }
    tell_from(&mut plugin, "bow", IN, &json!(42_949_672.92));
    assert!(plugin.value(OUT).unwrap().is_null());
    tell_from(&mut plugin, "stern", IN, &json!(6.0));
    assert_near(&plugin, OUT, 4.5);
}

fn a_variation_that_is_told_rarely_does_not_make_the_wind_come_and_go(way: Way) {
    let mut plugin = launch(way.version(), "signalk-derived-data", &json!({}));
    for second in 0..40 {
        if second % 10 == 0 {
            tell_from(&mut plugin, "host", "navigation.magneticVariation", &json!(0.06));
        }
        tell_from(&mut plugin, "host", "navigation.headingMagnetic", &json!(1.0));
        tell(&mut plugin, &beam_reach());
        let direction = plugin.value("environment.wind.directionTrue").unwrap_or_default();
        assert!(direction.is_number(), "{second} s: {direction}");
    }
}

/// The triangle of 3, 4 and 5: the apparent wind of a boat at 4 m/s in a true wind of 3 m/s abeam.
fn beam_reach() -> [(&'static str, Value); 3] {
    [
        ("environment.wind.speedApparent", json!(5.0)),
        ("environment.wind.angleApparent", json!(3f64.atan2(4.0))),
        ("navigation.speedThroughWater", json!(4.0)),
    ]
}

fn derived_data_is_there_while_its_inputs_are(way: Way) {
    let config = json!({ "staleAfter": 3 });
    let mut plugin = launch(way.version(), "signalk-derived-data", &config);
    for _ in 0..2 {
        tell(&mut plugin, &beam_reach());
        assert_near(&plugin, "environment.wind.speedTrue", 3.0);
        assert_near(&plugin, "environment.wind.angleTrueWater", std::f64::consts::FRAC_PI_2);
        plugin.advance(5 * SECOND).unwrap();
        assert!(plugin.value("environment.wind.speedTrue").unwrap().is_null());
        plugin = plugin.restart_server().unwrap();
    }
    tell(
        &mut plugin,
        &[
            ("environment.outside.temperature", json!(293.15)),
            ("environment.outside.relativeHumidity", json!(0.5)),
            ("navigation.headingTrue", json!(0.0)),
            ("navigation.speedThroughWater", json!(3.0)),
            ("navigation.courseOverGroundTrue", json!(4f64.atan2(3.0))),
            ("navigation.speedOverGround", json!(5.0)),
        ],
    );
    let dew = plugin.value("environment.outside.dewPointTemperature").unwrap();
    assert!((dew.as_f64().unwrap() - 282.41).abs() < 0.01, "{dew}");
    let current = plugin.value("environment.current").unwrap();
    assert!((current["drift"].as_f64().unwrap() - 4.0).abs() < 1e-6, "{current}");
}

fn routes_and_waypoints_outlast_a_restart(way: Way) {
    const EXAMPLE: &str = "signalk-routes-waypoints";
    let id = "ac3a3b2d-07e8-4f25-92bc-98e7c92f7f1a";
    let feature = |kind: &str, coordinates: Value| {
        json!({
            "type": "Feature",
            "geometry": { "type": kind, "coordinates": coordinates },
            "properties": {},
        })
    };
    let waypoint = json!({ "name": "Reef", "feature": feature("Point", json!([24.5, 60.25])) });
    let line_string = feature("LineString", json!([[24.5, 60.25], [25.5, 60.5]]));
    let route = json!({ "name": "Home", "feature": line_string });
    let mut plugin = launch(way.version(), EXAMPLE, &json!({}));
    plugin.set_resource("waypoints", id, &waypoint).unwrap();
    plugin.set_resource("routes", id, &route).unwrap();
    let stored = file(&plugin, EXAMPLE)["configuration"]["signalk-plugin-sdk"].clone();
    assert_eq!(stored["documents"][format!("routes/{id}")]["name"], "Home", "{stored}");

    let mut plugin = plugin.restart_server().unwrap();
    assert_eq!(line(&plugin), "Routes: 1, waypoints: 1");
    let found = plugin.get_resource("waypoints", id, None).unwrap();
    assert_eq!(found["feature"], waypoint["feature"]);
    for (bbox, count) in [([24.0, 60.0, 25.0, 61.0], 1), ([0.0, 0.0, 1.0, 1.0], 0)] {
        for kind in ["waypoints", "routes"] {
            let list = plugin.list_resources(kind, &json!({ "bbox": bbox })).unwrap();
            assert_eq!(list.as_object().unwrap().len(), count, "{kind} {list}");
        }
    }
    plugin.delete_resource("routes", id).unwrap();
    let large = json!({ "name": "x".repeat(300_000), "feature": waypoint["feature"] });
    for id in ["a", "b", "c", "too many"] {
        plugin.set_resource("waypoints", id, &large).unwrap();
    }
    let error = line(&plugin);
    assert!(error.contains("waypoints/too many: ") && error.contains("storage"), "{error}");

    let plugin = plugin.restart_server().unwrap();
    assert_eq!(line(&plugin), "Routes: 0, waypoints: 4");
}

fn nmea_0183_goes_out_and_comes_in(way: Way) {
    let peer = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    peer.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let free = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let connection = json!({
        "type": "udp",
        "receivePort": port,
        "sendHost": "127.0.0.1",
        "sendPort": peer.local_addr().unwrap().port(),
    });
    let config = json!({ "connection": connection });
    let mut plugin = launch(way.version(), "signalk-nmea0183", &config);
    for _ in 0..2 {
        tell(&mut plugin, &[("navigation.headingTrue", json!(std::f64::consts::FRAC_PI_2))]);
        let mut buffer = [0; 100];
        let length = peer.recv(&mut buffer).unwrap();
        assert_eq!(&buffer[..length], b"$IIHDT,90.0,T*1B\r\n");

        let lines = "$SDDBT,36.4,f,11.1,M,6.0,F*00\r\n$SDDBT,36.4,f,99.9,M,6.0,F*00\r\n";
        peer.send_to(lines.as_bytes(), (Ipv4Addr::LOCALHOST, port)).unwrap();
        for _ in 0..1000 {
            plugin.advance(SECOND).unwrap();
            if line(&plugin).contains("1 received") {
                break;
            }
            std::thread::yield_now();
        }
        assert_eq!(line(&plugin), "1 sent; 1 received, 0 unknown, 1 broken");
        assert_near(&plugin, "environment.depth.belowTransducer", 11.1);
        plugin = plugin.restart_server().unwrap();
    }
}

fn nmea_0183_of_a_gateway_on_tcp_comes_in_and_is_cleared(way: Way) {
    const DEPTH: &str = "environment.depth.belowTransducer";
    let gateway = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = gateway.local_addr().unwrap().port();
    let connection = json!({ "type": "tcp", "host": "127.0.0.1", "port": port });
    let config = json!({ "connection": connection });
    let mut plugin = launch(way.version(), "signalk-nmea0183", &config);
    plugin.advance(SECOND).unwrap();
    let (mut peer, _) = gateway.accept().unwrap();
    let mut tell = |plugin: &mut Plugin, lines: &str, expected: Value| {
        peer.write_all(lines.as_bytes()).unwrap();
        for _ in 0..1000 {
            if plugin.value(DEPTH) == Some(expected.clone()) {
                return;
            }
            plugin.advance(SECOND / 100).unwrap();
            std::thread::sleep(Duration::from_millis(1));
        }
        panic!("{expected}: {:?}, {}", plugin.value(DEPTH), line(plugin));
    };
    tell(&mut plugin, "\\c:1754242770*5A\\$SDDBT,36.4,f,11.1,M,6.0,F*00\r\n", json!(11.1));
    tell(&mut plugin, "$SDDBT,,f,,M,,F*28\r\n", Value::Null);
}

fn weather_is_observed_forecast_and_warned_of(way: Way) {
    const PRESSURE: &str = "environment.outside.pressure";
    let here = json!({ "latitude": 54.5, "longitude": 10.2 });
    let mut plugin = launch(way.version(), "signalk-weather-provider", &json!({}));
    let hours = |plugin: &mut Plugin, steps: std::ops::Range<i32>| {
        for step in steps {
            // 12 Pa in 6 minutes are 360 Pa in 3 hours, which just is a quick fall.
            let pressure = 100_000.0 - f64::from(step) * 12.0;
            tell(plugin, &[(PRESSURE, json!(pressure)), ("navigation.position", here.clone())]);
            plugin.advance(359 * SECOND).unwrap();
        }
    };
    hours(&mut plugin, 0..20);
    assert!(plugin.weather_warnings(&here).unwrap().as_array().unwrap().is_empty());
    // The tendency goes on where it was.
    plugin = plugin.restart_server().unwrap();
    hours(&mut plugin, 20..36);
    let state = plugin.value(&format!("notifications.{PRESSURE}")).unwrap()["state"].clone();
    assert_eq!(state, "warn", "{}", line(&plugin));
    let warnings = plugin.weather_warnings(&here).unwrap();
    assert!(line(&plugin).starts_with("Pressure falling quickly: -3"), "{}", line(&plugin));
    assert_eq!(warnings[0]["details"], line(&plugin));
    let observed = plugin.weather_observations(&here, &json!({})).unwrap();
    let forecast = plugin.weather_forecasts(&here, "point", &json!({})).unwrap();
    assert_eq!(observed.as_array().unwrap().len(), 8, "{observed}");
    assert_eq!(forecast.as_array().unwrap().len(), 3);
    let pressure = |data: &Value| data["outside"]["pressure"].as_f64().unwrap();
    assert!(pressure(&forecast[2]) < pressure(&forecast[0]));
    assert!(pressure(&forecast[0]) < pressure(&observed[0]));
}

fn a_clock_that_jumps_costs_no_reading_and_ends_no_warning(way: Way) {
    const PRESSURE: &str = "environment.outside.pressure";
    const TWENTY_YEARS: i64 = 20 * 365 * 86_400;
    let here = json!({ "latitude": 54.5, "longitude": 10.2 });
    let mut plugin = launch(way.version(), "signalk-weather-provider", &json!({}));
    let mut pressure = 100_000.0;
    let mut hours = |plugin: &mut Plugin, steps: u32| {
        for _ in 0..steps {
            pressure -= 14.0;
            tell(plugin, &[(PRESSURE, json!(pressure)), ("navigation.position", here.clone())]);
            plugin.advance(359 * SECOND).unwrap();
        }
    };
    let state = |plugin: &Plugin| {
        plugin.value(&format!("notifications.{PRESSURE}")).unwrap()["state"].clone()
    };
    let observed = |plugin: &mut Plugin| {
        let observed = plugin.weather_observations(&here, &json!({})).unwrap();
        observed.as_array().unwrap().clone()
    };
    hours(&mut plugin, 40);
    assert_eq!(state(&plugin), "warn", "{}", line(&plugin));
    let before = observed(&mut plugin);
    for seconds in [-TWENTY_YEARS, TWENTY_YEARS] {
        plugin.shift_wall_clock(seconds);
        hours(&mut plugin, 1);
        assert_eq!(state(&plugin), "warn", "{}", line(&plugin));
        assert!(line(&plugin).starts_with("Pressure falling quickly"), "{}", line(&plugin));
        let meanwhile = observed(&mut plugin);
        assert!(meanwhile.ends_with(&before), "{seconds}: {before:?}\n{meanwhile:?}");
    }
    hours(&mut plugin, 5);
    let after = observed(&mut plugin);
    assert!(after.ends_with(&before), "{before:?}\n{after:?}");
    plugin = plugin.restart_server().unwrap();
    hours(&mut plugin, 1);
    assert!(observed(&mut plugin).ends_with(&before));
}
