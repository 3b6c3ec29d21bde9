use std::time::Duration;

use signalk_plugin_sdk::Position;
use signalk_plugin_sdk::testing::{OTHER_VESSEL, TestHost};

use super::{AnchorWatch, distance_m};

const ANCHOR: &str =
    r#"{"anchor":{"latitude":54.5,"longitude":10.2},"maxRadius":50,"lostPositionAfter":30}"#;

/// A place that many metres north of the anchor; a degree of latitude has 111,328 m there.
fn north(metres: f64) -> Position {
    Position::new(54.5 + metres / 111_328.0, 10.2)
}

fn alarm(host: &TestHost<AnchorWatch>) -> String {
    host.notification_state("navigation.anchor").unwrap()
}

#[test]
fn the_alarm_comes_past_the_radius_and_goes_when_the_boat_is_well_inside_again() {
    let mut host = TestHost::<AnchorWatch>::start(ANCHOR);
    assert_eq!(alarm(&host), "normal");
    for (distance, state) in [
        (20.0, "normal"),
        (46.0, "warn"),
        (51.0, "alarm"),
        (47.0, "alarm"),
        (44.0, "warn"),
        (39.0, "normal"),
    ] {
        host.receive("navigation.position", north(distance));
        assert_eq!(alarm(&host), state, "at {distance} m");
    }
}

#[test]
fn the_distance_and_the_anchor_are_published() {
    let mut host = TestHost::<AnchorWatch>::start(ANCHOR);
    host.receive("navigation.position", north(23.4));
    let radius = host.value("navigation.anchor.currentRadius").unwrap();
    assert!((radius.as_f64().unwrap() - 23.4).abs() < 0.05, "{radius}");
    assert_eq!(host.value("navigation.anchor.maxRadius").unwrap(), 50.0);
    assert_eq!(host.value("navigation.anchor.position").unwrap()["latitude"], 54.5);
    assert_eq!(host.status().unwrap(), "Watching: 23 m of 50 m");
}

#[test]
fn without_an_anchor_it_is_dropped_at_the_first_fix() {
    let mut host = TestHost::<AnchorWatch>::start("{}");
    assert_eq!(host.status().unwrap(), "Waiting for a position to drop the anchor at");
    host.receive("navigation.position", north(0.0));
    host.receive("navigation.position", north(60.0));
    assert_eq!(alarm(&host), "alarm");
}

#[test]
fn other_vessels_do_not_matter() {
    let mut host = TestHost::<AnchorWatch>::start(ANCHOR);
    host.receive("navigation.position", north(10.0));
    host.receive_from(OTHER_VESSEL, "navigation.position", north(5000.0));
    assert_eq!(alarm(&host), "normal");
    assert_eq!(host.status().unwrap(), "Watching: 10 m of 50 m");
}

#[test]
fn a_lost_position_is_a_warning_until_one_comes_again() {
    let mut host = TestHost::<AnchorWatch>::start(ANCHOR);
    host.receive("navigation.position", north(10.0));
    host.receive("navigation.position", None::<Position>);
    host.advance(Duration::from_secs(29));
    assert_eq!(alarm(&host), "normal");
    host.advance(Duration::from_secs(1));
    assert_eq!(alarm(&host), "warn");
    assert_eq!(host.status().unwrap(), "No position for 30 s: the anchor is not watched");
    host.receive("navigation.position", north(10.0));
    assert_eq!(alarm(&host), "normal");
}

#[test]
fn a_boat_that_drags_and_loses_its_gps_still_has_its_alarm() {
    let mut host = TestHost::<AnchorWatch>::start(ANCHOR);
    host.receive("navigation.position", north(80.0));
    host.advance(Duration::from_secs(60));
    assert_eq!(alarm(&host), "alarm");
    assert!(host.status().unwrap().starts_with("No position for 60 s"));
}

