use std::f64::consts::{PI, TAU};
use std::time::Duration;

use signalk_plugin_sdk::serde_json::json;
use signalk_plugin_sdk::testing::{Event, OTHER_VESSEL, TestHost};

use super::DerivedData;

const SPEED_TRUE: &str = "environment.wind.speedTrue";
const ANGLE_TRUE: &str = "environment.wind.angleTrueWater";
const DIRECTION_TRUE: &str = "environment.wind.directionTrue";
const DEW_POINT: &str = "environment.outside.dewPointTemperature";
const CURRENT: &str = "environment.current";

const APPARENT_SPEED: &str = "environment.wind.speedApparent";
const APPARENT_ANGLE: &str = "environment.wind.angleApparent";
const THROUGH_WATER: &str = "navigation.speedThroughWater";
const HEADING: &str = "navigation.headingTrue";
const OVER_GROUND: &str = "navigation.speedOverGround";
const COURSE: &str = "navigation.courseOverGroundTrue";

fn started() -> TestHost<DerivedData> {
    TestHost::start_default()
}

/// Receives values, angles in degrees, and lets the plugin look.
fn receive(host: &mut TestHost<DerivedData>, values: &[(&str, f64)]) {
    for (path, value) in values {
        let is_angle = ["Apparent", "True", "Magnetic", "Variation"]
            .iter()
            .any(|end| path.ends_with(end) && *path != APPARENT_SPEED);
        host.receive(path, if is_angle { value.to_radians() } else { *value });
    }
    host.advance(Duration::from_secs(1));
}

fn number(host: &TestHost<DerivedData>, path: &str) -> f64 {
    host.value(path).unwrap().as_f64().unwrap()
}

#[track_caller]
fn assert_near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
}

fn sent(host: &mut TestHost<DerivedData>) -> usize {
    host.new_events().into_iter().filter(|event| matches!(event, Event::Delta { .. })).count()
}

