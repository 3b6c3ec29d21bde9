use std::time::Duration;

use signalk_plugin_sdk::Position;
use signalk_plugin_sdk::testing::{OTHER_VESSEL, TestHost};

use super::AnchorWatch;

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
fn a_position_is_not_missed_before_its_time() {
    for config in ["{}", ANCHOR] {
        let mut host = TestHost::<AnchorWatch>::start(config);
        let status = host.status();
        host.advance(Duration::from_secs(29));
        assert_eq!((alarm(&host), host.status()), ("normal".into(), status));
        host.advance(Duration::from_secs(1));
        assert_eq!(alarm(&host), "warn");
        assert_eq!(host.status().unwrap(), "No position for 30 s: the anchor is not watched");
    }
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
        "Configuration: Alarm radius (m): found the text \"fifty\", expected a number"
    );
    host.configure(r#"{"maxRadius":50,"warningRadius":60}"#);
    assert_eq!(
        host.error().unwrap(),
        "Configuration: Warning radius (m): found 60.0, expected less than the alarm radius"
    );
    host.configure(ANCHOR);
    host.receive("navigation.position", north(1.0));
    assert_eq!(host.status().unwrap(), "Watching: 1 m of 50 m");
}

#[test]
fn settings_with_which_the_alarm_would_never_come_or_never_end_are_refused() {
    for (config, label) in [
        (r#"{"maxRadius":0}"#, "Alarm radius (m)"),
        (r#"{"warningRadius":-1}"#, "Warning radius (m)"),
        (r#"{"maxRadius":50,"hysteresis":45}"#, "Hysteresis (m)"),
        (r#"{"hysteresis":-1}"#, "Hysteresis (m)"),
        (r#"{"lostPositionAfter":0}"#, "Position lost after (s)"),
        (
            r#"{"anchor":{"latitude":91,"longitude":0}}"#,
            "Anchor position: Latitude (degrees, north positive)",
        ),
        (
            r#"{"anchor":{"latitude":0,"longitude":-181}}"#,
            "Anchor position: Longitude (degrees, east positive)",
        ),
    ] {
        let error = TestHost::<AnchorWatch>::start(config).error().unwrap();
        assert!(error.starts_with(&format!("Configuration: {label}: ")), "{error}");
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
fn the_anchor_is_dropped_and_raised_by_a_put_and_stays_there_after_a_power_cut() {
    let mut host = TestHost::<AnchorWatch>::start(r#"{"maxRadius":50}"#);
    assert_eq!(host.put("navigation.anchor.position", north(100.0))["statusCode"], 200);
    host.receive("navigation.position", north(110.0));
    assert_eq!(host.status().unwrap(), "Watching: 10 m of 50 m");
    host.restart_server();
    host.receive("navigation.position", north(160.0));
    assert_eq!(alarm(&host), "alarm");
    assert_eq!(host.put("navigation.anchor.position", None::<Position>)["statusCode"], 200);
    assert_eq!((host.status().unwrap(), alarm(&host)), ("Anchor is up".into(), "normal".into()));
    assert!(host.value("navigation.anchor.position").unwrap().is_null());
    assert!(host.value("navigation.anchor.currentRadius").unwrap().is_null());
    // One that is up is not dropped by itself, and nothing is missing while nothing is watched.
    host.restart_server();
    host.receive("navigation.position", north(160.0));
    host.advance(Duration::from_secs(60));
    assert_eq!((host.status().unwrap(), alarm(&host)), ("Anchor is up".into(), "normal".into()));
}

#[test]
fn an_anchor_that_cannot_be_stored_is_not_dropped() {
    let mut host = TestHost::<AnchorWatch>::start(ANCHOR);
    host.fill_disk(true);
    let answer = host.put("navigation.anchor.position", north(100.0));
    assert_eq!(answer["statusCode"], 500);
    assert!(answer["message"].as_str().unwrap().contains("was not stored"), "{answer}");
    host.receive("navigation.position", north(10.0));
    assert_eq!(host.status().unwrap(), "Watching: 10 m of 50 m");
}

#[test]
fn a_place_that_is_none_is_refused() {
    let mut host = TestHost::<AnchorWatch>::start(ANCHOR);
    for wrong in [serde_json::json!({"latitude": 91, "longitude": 0}), "here".into()] {
        let answer = host.put("navigation.anchor.position", wrong);
        assert!(answer["statusCode"].as_u64().unwrap() >= 400, "{answer}");
    }
    assert_eq!(host.value("navigation.anchor.position").unwrap()["latitude"], 54.5);
}

#[test]
fn over_http_the_anchor_is_dropped_where_the_boat_is_and_raised() {
    let nothing = serde_json::json!({});
    let mut host = TestHost::<AnchorWatch>::start("{}");
    assert_eq!(host.http("POST", "/api/drop", &nothing).status, 409);
    host.receive("navigation.position", north(0.0));
    host.receive("navigation.position", north(60.0));
    assert_eq!(host.http("POST", "/api/drop", &nothing).status, 204);
    host.receive("navigation.position", north(63.0));
    let status = host.get("/api/status").body;
    assert_eq!(status["anchor"]["latitude"], north(60.0).latitude);
    assert!((status["distance"].as_f64().unwrap() - 3.0).abs() < 0.05, "{status}");
    assert_eq!((&status["state"], &status["maxRadius"]), (&"normal".into(), &50.0.into()));
    assert_eq!(host.http("POST", "/api/raise", &nothing).status, 204);
    let status = host.get("/api/status").body;
    assert!(status["anchor"].is_null() && status["distance"].is_null(), "{status}");
}

#[test]
fn a_setting_that_has_changed_counts_more_than_what_was_dropped_before() {
    let mut host = TestHost::<AnchorWatch>::start(ANCHOR);
    host.put("navigation.anchor.position", north(100.0));
    let mut form = host.saved_config().unwrap();
    form["maxRadius"] = 60.into();
    host.configure(&form.to_string());
    assert_eq!(
        host.value("navigation.anchor.position").unwrap()["latitude"],
        north(100.0).latitude
    );
    form["anchor"]["latitude"] = 54.0.into();
    host.configure(&form.to_string());
    assert_eq!(host.value("navigation.anchor.position").unwrap()["latitude"], 54.0);
}

#[test]
fn the_anchor_is_not_dropped_where_the_boat_was_an_hour_ago() {
    let nothing = serde_json::json!({});
    let mut host = TestHost::<AnchorWatch>::start(ANCHOR);
    host.receive("navigation.position", north(10.0));
    host.advance(Duration::from_secs(3600));
    assert_eq!(host.http("POST", "/api/drop", &nothing).status, 409);
    assert!(host.get("/api/status").body["distance"].is_null());
    host.receive("navigation.position", north(20.0));
    assert_eq!(host.http("POST", "/api/drop", &nothing).status, 204);
}

#[test]
fn an_anchor_that_cannot_be_stored_is_watched_and_the_error_is_shown() {
    let mut host = TestHost::<AnchorWatch>::start("{}");
    host.fill_disk(true);
    host.receive("navigation.position", north(0.0));
    assert!(host.error().unwrap().contains("was not stored"), "{:?}", host.error());
    host.receive("navigation.position", north(60.0));
    assert_eq!(alarm(&host), "alarm");
}