#[test]
fn the_crew_is_told_once_for_each_change() {
    let mut host = TestHost::<AnchorWatch>::start(ANCHOR);
    host.new_events();
    for _ in 0..5 {
        host.receive("navigation.position", north(80.0));
    }
    let told = host
        .new_events()
        .into_iter()
        .filter(|event| matches!(event, signalk_plugin_sdk::testing::Event::Notification { .. }));
    assert_eq!(told.count(), 1);
}

#[test]
fn a_bad_configuration_is_told_and_a_mended_one_starts() {
    let mut host = TestHost::<AnchorWatch>::start(r#"{"maxRadius":"fifty"}"#);
    assert_eq!(
        host.error().unwrap(),
        "Configuration: maxRadius: found the text \"fifty\", expected a number"
    );
    host.configure(r#"{"maxRadius":50,"warningRadius":60}"#);
    assert_eq!(
        host.error().unwrap(),
        "Configuration: warningRadius: found 60.0, expected less than maxRadius"
    );
    host.configure(ANCHOR);
    host.receive("navigation.position", north(1.0));
    assert_eq!(host.status().unwrap(), "Watching: 1 m of 50 m");
}

#[test]
fn settings_with_which_the_alarm_would_never_come_or_never_end_are_refused() {
    for (config, field) in [
        (r#"{"maxRadius":0}"#, "maxRadius"),
        (r#"{"warningRadius":-1}"#, "warningRadius"),
        (r#"{"maxRadius":50,"hysteresis":45}"#, "hysteresis"),
        (r#"{"hysteresis":-1}"#, "hysteresis"),
        (r#"{"lostPositionAfter":0}"#, "lostPositionAfter"),
        (r#"{"anchor":{"latitude":91,"longitude":0}}"#, "anchor.latitude"),
        (r#"{"anchor":{"latitude":0,"longitude":-181}}"#, "anchor.longitude"),
    ] {
        let error = TestHost::<AnchorWatch>::start(config).error().unwrap();
        assert!(error.starts_with(&format!("Configuration: {field}: ")), "{error}");
    }
}

#[test]
fn the_crew_reads_why_it_is_warned() {
    let mut host = TestHost::<AnchorWatch>::start(ANCHOR);
    let message = |host: &TestHost<AnchorWatch>| {
        host.value("notifications.navigation.anchor").unwrap()["message"].clone()
    };
    host.receive("navigation.position", north(47.0));
    assert_eq!(message(&host), "Near the limit: 47 m of 50 m");
    host.advance(Duration::from_secs(30));
    assert_eq!(message(&host), "No position for 30 s: the anchor is not watched");
    host.receive("navigation.position", north(47.0));
    assert_eq!(message(&host), "Near the limit: 47 m of 50 m");
}

#[test]
fn stopping_takes_the_alarm_back() {
    let mut host = TestHost::<AnchorWatch>::start(ANCHOR);
    host.receive("navigation.position", north(80.0));
    host.stop();
    assert_eq!(alarm(&host), "normal");
    assert_eq!(host.status().unwrap(), "Stopped");
}

#[test]
fn the_distance_is_that_of_the_exact_geodesic_to_a_centimetre_for_a_kilometre() {
    use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic};

    let earth = Geodesic::wgs84();
    for latitude in [-80.0, -45.0, 0.0, 10.0, 54.5, 70.0, 80.0] {
        for longitude in [-180.0, -10.0, 0.0, 179.9999] {
            for bearing in (0..360).step_by(15) {
                for distance in [1.0, 50.0, 1000.0] {
                    let place: (f64, f64) =
                        earth.direct(latitude, longitude, bearing.into(), distance);
                    let exact: f64 = earth.inverse(latitude, longitude, place.0, place.1);
                    let ours = distance_m(
                        Position::new(latitude, longitude),
                        Position::new(place.0, place.1),
                    );
                    assert!(
                        (ours - exact).abs() < 0.01,
                        "{latitude} {longitude} {bearing}: {ours} {exact}"
                    );
                }
            }
        }
    }
}