/// The triangle of 3, 4 and 5: 4 m/s of the apparent wind from ahead are the boat's own.
fn beam_reach(side: f64) -> [(&'static str, f64); 3] {
    let angle = side * 3f64.atan2(4.0).to_degrees();
    [(APPARENT_SPEED, 5.0), (APPARENT_ANGLE, angle), (THROUGH_WATER, 4.0)]
}

#[test]
fn the_true_wind_is_the_apparent_one_without_the_boats_own() {
    let mut host = started();
    receive(&mut host, &beam_reach(1.0));
    assert_near(number(&host, SPEED_TRUE), 3.0);
    assert_near(number(&host, ANGLE_TRUE), PI / 2.0);
    assert_eq!(host.value(DIRECTION_TRUE), None, "without a heading");

    // By hand: 10 m/s on the beam at 5 m/s are atan2(10, -5), 116.565 degrees, and √125 m/s.
    receive(&mut host, &[(APPARENT_SPEED, 10.0), (APPARENT_ANGLE, -90.0), (THROUGH_WATER, 5.0)]);
    assert_near(number(&host, SPEED_TRUE), 11.180_339_887);
    assert_near(number(&host, ANGLE_TRUE), -116.565_051_177f64.to_radians());
}

#[test]
fn the_direction_of_the_wind_goes_round_by_north() {
    let mut host = started();
    receive(&mut host, &beam_reach(1.0));
    for (heading, side, direction) in [(0.0, 1.0, 90.0), (300.0, 1.0, 30.0), (45.0, -1.0, 315.0)] {
        receive(&mut host, &[(HEADING, heading)]);
        receive(&mut host, &beam_reach(side));
        assert_near(number(&host, DIRECTION_TRUE), f64::to_radians(direction));
    }
    // From exactly north it is 0, and not a full turn.
    receive(&mut host, &[(HEADING, 270.0)]);
    receive(&mut host, &beam_reach(1.0));
    let north = number(&host, DIRECTION_TRUE);
    assert!((0.0..TAU).contains(&north) && north.sin().abs() < 1e-6, "{north}");
}

#[test]
fn a_compass_and_the_variation_serve_for_a_heading() {
    let mut host = started();
    let compass = [("navigation.headingMagnetic", 350.0), ("navigation.magneticVariation", 20.0)];
    receive(&mut host, &compass[..1]);
    receive(&mut host, &beam_reach(1.0));
    assert_eq!(host.value(DIRECTION_TRUE), None, "without the variation");
    receive(&mut host, &compass[1..]);
    assert_near(number(&host, DIRECTION_TRUE), 100f64.to_radians());
}

#[test]
fn a_boat_at_rest_has_the_apparent_wind_and_a_calm_has_no_direction() {
    let mut host = started();
    receive(&mut host, &[(APPARENT_SPEED, 6.0), (APPARENT_ANGLE, -30.0), (THROUGH_WATER, 0.0)]);
    assert_near(number(&host, SPEED_TRUE), 6.0);
    assert_near(number(&host, ANGLE_TRUE), -30f64.to_radians());

    receive(&mut host, &[(APPARENT_SPEED, 2.0), (APPARENT_ANGLE, 0.0), (THROUGH_WATER, 2.0)]);
    assert_near(number(&host, SPEED_TRUE), 0.0);
    assert!(host.value(ANGLE_TRUE).unwrap().is_null());
}

#[test]
fn the_dew_point_is_that_of_the_published_tables() {
    let mut host = started();
    // The usual tables, to a tenth of a degree: 20 °C and 50 % are 9.3 °C, and so on.
    for (celsius, humidity, dew) in
        [(20.0, 0.5, 9.3), (30.0, 0.6, 21.4), (10.0, 0.8, 6.7), (25.0, 1.0, 25.0), (0.0, 0.9, -1.4)]
    {
        host.receive("environment.outside.temperature", 273.15 + celsius);
        receive(&mut host, &[("environment.outside.relativeHumidity", humidity)]);
        let found = number(&host, DEW_POINT) - 273.15;
        assert!((found - dew).abs() < 0.06, "{celsius} °C, {humidity}: {found}");
    }
}

#[test]
fn a_humidity_or_temperature_that_cannot_be_makes_no_dew_point() {
    let mut host = started();
    host.receive("environment.outside.temperature", 293.15);
    receive(&mut host, &[("environment.outside.humidity", 0.5)]);
    assert!((number(&host, DEW_POINT) - 282.4111).abs() < 1e-4, "by hand");
    for humidity in [0.0, -0.2, 1.2, 50.0] {
        receive(&mut host, &[("environment.outside.humidity", humidity)]);
        assert!(host.value(DEW_POINT).unwrap().is_null(), "{humidity}");
    }
    host.receive("environment.outside.temperature", 20.0); // °C by mistake
    receive(&mut host, &[("environment.outside.humidity", 0.5)]);
    assert!(host.value(DEW_POINT).unwrap().is_null());
}

#[test]
fn set_and_drift_are_what_carries_the_boat_off_its_heading() {
    let mut host = started();
    // The triangle of 3, 4 and 5 again: 3 m/s to the north, and 4 m/s of current to the east.
    let east = 4f64.atan2(3.0).to_degrees();
    let north = [(HEADING, 0.0), (THROUGH_WATER, 3.0)];
    receive(&mut host, &north);
    receive(&mut host, &[(COURSE, east), (OVER_GROUND, 5.0)]);
    let current = host.value(CURRENT).unwrap();
    assert_near(current["drift"].as_f64().unwrap(), 4.0);
    assert_near(current["setTrue"].as_f64().unwrap(), PI / 2.0);

    // On either side of north: 359° against 1° is a current to the west, not one of 358°.
    receive(
        &mut host,
        &[(HEADING, 1.0), (THROUGH_WATER, 3.0), (COURSE, 359.0), (OVER_GROUND, 3.0)],
    );
    let current = host.value(CURRENT).unwrap();
    assert_near(current["drift"].as_f64().unwrap(), 2.0 * 3.0 * 1f64.to_radians().sin());
    assert_near(current["setTrue"].as_f64().unwrap(), 1.5 * PI);
}

#[test]
fn a_boat_at_anchor_needs_no_course_to_know_the_current() {
    let mut host = started();
    receive(&mut host, &[(HEADING, 90.0), (THROUGH_WATER, 1.0), (OVER_GROUND, 0.02)]);
    let current = host.value(CURRENT).unwrap();
    assert!((current["drift"].as_f64().unwrap() - 1.0).abs() < 0.03, "{current}");
    assert!((current["setTrue"].as_f64().unwrap() - 1.5 * PI).abs() < 0.03, "{current}");

    // In a marina nothing moves, and nothing has a direction.
    receive(&mut host, &[(THROUGH_WATER, 0.0), (OVER_GROUND, 0.0)]);
    let current = host.value(CURRENT).unwrap();
    assert_near(current["drift"].as_f64().unwrap(), 0.0);
    assert!(current["setTrue"].is_null());
}

#[test]
fn inputs_that_fell_silent_clear_what_was_made_of_them_once() {
    let mut host = started();
    receive(&mut host, &beam_reach(1.0));
    receive(&mut host, &[(HEADING, 0.0)]);
    host.new_events();
    host.advance(Duration::from_secs(3));
    assert_eq!(sent(&mut host), 0, "nothing that is old is sent as new");
    assert_eq!(host.status().unwrap(), "3 of 5 values have their inputs");
    host.advance(Duration::from_secs(3));
    for path in [SPEED_TRUE, ANGLE_TRUE, DIRECTION_TRUE] {
        assert!(host.value(path).unwrap().is_null(), "{path}");
    }
    assert_eq!(sent(&mut host), 3);
    assert_eq!(host.status().unwrap(), "0 of 5 values have their inputs");
    host.advance(Duration::from_secs(60));
    assert_eq!(sent(&mut host), 0);
    receive(&mut host, &beam_reach(1.0));
    assert_near(number(&host, SPEED_TRUE), 3.0);
}

#[test]
fn one_input_that_is_missing_or_cleared_clears_what_needs_it() {
    let mut host = started();
    receive(&mut host, &beam_reach(1.0)[..2]);
    assert_eq!(host.value(SPEED_TRUE), None);
    receive(&mut host, &beam_reach(1.0));
    host.receive(THROUGH_WATER, None::<f64>);
    host.advance(Duration::from_secs(1));
    assert!(host.value(SPEED_TRUE).unwrap().is_null());
}

#[test]
fn an_input_that_is_no_number_is_told_and_the_rest_goes_on() {
    let mut host = started();
    host.receive("environment.outside.temperature", 293.15);
    host.receive("environment.outside.relativeHumidity", 0.5);
    host.receive(APPARENT_SPEED, "much");
    receive(&mut host, &beam_reach(1.0)[1..]);
    let error = host.error().unwrap();
    assert!(error.contains("environment.wind.speedApparent: found the text \"much\""), "{error}");
    assert!(host.value(DEW_POINT).unwrap().is_number());
    assert_eq!(host.value(SPEED_TRUE), None);
    receive(&mut host, &beam_reach(1.0));
    assert_eq!(host.status().unwrap(), "3 of 5 values have their inputs");
}

#[test]
fn other_vessels_do_not_matter() {
    let mut host = started();
    receive(&mut host, &beam_reach(1.0)[..2]);
    host.receive_other(OTHER_VESSEL, THROUGH_WATER, 4.0);
    host.advance(Duration::from_secs(1));
    assert_eq!(host.value(SPEED_TRUE), None);
}

#[test]
fn stopping_clears_what_would_grow_old_and_a_start_begins_anew() {
    let mut host = started();
    receive(&mut host, &beam_reach(1.0));
    host.stop();
    assert!(host.value(SPEED_TRUE).unwrap().is_null());
    host.restart_server();
    host.advance(Duration::from_secs(2));
    assert!(host.value(SPEED_TRUE).unwrap().is_null(), "nothing is known yet");
    receive(&mut host, &beam_reach(1.0));
    assert_near(number(&host, SPEED_TRUE), 3.0);
}

#[test]
fn a_wrong_setting_is_named() {
    let error = TestHost::<DerivedData>::start(r#"{"staleAfter":1}"#).error().unwrap();
    assert_eq!(
        error,
        "Configuration: Wind, speed and course are stale after (s): found 1, expected 2 to 60"
    );
    let mut host = TestHost::<DerivedData>::start(r#"{"staleAfter":20}"#);
    receive(&mut host, &beam_reach(1.0));
    host.advance(Duration::from_secs(15));
    assert!(host.value(SPEED_TRUE).unwrap().is_number());
}

#[test]
fn every_number_is_described() {
    let mut host = started();
    let described: Vec<_> = host
        .new_events()
        .into_iter()
        .filter_map(|event| match event {
            Event::Delta { delta, .. } => Some(delta),
            _ => None,
        })
        .flat_map(|delta| delta["updates"][0]["meta"].as_array().cloned().unwrap_or_default())
        .collect();
    assert_eq!(described.len(), 4, "the server itself knows the units of the current");
    assert!(described.iter().all(|meta| meta["value"]["units"].is_string()), "{described:?}");
}

#[test]
fn a_variation_that_is_told_rarely_does_not_make_the_wind_come_and_go() {
    let mut host = started();
    let wind_and_water = |host: &mut TestHost<DerivedData>| {
        host.receive(APPARENT_SPEED, 8.0);
        host.receive(APPARENT_ANGLE, 0.5);
        host.receive(THROUGH_WATER, 3.0);
        host.advance(Duration::from_secs(1));
    };
    for second in 0..60 {
        if second % 15 == 0 {
            host.receive("navigation.magneticVariation", 0.06);
        }
        host.receive("navigation.headingMagnetic", 1.0);
        wind_and_water(&mut host);
        assert!(host.value(DIRECTION_TRUE).unwrap().is_number(), "after {second} s");
    }
    // The compass itself has to be there.
    for _ in 0..7 {
        wind_and_water(&mut host);
    }
    assert!(host.value(DIRECTION_TRUE).unwrap().is_null());
}

#[test]
fn a_humidity_in_percent_is_told_and_not_guessed() {
    let mut host = started();
    host.receive("environment.outside.temperature", 293.15);
    host.receive("environment.outside.relativeHumidity", 60.288);
    host.advance(Duration::from_secs(3));
    assert_eq!(host.value(DEW_POINT), None);
    let error = host.error().unwrap();
    let expected = "environment.outside.relativeHumidity: found 60, expected a ratio of 0 to 1";
    assert!(error.contains(expected), "{error}");
    host.receive("environment.outside.relativeHumidity", 0.603);
    host.advance(Duration::from_secs(1));
    assert!(host.value(DEW_POINT).unwrap().is_number());
    assert_eq!(host.error(), None);
}

#[test]
fn numbers_that_instruments_tell_instead_of_nothing_make_nothing() {
    for (path, told) in [
        (APPARENT_SPEED, 655.35),
        (APPARENT_ANGLE, 6.5535),
        (THROUGH_WATER, 655.35),
        (APPARENT_SPEED, -1.0),
        (THROUGH_WATER, 42_949_672.95),
    ] {
        let mut host = started();
        host.receive(APPARENT_SPEED, 8.0);
        host.receive(APPARENT_ANGLE, 0.5);
        host.receive(THROUGH_WATER, 3.0);
        host.receive(path, told);
        host.advance(Duration::from_secs(1));
        assert_eq!(host.value(SPEED_TRUE), None, "{path} {told}");
    }
}

#[test]
fn of_two_instruments_that_take_turns_one_is_used() {
    let mut host = started();
    for _ in 0..5 {
        for (source, speed) in [("mast", 8.0), ("stern", 12.0)] {
            let values = json!([{ "path": APPARENT_SPEED, "value": speed }]);
            let updates = json!([{ "$source": source, "values": values }]);
            let delta = json!({ "context": "vessels.self", "updates": updates });
            host.receive_json(&delta.to_string());
        }
        host.receive(APPARENT_ANGLE, PI);
        host.receive(THROUGH_WATER, 3.0);
        host.advance(Duration::from_secs(1));
        assert_near(number(&host, SPEED_TRUE), 11.0);
    }
}
