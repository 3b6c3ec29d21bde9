use std::time::Duration;

use serde_json::{Value, json};
use signalk_plugin_sdk::clock;
use signalk_plugin_sdk::testing::{OTHER_VESSEL, TestHost};

use super::Weather;

const MINUTE: Duration = Duration::from_secs(60);
const PRESSURE: &str = "environment.outside.pressure";

fn here() -> Value {
    json!({ "latitude": 54.5, "longitude": 10.2 })
}

/// A boat with all instruments, whose pressure changes by so many Pa each half hour.
fn hours(host: &mut TestHost<Weather>, from: f64, change: f64, half_hours: u32) {
    for step in 0..half_hours * 30 {
        host.receive("navigation.position", here());
        host.receive(PRESSURE, from + change * f64::from(step / 30));
        host.receive("environment.outside.temperature", 288.0);
        host.receive("environment.outside.relativeHumidity", 0.8);
        host.receive("environment.wind.speedTrue", 7.5);
        host.receive("environment.wind.directionTrue", 4.0);
        host.advance(MINUTE);
    }
}

fn started() -> TestHost<Weather> {
    TestHost::start_default()
}

fn list(answer: Result<Value, String>) -> Vec<Value> {
    let answer = answer.unwrap();
    answer.as_array().unwrap_or_else(|| panic!("{answer}")).clone()
}

/// Of the notification; one that was never raised is normal.
fn state(host: &TestHost<Weather>) -> String {
    host.notification_state(PRESSURE).unwrap_or_else(|| "normal".into())
}

fn observations(host: &mut TestHost<Weather>) -> Vec<Value> {
    list(host.weather_observations(&json!({ "position": here(), "options": {} })))
}

fn forecasts(host: &mut TestHost<Weather>, kind: &str) -> Vec<Value> {
    let request = json!({ "position": here(), "type": kind, "options": {} });
    list(host.weather_forecasts(&request))
}

fn warnings(host: &mut TestHost<Weather>) -> Vec<Value> {
    list(host.weather_warnings(&json!({ "position": here() })))
}

#[test]
fn what_the_instruments_said_is_observed_each_half_hour_the_latest_first() {
    let mut host = started();
    hours(&mut host, 101_300.0, -10.0, 3);
    let observed = observations(&mut host);
    let pressures: Vec<_> = observed.iter().map(|it| it["outside"]["pressure"].clone()).collect();
    assert_eq!(pressures, [101_280.0, 101_290.0, 101_300.0]);
    let latest = &observed[0];
    assert_eq!(latest["type"], "observation");
    assert_eq!(latest["outside"]["temperature"], 288.0);
    assert_eq!(latest["outside"]["relativeHumidity"], 0.8);
    assert_eq!(latest["wind"], json!({ "speedTrue": 7.5, "directionTrue": 4.0 }));
    assert!(latest["date"].as_str() > observed[1]["date"].as_str());
}

#[test]
fn count_and_date_are_kept_to() {
    let mut host = started();
    hours(&mut host, 101_300.0, 0.0, 4);
    let latest = observations(&mut host)[0]["date"].as_str().unwrap().to_owned();
    let mut ask = |options: Value| {
        list(host.weather_observations(&json!({ "position": here(), "options": options }))).len()
    };
    assert_eq!(ask(json!({ "maxCount": 2 })), 2);
    assert_eq!(ask(json!({ "startDate": latest })), 1);
    assert_eq!(ask(json!({ "startDate": "2999-01-01" })), 0);
}

#[test]
fn nothing_is_older_than_a_day() {
    let mut host = started();
    hours(&mut host, 101_300.0, 0.0, 60);
    assert_eq!(observations(&mut host).len(), 48);
}

