use std::f64::consts::{FRAC_PI_2, PI};
use std::time::Duration;

use serde_json::{Value, json};
use signalk_plugin_sdk::Position;
use signalk_plugin_sdk::testing::{Event, OTHER_VESSEL, TestHost};

use super::AnchorWatch;

const ANCHOR: &str =
    r#"{"anchor":{"latitude":54.5,"longitude":10.2},"maxRadius":50,"lostPositionAfter":30}"#;

const SECOND: Duration = Duration::from_secs(1);
const POSITION: &str = "navigation.position";

type Host = TestHost<AnchorWatch>;

/// A place that many metres north of the anchor; a degree of latitude has 111,328 m there.
fn north(metres: f64) -> Position {
    Position::new(54.5 + metres / 111_328.0, 10.2)
}

/// A fix, a second after the one before.
fn fix(host: &mut Host, position: Position) {
    host.advance(SECOND);
    host.receive(POSITION, position);
}

/// As many fixes as are believed, whatever came before.
fn lie_at(host: &mut Host, position: Position) {
    for _ in 0..3 {
        fix(host, position);
    }
}

/// The state of the notification; normal if it was never raised.
fn alarm(host: &Host) -> String {
    host.notification_state("navigation.anchor").unwrap_or_else(|| "normal".into())
}

fn message(host: &Host) -> Value {
    host.value("notifications.navigation.anchor").unwrap()["message"].clone()
}

fn status(host: &Host) -> String {
    host.status().unwrap()
}

/// The states that were told since this was last called.
fn told(host: &mut Host) -> Vec<String> {
    let states = host.new_events().into_iter().filter_map(|event| match event {
        Event::Notification { value, .. } => Some(value["state"].as_str()?.to_owned()),
        _ => None,
    });
    states.collect()
}

fn anchored_at(host: &Host) -> Value {
    host.value("navigation.anchor.position").unwrap_or_default()
}

fn radius(host: &Host) -> f64 {
    host.value("navigation.anchor.currentRadius").unwrap().as_f64().unwrap()
}

fn post(host: &mut Host, path: &str) -> u16 {
    host.http("POST", path, &json!({})).status
}

#[test]
fn the_alarm_comes_past_the_radius_and_goes_when_the_boat_is_well_inside_again() {
    let mut host = Host::start(ANCHOR);
    assert_eq!(alarm(&host), "normal");
    for (distance, state) in [
        (20.0, "normal"),
        (46.0, "warn"),
        (51.0, "alarm"),
        (47.0, "alarm"),
        (44.0, "warn"),
        (39.0, "normal"),
    ] {
        lie_at(&mut host, north(distance));
        assert_eq!(alarm(&host), state, "at {distance} m");
    }
}

#[test]
fn where_the_anchor_lies_and_how_far_away_is_published() {
    let mut host = Host::start(ANCHOR);
    lie_at(&mut host, north(23.4));
    assert!((radius(&host) - 23.4).abs() < 0.05, "{}", radius(&host));
    let bearing = host.value("navigation.anchor.bearingTrue").unwrap().as_f64().unwrap();
    assert!((bearing - PI).abs() < 1e-3, "{bearing}");
    assert_eq!(host.number("navigation.anchor.maxRadius"), 50.0);
    assert_eq!(anchored_at(&host)["latitude"], 54.5);
    assert_eq!(status(&host), "Watching: 23 m of 50 m");
}

#[test]
fn without_an_anchor_nothing_is_dropped_and_nothing_is_missed() {
    let mut host = Host::start_default();
    lie_at(&mut host, north(0.0));
    lie_at(&mut host, north(500.0));
    host.advance(Duration::from_secs(3600));
    assert_eq!(told(&mut host), [""; 0]);
    assert_eq!(status(&host), "Anchor is up");
    assert!(anchored_at(&host).is_null());
}

