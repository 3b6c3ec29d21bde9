//! Real Signal K servers whose wall clock is set back by 20 years and right again while they run, as
//! happens to a computer without a battery for its clock, or whose GPS has lost its count of weeks.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use std::fs;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};
use signalk_plugin_tests::delta::{dashboard_line, value};
use signalk_plugin_tests::env::plugin_folder;
use signalk_plugin_tests::{Server, Stream, WallClock, Way, cases};

const PLUGIN: &str = "signalk-weather-provider";
const PRESSURE: &str = "environment.outside.pressure";
const TWENTY_YEARS: i64 = 20 * 365 * 86_400;
const HALF_HOUR: u64 = 1_800;

/// The plugin's line on the dashboard, and that with one reading more.
const BEFORE: &str = "Pressure falling quickly: -420 Pa in 3 hours";
const AFTER: &str = "Pressure falling quickly: -430 Pa in 3 hours";

/// The time from the start (s) until a new reading is due: the plugin looks once a minute, and the clock
/// has to jump between its first look and the one that takes the reading.
const DUE_AFTER: u64 = 150;

/// It takes three looks at most, and the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(300);

cases! {
    [server]
    a_clock_that_jumps_costs_no_reading_and_ends_no_warning
}

fn a_clock_that_jumps_costs_no_reading_and_ends_no_warning(way: Way) {
    let clock = WallClock::new().unwrap();
    let started = SystemTime::now();
    let config = json!({ "signalk-plugin-sdk": {
        "revision": 1,
        "documents": { "readings": falling(started) },
    } });
    let builder =
        Server::builder(way.installed()).enabled_plugin(plugin_folder(PLUGIN).unwrap(), &config);
    let mut server = clock.of(builder).start().unwrap();
    let stream = server.stream().unwrap();
    tell(&server);
    wait_for_line(&stream, BEFORE);
    assert_warned(&server);
    let before = observations(&server);
    assert_eq!(before.len(), 8, "{before:?}");

    clock.set_by(-TWENTY_YEARS).unwrap();
    let at = stream.position();
    tell(&server);
    let is_told = |message: &Value| value(message, "environment.outside.temperature").is_some();
    let told = stream.wait_for_after(at, "what was told", PATIENCE, is_told).unwrap().message;
    let (told, right) = (&told["updates"][0]["timestamp"], timestamp(started));
    assert!(told.as_str().unwrap() < &*right, "the server's clock shows {told}");
    let is_another =
        |message: &Value| dashboard_line(message, PLUGIN).is_some_and(|line| line.text != BEFORE);
    let line = stream.wait_for_after(at, "another line", PATIENCE, is_another).unwrap().message;
    assert_eq!(dashboard_line(&line, PLUGIN).unwrap().text, AFTER, "with the new reading");
    assert_warned(&server);
    let after = observations(&server);
    assert_eq!(after[1..], before);
    assert_eq!(after[0]["outside"]["pressure"], 99_990.0);
    let date = after[0]["date"].as_str().unwrap();
    assert!((&*right..&*timestamp(SystemTime::now())).contains(&date), "{date} is not now");
    assert_eq!(stored(&server), 8, "a reading was stored before its time could be believed");

    clock.set_by(0).unwrap();
    tell(&server);
    let deadline = Instant::now() + PATIENCE;
    while stored(&server) < 9 {
        assert!(Instant::now() < deadline, "the reading was not stored");
        thread::sleep(Duration::from_millis(100));
    }
    assert_warned(&server);
    assert_eq!(observations(&server), after);
    for message in stream.since(0) {
        let told = value(&message, &format!("notifications.{PRESSURE}")).unwrap_or(&Value::Null);
        assert!(told.is_null() || told["state"] == "warn", "{told}");
    }

    server.restart().unwrap();
    let stream = server.stream().unwrap();
    tell(&server);
    wait_for_line(&stream, AFTER);
    assert_warned(&server);
    assert_eq!(observations(&server), after);
}

/// Readings that an earlier run of the server has left.
fn falling(now: SystemTime) -> Vec<Value> {
    let reading = |half_hours: u32| {
        let age = u64::from(half_hours) * HALF_HOUR - DUE_AFTER;
        let taken = now - Duration::from_secs(age);
        let time = taken.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        let pressure = 100_000.0 + 70.0 * f64::from(half_hours);
        let data = json!({ "date": timestamp(taken), "outside": { "pressure": pressure } });
        json!({ "time": time, "pressure": pressure, "data": data })
    };
    (1..=8).map(reading).collect()
}

/// Tells where the boat is and what its instruments say.
fn tell(server: &Server) {
    let values = [
        ("navigation.position", json!({ "latitude": 54.5, "longitude": 10.2 })),
        (PRESSURE, json!(99_990.0)),
        ("environment.outside.temperature", json!(288.15)),
    ];
    server.client().unwrap().tell("test.instrument", &values).unwrap();
}

fn wait_for_line(stream: &Stream, text: &str) {
    let is_it =
        |message: &Value| dashboard_line(message, PLUGIN).is_some_and(|line| line.text == text);
    stream.wait_for(text, PATIENCE, is_it).unwrap();
}

/// The notification as the server has it, and the warning of its weather API.
#[track_caller]
fn assert_warned(server: &Server) {
    let shown = server.rest().own(&format!("notifications.{PRESSURE}")).unwrap().unwrap();
    assert_eq!(shown["value"]["state"], "warn", "{shown}");
    let warnings = weather(server, "warnings");
    let details = warnings[0]["details"].as_str().unwrap_or_default();
    assert!(details.starts_with("Pressure falling quickly"), "{warnings:?}");
}

fn observations(server: &Server) -> Vec<Value> {
    weather(server, "observations")
}

/// The answer of the server's weather API for the place of the boat.
#[track_caller]
fn weather(server: &Server, what: &str) -> Vec<Value> {
    let path = format!("/signalk/v2/api/weather/{what}?lat=54.5&lon=10.2&provider={PLUGIN}");
    let (status, body) = server.rest().get(&path).unwrap();
    assert!(status == 200 && body.is_array(), "{path}: {status} {body}");
    body.as_array().unwrap().clone()
}

/// The number of readings in the server's file of the plugin.
fn stored(server: &Server) -> usize {
    let file = server.config_folder().join(format!("plugin-config-data/{PLUGIN}.json"));
    let file = fs::read_to_string(file).unwrap();
    // It may be read while 2.23 is writing it.
    let file: Value = serde_json::from_str(&file).unwrap_or_default();
    let documents = &file["configuration"]["signalk-plugin-sdk"]["documents"];
    documents["readings"].as_array().map_or(0, Vec::len)
}

fn timestamp(time: SystemTime) -> String {
    humantime::format_rfc3339_millis(time).to_string()
}