#[test]
fn the_forecast_is_the_weather_of_now_with_the_pressure_going_on() {
    let mut host = started();
    hours(&mut host, 101_300.0, -50.0, 7);
    assert_eq!(host.status().unwrap(), "Pressure falling: -300 Pa in 3 hours");
    let forecast = forecasts(&mut host, "point");
    let pressures: Vec<_> = forecast.iter().map(|it| it["outside"]["pressure"].clone()).collect();
    // 101,000 Pa now, and 100 Pa less each hour.
    assert_eq!(pressures, [100_900.0, 100_800.0, 100_700.0]);
    assert_eq!(forecast[2]["description"], "Pressure falling: -300 Pa in 3 hours");
    assert_eq!(forecast[2]["wind"]["speedTrue"], 7.5);
    assert_eq!(forecast[2]["type"], "point");
    assert!(forecasts(&mut host, "daily").is_empty(), "a boat knows nothing of tomorrow");
    assert!(warnings(&mut host).is_empty());
}

#[test]
fn before_three_hours_there_is_no_tendency_and_no_forecast() {
    let mut host = started();
    hours(&mut host, 101_300.0, -200.0, 5);
    assert_eq!(host.status().unwrap(), "No tendency before 3 hours of pressure");
    assert!(forecasts(&mut host, "point").is_empty() && warnings(&mut host).is_empty());
}

#[test]
fn a_fast_fall_is_a_warning_and_a_faster_one_an_alarm() {
    // Each half hour, in Pa, and what the Met Office calls it.
    for (change, words, state) in [
        (-110.0, "falling very rapidly: -660", "alarm"),
        (-100.0, "falling quickly: -600", "warn"),
        (-60.0, "falling quickly: -360", "warn"),
        (-58.0, "falling: -350", "normal"),
        (-5.0, "falling slowly: -30", "normal"),
        (0.0, "steady: 0", "normal"),
        (5.0, "rising slowly: 30", "normal"),
        (50.0, "rising: 300", "normal"),
        (80.0, "rising quickly: 480", "normal"),
        (120.0, "rising very rapidly: 720", "normal"),
    ] {
        let mut host = started();
        hours(&mut host, 100_000.0, change, 7);
        assert_eq!(host.status().unwrap(), format!("Pressure {words} Pa in 3 hours"));
        assert_eq!(self::state(&host), state, "{change}");
        let warnings = warnings(&mut host);
        assert_eq!(warnings.len(), usize::from(state != "normal"), "{change}");
        if let Some(warning) = warnings.first() {
            assert_eq!(warning["type"], "Pressure");
            assert_eq!(warning["details"], host.status().unwrap());
            assert!(warning["startTime"].as_str() < warning["endTime"].as_str());
        }
    }
}

#[test]
fn the_warning_ends_when_the_pressure_has_steadied() {
    let mut host = started();
    hours(&mut host, 100_000.0, -70.0, 7);
    assert_eq!(host.notification_state(PRESSURE).unwrap(), "warn");
    hours(&mut host, 99_580.0, 0.0, 7);
    assert_eq!(state(&host), "normal");
    assert!(warnings(&mut host).is_empty());
}

#[test]
fn instruments_that_fell_silent_make_no_forecast_and_no_new_observation() {
    let mut host = started();
    hours(&mut host, 100_000.0, -110.0, 7);
    host.advance(10 * MINUTE);
    let before = observations(&mut host).len();
    assert!(!warnings(&mut host).is_empty());
    host.advance(Duration::from_secs(3 * 3600));
    assert_eq!(observations(&mut host).len(), before);
    assert!(forecasts(&mut host, "point").is_empty() && warnings(&mut host).is_empty());
    assert_eq!(host.status().unwrap(), "No tendency before 3 hours of pressure");
}

#[test]
fn without_a_barometer_there_is_nothing_and_other_instruments_may_be_missing() {
    let mut host = started();
    host.receive("navigation.position", here());
    host.receive("environment.outside.temperature", 288.0);
    host.receive_other(OTHER_VESSEL, PRESSURE, 101_300.0);
    host.advance(MINUTE);
    assert!(observations(&mut host).is_empty());
    host.receive(PRESSURE, 101_300.0);
    host.advance(MINUTE);
    let observed = observations(&mut host);
    assert_eq!(observed.len(), 1);
    assert_eq!(observed[0]["wind"], json!({}));
}