#[test]
fn a_position_is_not_missed_before_its_time() {
    let mut host = Host::start(ANCHOR);
    assert_eq!(status(&host), "Anchor is down, waiting for a position");
    host.advance(Duration::from_secs(29));
    assert_eq!(alarm(&host), "normal");
    host.advance(SECOND);
    assert_eq!(alarm(&host), "alarm");
    assert_eq!(status(&host), "No position for 30 s: the anchor is not watched");
}

#[test]
fn a_lost_position_sounds_until_one_comes_again() {
    let mut host = Host::start(ANCHOR);
    lie_at(&mut host, north(10.0));
    host.receive(POSITION, None::<Position>);
    host.advance(Duration::from_secs(29));
    assert_eq!(alarm(&host), "normal");
    host.advance(SECOND);
    let raised = host.value("notifications.navigation.anchor").unwrap();
    assert_eq!(
        (&raised["state"], &raised["method"]),
        (&json!("alarm"), &json!(["visual", "sound"]))
    );
    lie_at(&mut host, north(10.0));
    assert_eq!(alarm(&host), "normal");
}

#[test]
fn a_boat_that_drags_and_loses_its_gps_still_has_its_alarm_and_hears_of_both() {
    let mut host = Host::start(ANCHOR);
    lie_at(&mut host, north(80.0));
    assert_eq!(told(&mut host), ["alarm"]);
    host.advance(Duration::from_secs(60));
    // Over normal, so that it sounds again if the first one was acknowledged.
    assert_eq!(told(&mut host)[..2], ["normal", "alarm"]);
    assert!(status(&host).starts_with("No position for 60 s"), "{}", status(&host));
    lie_at(&mut host, north(80.0));
    assert_eq!(told(&mut host), ["normal", "alarm"]);
    assert_eq!(message(&host), "Anchor drags: 80 m of 50 m");
}

#[test]
fn a_warning_that_was_acknowledged_does_not_make_the_alarm_mute() {
    let mut host = Host::start(ANCHOR);
    lie_at(&mut host, north(46.0));
    assert_eq!(told(&mut host), ["warn"]);
    lie_at(&mut host, north(60.0));
    assert_eq!(told(&mut host), ["normal", "alarm"]);
    lie_at(&mut host, north(44.0));
    assert_eq!(told(&mut host), ["warn"]);
}

#[test]
fn warnings_are_silent_unless_the_owner_wants_them_loud() {
    for (setting, method) in [(false, json!(["visual"])), (true, json!(["visual", "sound"]))] {
        let mut config: Value = serde_json::from_str(ANCHOR).unwrap();
        config["loudWarnings"] = setting.into();
        let mut host = Host::start(&config.to_string());
        lie_at(&mut host, north(46.0));
        assert_eq!(host.value("notifications.navigation.anchor").unwrap()["method"], method);
    }
}

#[test]
fn the_crew_is_told_once_for_each_change_and_now_and_then_of_the_distance() {
    let mut host = Host::start(ANCHOR);
    lie_at(&mut host, north(80.0));
    assert_eq!(told(&mut host), ["alarm"]);
    lie_at(&mut host, north(81.0));
    assert_eq!((told(&mut host), message(&host)), (vec![], json!("Anchor drags: 80 m of 50 m")));
    for _ in 0..30 {
        fix(&mut host, north(90.0));
    }
    assert_eq!(told(&mut host), ["alarm"]);
    assert_eq!(message(&host), "Anchor drags: 90 m of 50 m");
}

#[test]
fn one_fix_alone_neither_raises_nor_ends_an_alarm() {
    let glitches = [
        Position::new(0.0, 0.0),
        Position::new(214.748_364_7, 214.748_364_7),
        Position::new(-54.5, 10.2),
        north(5_000.0),
        north(300.0),
        north(100.0),
        north(55.0),
    ];
    for glitch in glitches {
        let mut host = Host::start(ANCHOR);
        lie_at(&mut host, north(30.0));
        for _ in 0..3 {
            fix(&mut host, glitch);
            // Told twice by the same receiver.
            host.receive(POSITION, glitch);
            fix(&mut host, north(30.0));
            fix(&mut host, north(31.0));
        }
        assert_eq!(told(&mut host), [""; 0], "{glitch:?}");

        lie_at(&mut host, north(60.0));
        assert_eq!(told(&mut host), ["alarm"]);
        for inside in [north(5.0), north(38.0), Position::new(0.0, 0.0)] {
            fix(&mut host, inside);
            fix(&mut host, north(60.0));
        }
        assert_eq!(alarm(&host), "alarm");
    }
}

#[test]
fn nonsense_for_good_is_a_lost_position() {
    let mut host = Host::start(ANCHOR);
    lie_at(&mut host, north(30.0));
    for _ in 0..31 {
        fix(&mut host, Position::new(0.0, 0.0));
    }
    assert_eq!(alarm(&host), "alarm");
    assert!(status(&host).starts_with("No position for 3"), "{}", status(&host));
}

#[test]
fn a_boat_that_is_really_far_away_has_its_alarm_at_the_second_fix() {
    let mut host = Host::start(ANCHOR);
    lie_at(&mut host, north(10.0));
    fix(&mut host, north(500.0));
    assert_eq!(alarm(&host), "normal");
    fix(&mut host, north(501.0));
    assert_eq!(alarm(&host), "alarm");
}

#[test]
fn a_single_fix_counts_when_no_other_has_come_for_a_while() {
    let mut host = Host::start(ANCHOR);
    fix(&mut host, north(60.0));
    assert_eq!((alarm(&host), status(&host)), ("normal".into(), "Watching: 60 m of 50 m".into()));
    host.advance(Duration::from_secs(4));
    assert_eq!(alarm(&host), "normal");
    host.advance(SECOND);
    assert_eq!(
        (alarm(&host), status(&host)),
        ("alarm".into(), "Anchor drags: 60 m of 50 m".into())
    );
}

#[test]
fn fixes_that_come_all_at_once_are_fixes() {
    let mut host = Host::start(ANCHOR);
    for step in 0..60 {
        host.receive(POSITION, north(20.0 + f64::from(step)));
    }
    assert_eq!(alarm(&host), "alarm");
}

#[test]
fn other_vessels_do_not_matter() {
    let mut host = Host::start(ANCHOR);
    lie_at(&mut host, north(10.0));
    for _ in 0..3 {
        host.advance(SECOND);
        host.receive_other(OTHER_VESSEL, POSITION, north(5000.0));
    }
    assert_eq!((alarm(&host), status(&host)), ("normal".into(), "Watching: 10 m of 50 m".into()));
}

/// A boat that lies at a place for so many seconds.
fn rest(host: &mut Host, position: Position, seconds: u32) {
    for _ in 0..seconds {
        fix(host, position);
    }
}

const AT_REST: &str = r#"{"dropAtRest":true}"#;

#[test]
fn at_rest_the_anchor_is_dropped_if_the_owner_asked_for_it() {
    let mut host = Host::start(AT_REST);
    for step in 0..60 {
        fix(&mut host, north(3.0 * f64::from(step)));
    }
    assert!(anchored_at(&host).is_null(), "under way");
    rest(&mut host, north(177.0), 100);
    assert!(anchored_at(&host).is_null(), "not for long enough");
    rest(&mut host, north(177.0), 30);
    assert!(anchored_at(&host)["latitude"].is_number());
    lie_at(&mut host, north(250.0));
    assert_eq!(alarm(&host), "alarm");
}

#[test]
fn a_boat_that_makes_way_is_not_at_rest_wherever_it_is() {
    let mut host = Host::start(AT_REST);
    for _ in 0..200 {
        host.receive("navigation.speedOverGround", 1.0);
        fix(&mut host, north(0.0));
    }
    assert!(anchored_at(&host).is_null());
}

#[test]
fn where_it_was_raised_it_is_not_dropped_again() {
    let mut host = Host::start(AT_REST);
    rest(&mut host, north(0.0), 130);
    assert!(anchored_at(&host).is_object());
    assert_eq!(post(&mut host, "/api/raise"), 204);
    rest(&mut host, north(0.0), 300);
    assert!(anchored_at(&host).is_null());
    host.restart_server();
    rest(&mut host, north(0.0), 300);
    assert!(anchored_at(&host).is_null());
    for step in 0..100 {
        fix(&mut host, north(3.0 * f64::from(step)));
    }
    rest(&mut host, north(300.0), 130);
    assert!(anchored_at(&host).is_object());
}