#[test]
fn values_that_cannot_be_are_none() {
    let mut host = started();
    host.receive("navigation.position", here());
    for wrong in [json!(1013.2), json!("high"), json!(-5), Value::Null] {
        host.receive(PRESSURE, wrong);
        host.advance(MINUTE);
    }
    assert!(observations(&mut host).is_empty());
    host.receive(PRESSURE, 101_300.0);
    host.receive("environment.outside.relativeHumidity", 80.0);
    host.advance(MINUTE);
    assert_eq!(observations(&mut host)[0]["outside"], json!({ "pressure": 101_300.0 }));
}

#[test]
fn only_places_near_the_boat_are_answered_for() {
    let mut host = started();
    let request = json!({ "position": here(), "options": {} });
    let answer = host.weather_observations(&request).unwrap();
    assert_eq!(answer["message"], "where the boat is is not known");
    hours(&mut host, 101_300.0, 0.0, 1);
    assert_eq!(observations(&mut host).len(), 1);
    let far = json!({ "position": { "latitude": 0.0, "longitude": 10.2 }, "options": {} });
    assert!(list(host.weather_observations(&far)).is_empty());
}

#[test]
fn the_tendency_outlasts_a_restart_of_the_server() {
    let mut host = started();
    hours(&mut host, 100_000.0, -70.0, 6);
    host.restart_server();
    hours(&mut host, 99_580.0, 0.0, 1);
    assert_eq!(observations(&mut host).len(), 7);
    assert_eq!(host.status().unwrap(), "Pressure falling quickly: -420 Pa in 3 hours");
}

/// Sets the wall clock by so many years.
fn set_by_years(host: &mut TestHost<Weather>, years: i32) {
    let by = Duration::from_secs(u64::from(years.unsigned_abs()) * 365 * 86_400);
    let now = clock::now();
    host.set_wall_clock(if years < 0 { now - by } else { now + by });
}

#[test]
fn a_clock_that_jumps_costs_no_reading_and_ends_no_warning() {
    for years in [-20, 1] {
        let mut host = started();
        hours(&mut host, 100_000.0, -70.0, 8);
        let before = observations(&mut host);
        assert_eq!(host.notification_state(PRESSURE).unwrap(), "warn");
        set_by_years(&mut host, years);
        hours(&mut host, 99_440.0, -70.0, 2);
        assert_eq!(host.notification_state(PRESSURE).unwrap(), "warn", "{years}");
        assert!(!warnings(&mut host).is_empty(), "{years}");
        set_by_years(&mut host, -years);
        hours(&mut host, 99_300.0, -70.0, 2);
        let after = observations(&mut host);
        assert_eq!(after.len(), before.len() + 4, "{years}");
        assert_eq!(after[4..], before, "{years}");
        host.restart_server();
        hours(&mut host, 99_160.0, -70.0, 1);
        assert_eq!(observations(&mut host).len(), 13, "{years}");
        assert_eq!(host.status().unwrap(), "Pressure falling quickly: -420 Pa in 3 hours");
    }
}

#[test]
fn a_computer_that_begins_in_1970_finds_its_readings_once_its_clock_is_set() {
    let mut host = started();
    hours(&mut host, 100_000.0, -70.0, 7);
    let right = clock::now();
    host.set_wall_clock(std::time::SystemTime::UNIX_EPOCH);
    host.restart_server();
    hours(&mut host, 99_510.0, -70.0, 1);
    assert_eq!(observations(&mut host).len(), 1, "of when the others are is not known");
    host.set_wall_clock(right + 30 * MINUTE);
    hours(&mut host, 99_440.0, -70.0, 1);
    assert_eq!(observations(&mut host).len(), 9);
    assert_eq!(host.status().unwrap(), "Pressure falling quickly: -420 Pa in 3 hours");
    host.restart_server();
    host.receive("navigation.position", here());
    host.advance(MINUTE);
    let found = observations(&mut host).len();
    assert_eq!(found, 9, "those of the wrong time are stored with the right one");
}