#[test]
fn a_bad_configuration_is_told_and_a_mended_one_starts() {
    let mut host = Host::start(r#"{"maxRadius":"fifty"}"#);
    let error = host.error().unwrap();
    assert!(error.contains("Alarm radius (m): ") && error.contains("expected a number"), "{error}");
    host.configure(r#"{"maxRadius":50,"warningRadius":60}"#);
    let error = host.error().unwrap();
    assert!(error.contains("60.0, expected less than maxRadius"), "{error}");
    host.configure(ANCHOR);
    lie_at(&mut host, north(1.0));
    assert_eq!(status(&host), "Watching: 1 m of 50 m");
}

#[test]
fn settings_with_which_the_alarm_would_never_come_or_never_end_are_refused() {
    for (config, label) in [
        (r#"{"maxRadius":0}"#, "Alarm radius (m)"),
        (r#"{"warningRadius":-1}"#, "Warning radius (m)"),
        (r#"{"maxRadius":50,"hysteresis":45}"#, "Hysteresis (m)"),
        (r#"{"hysteresis":-1}"#, "Hysteresis (m)"),
        (r#"{"lostPositionAfter":0}"#, "Position lost after (s)"),
        (r#"{"anchor":{"latitude":91,"longitude":0}}"#, "Latitude (degrees"),
        (r#"{"anchor":{"latitude":0,"longitude":-181}}"#, "Longitude (degrees"),
        (r#"{"bowOffset":-1}"#, "GPS antenna to bow (m)"),
        (r#"{"rodeLength":0}"#, "Rode (m)"),
    ] {
        let error = Host::start(config).error().unwrap();
        assert!(error.contains(label), "{error}");
    }
}

#[test]
fn stopping_takes_the_alarm_back() {
    let mut host = Host::start(ANCHOR);
    lie_at(&mut host, north(80.0));
    host.stop();
    assert_eq!((alarm(&host), status(&host)), ("normal".into(), "Stopped".into()));
}

#[test]
fn the_anchor_is_dropped_and_raised_by_a_put_and_stays_there_after_a_power_cut() {
    let mut host = Host::start(r#"{"maxRadius":50}"#);
    assert_eq!(host.put("navigation.anchor.position", north(100.0)).status_code, 200);
    lie_at(&mut host, north(110.0));
    assert_eq!(status(&host), "Watching: 10 m of 50 m");
    host.restart_server();
    lie_at(&mut host, north(160.0));
    assert_eq!(alarm(&host), "alarm");
    assert_eq!(host.put("navigation.anchor.position", None::<Position>).status_code, 200);
    assert_eq!((status(&host), alarm(&host)), ("Anchor is up".into(), "normal".into()));
    assert!(anchored_at(&host).is_null());
    assert!(host.value("navigation.anchor.currentRadius").unwrap().is_null());
    // Nothing is missed while nothing is watched.
    host.restart_server();
    lie_at(&mut host, north(160.0));
    host.advance(Duration::from_secs(60));
    assert_eq!((status(&host), alarm(&host)), ("Anchor is up".into(), "normal".into()));
}

#[test]
fn the_radius_is_set_by_a_put_and_stays_until_the_owner_sets_another() {
    let mut host = Host::start(ANCHOR);
    lie_at(&mut host, north(60.0));
    assert_eq!(alarm(&host), "alarm");
    assert_eq!(host.put("navigation.anchor.maxRadius", 80.0).status_code, 200);
    assert_eq!(host.number("navigation.anchor.maxRadius"), 80.0);
    assert_eq!((alarm(&host), status(&host)), ("normal".into(), "Watching: 60 m of 80 m".into()));
    for wrong in [json!(9.9), json!(1001), json!("wide"), json!(null)] {
        let answer = host.put("navigation.anchor.maxRadius", &wrong);
        assert!(answer.status_code >= 400, "{answer}");
    }
    host.restart_server();
    assert_eq!(host.number("navigation.anchor.maxRadius"), 80.0);
    let mut form = host.saved_config().unwrap();
    form["hysteresis"] = 4.into();
    host.configure(&form.to_string());
    assert_eq!(host.number("navigation.anchor.maxRadius"), 80.0);
    form["maxRadius"] = 70.into();
    host.configure(&form.to_string());
    assert_eq!(host.number("navigation.anchor.maxRadius"), 70.0);
    let answer = host.http("POST", "/api/radius", &json!({ "radius": 65 }));
    assert_eq!(
        (answer.status, host.value("navigation.anchor.maxRadius").unwrap()),
        (204, json!(65))
    );
}

#[test]
fn an_anchor_that_cannot_be_stored_is_not_dropped() {
    let mut host = Host::start(ANCHOR);
    host.advance(SECOND);
    host.fill_disk(true);
    let answer = host.put("navigation.anchor.position", north(100.0));
    assert_eq!(answer.status_code, 500);
    assert!(answer.message.as_deref().unwrap().contains("was not stored"), "{answer}");
    lie_at(&mut host, north(10.0));
    assert_eq!(status(&host), "Watching: 10 m of 50 m");
}

#[test]
fn one_that_was_not_asked_for_by_a_request_is_watched_and_stored_later() {
    let mut host = Host::new();
    host.set_saved_config(ANCHOR);
    host.fill_disk(true);
    host.restart_server();
    lie_at(&mut host, north(60.0));
    assert_eq!(alarm(&host), "alarm");
    assert!(host.error().unwrap().contains("was not stored"), "{:?}", host.error());
    host.fill_disk(false);
    lie_at(&mut host, north(60.0));
    assert_eq!((host.error(), status(&host)), (None, "Anchor drags: 60 m of 50 m".into()));
}

#[test]
fn a_place_that_is_none_is_refused() {
    let mut host = Host::start(ANCHOR);
    for wrong in [
        json!({"latitude": 91, "longitude": 0}),
        json!({"latitude": 0, "longitude": 0}),
        "here".into(),
    ] {
        let answer = host.put("navigation.anchor.position", wrong);
        assert!(answer.status_code >= 400, "{answer}");
    }
    assert_eq!(anchored_at(&host)["latitude"], 54.5);
}

#[test]
fn over_http_the_anchor_is_dropped_where_the_boat_is_and_raised() {
    let mut host = Host::start_default();
    assert_eq!(post(&mut host, "/api/drop"), 409);
    lie_at(&mut host, north(60.0));
    assert_eq!(post(&mut host, "/api/drop"), 204);
    lie_at(&mut host, north(63.0));
    let status = host.get("/api/status").body;
    assert_eq!(status["anchor"]["latitude"], north(60.0).latitude);
    assert!((status["distance"].as_f64().unwrap() - 3.0).abs() < 0.05, "{status}");
    assert!((status["bearing"].as_f64().unwrap() - PI).abs() < 0.01, "{status}");
    assert_eq!((&status["state"], &status["maxRadius"]), (&"normal".into(), &50.0.into()));
    assert_eq!(post(&mut host, "/api/raise"), 204);
    let status = host.get("/api/status").body;
    assert!(status["anchor"].is_null() && status["distance"].is_null(), "{status}");
}

#[test]
fn the_anchor_is_not_dropped_where_the_boat_was_an_hour_ago() {
    let mut host = Host::start(ANCHOR);
    lie_at(&mut host, north(10.0));
    host.advance(Duration::from_secs(3600));
    assert_eq!(post(&mut host, "/api/drop"), 409);
    assert!(host.get("/api/status").body["distance"].is_null());
    lie_at(&mut host, north(20.0));
    assert_eq!(post(&mut host, "/api/drop"), 204);
}

#[test]
fn a_setting_that_has_changed_counts_more_than_what_was_dropped_before() {
    let mut host = Host::start(ANCHOR);
    host.put("navigation.anchor.position", north(100.0));
    let mut form = host.saved_config().unwrap();
    form["maxRadius"] = 60.into();
    host.configure(&form.to_string());
    assert_eq!(anchored_at(&host)["latitude"], north(100.0).latitude);
    form["anchor"]["latitude"] = 54.0.into();
    host.configure(&form.to_string());
    assert_eq!(anchored_at(&host)["latitude"], 54.0);
}

#[test]
fn a_setting_that_is_taken_away_leaves_the_anchor_where_it_lies() {
    let mut host = Host::start(ANCHOR);
    lie_at(&mut host, north(60.0));
    let mut form = host.saved_config().unwrap();
    for empty in [Some(Value::Null), None] {
        match empty {
            Some(value) => form["anchor"] = value,
            None => drop(form.as_object_mut().unwrap().remove("anchor")),
        }
        host.configure(&form.to_string());
        assert_eq!(anchored_at(&host)["latitude"], 54.5);
        lie_at(&mut host, north(61.0));
        assert_eq!(alarm(&host), "alarm");
    }
    host.restart_server();
    assert_eq!(anchored_at(&host)["latitude"], 54.5);
    // Set once more it is a new wish.
    host.put("navigation.anchor.position", north(100.0));
    form["anchor"] = json!({ "latitude": 54.5, "longitude": 10.2 });
    host.configure(&form.to_string());
    assert_eq!(anchored_at(&host)["latitude"], 54.5);
}

#[test]
fn what_an_older_version_has_stored_is_found() {
    let mut host = Host::new();
    let document = json!({ "position": north(100.0), "configured": null });
    let stored = json!({ "revision": 1, "documents": { "anchor": document } });
    host.configure(&json!({ "signalk-plugin-sdk": stored }).to_string());
    lie_at(&mut host, north(110.0));
    assert_eq!(status(&host), "Watching: 10 m of 50 m");
}

#[test]
fn with_a_heading_the_bow_is_watched_and_dropped_from() {
    let mut config: Value = serde_json::from_str(ANCHOR).unwrap();
    config["bowOffset"] = 12.into();
    let mut host = Host::start(&config.to_string());
    lie_at(&mut host, north(40.0));
    assert!((radius(&host) - 40.0).abs() < 0.05, "{}", radius(&host));
    for (heading, distance) in [(PI, 28.0), (0.0, 52.0), (FRAC_PI_2, 40.0f64.hypot(12.0))] {
        host.receive("navigation.headingTrue", heading);
        lie_at(&mut host, north(40.0));
        assert!((radius(&host) - distance).abs() < 0.05, "{heading}: {}", radius(&host));
    }
    host.receive("navigation.headingTrue", PI);
    lie_at(&mut host, north(40.0));
    assert_eq!(post(&mut host, "/api/drop"), 204);
    let latitude = anchored_at(&host)["latitude"].as_f64().unwrap();
    assert!((latitude - north(28.0).latitude).abs() < 1e-6, "{latitude}");
    // Without a heading it is the antenna again.
    for _ in 0..40 {
        fix(&mut host, north(40.0));
    }
    assert!((radius(&host) - 12.0).abs() < 0.05, "{}", radius(&host));
}

#[test]
fn with_a_depth_the_scope_of_the_rode_is_shown() {
    let mut config: Value = serde_json::from_str(ANCHOR).unwrap();
    config["rodeLength"] = 25.into();
    let mut host = Host::start(&config.to_string());
    host.receive("environment.depth.belowSurface", 42_949_672.95);
    assert!(host.get("/api/status").body["scope"].is_null());
    host.receive("environment.depth.belowSurface", 6.0);
    let scope = host.value("navigation.anchor.scope").unwrap().as_f64().unwrap();
    assert!((scope - 25.0 / 7.0).abs() < 1e-9, "{scope}");
    let status = host.get("/api/status").body;
    assert_eq!((&status["depth"], &status["reach"]), (&json!(6.0), &json!(24.0)));
}