#[test]
fn the_time_of_the_gps_counts_more_than_a_clock_that_was_set_back() {
    let mut host = started();
    for _ in 0..2 {
        host.receive("navigation.datetime", clock::now_rfc3339());
    }
    hours(&mut host, 100_000.0, -70.0, 4);
    set_by_years(&mut host, -1);
    hours(&mut host, 99_720.0, -70.0, 4);
    let observed = observations(&mut host);
    assert_eq!(observed.len(), 8);
    assert!(observed.iter().all(|it| it["date"].as_str().unwrap().starts_with("2026-01-01")));
    assert_eq!(host.status().unwrap(), "Pressure falling quickly: -420 Pa in 3 hours");
}

#[test]
fn what_is_of_the_future_is_not_shown_and_goes_after_a_day() {
    let stored = json!({ "signalk-plugin-sdk": { "revision": 1, "documents": {
        "readings": [{ "time": (1_u64 << 53) - 1, "pressure": 101_300.0, "data": { "date": "x" } }],
    } } });
    let mut host = TestHost::<Weather>::start(&stored.to_string());
    hours(&mut host, 101_300.0, 0.0, 1);
    assert_eq!(observations(&mut host).len(), 1);
    assert_eq!(host.error(), None);
    hours(&mut host, 101_300.0, 0.0, 49);
    assert!(!host.saved_config().unwrap().to_string().contains("9007199254740991"));
}

#[test]
fn one_pressure_that_no_weather_makes_warns_of_nothing() {
    let mut host = started();
    hours(&mut host, 101_300.0, 0.0, 7);
    // Just when a reading is due.
    host.receive(PRESSURE, 95_000.0);
    host.advance(MINUTE);
    hours(&mut host, 101_300.0, 0.0, 1);
    assert_eq!(host.status().unwrap(), "Pressure steady: 0 Pa in 3 hours");
    assert_eq!(state(&host), "normal");
}

#[test]
fn a_warning_that_was_not_refuted_stands_when_the_barometer_falls_silent() {
    let mut host = started();
    hours(&mut host, 100_000.0, -110.0, 7);
    host.advance(10 * MINUTE);
    let before = state(&host);
    assert_ne!(before, "normal");
    host.advance(Duration::from_secs(6 * 3600));
    assert_eq!(state(&host), before);
}

#[test]
fn a_warning_ends_when_the_plugin_is_switched_off_and_comes_again_with_it() {
    let mut host = started();
    hours(&mut host, 100_000.0, -70.0, 7);
    let form = host.saved_config().unwrap().to_string();
    host.disable(&form);
    assert_eq!(state(&host), "normal");
    host.configure(&form);
    hours(&mut host, 99_510.0, -70.0, 1);
    assert_eq!(state(&host), "warn");
}

#[test]
fn a_boat_that_is_told_to_be_at_no_place_is_where_it_was() {
    let mut host = started();
    hours(&mut host, 101_300.0, 0.0, 1);
    assert_eq!(observations(&mut host).len(), 1);
    host.receive("navigation.position", json!({ "latitude": 0.0, "longitude": 0.0 }));
    assert_eq!(observations(&mut host).len(), 1);
}

#[test]
fn a_full_disk_is_told_and_the_weather_goes_on() {
    let mut host = started();
    host.fill_disk(true);
    hours(&mut host, 101_300.0, 0.0, 1);
    assert_eq!(observations(&mut host).len(), 1);
    assert!(host.events().iter().any(|event| format!("{event:?}").contains("was not stored")));
}
