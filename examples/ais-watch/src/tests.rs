use std::f64::consts::{FRAC_PI_2, PI};
use std::time::Duration;

use signalk_plugin_sdk::Position;
use signalk_plugin_sdk::serde_json::{Value, json};
use signalk_plugin_sdk::testing::{Event, TestHost};

use super::AisWatch;

const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/recorded/approaches.jsonl");

const ANNA: &str = "244999001";
const BLUE_NOTE: &str = "211999002";
const CAROLA: &str = "219999003";
const DELPHIN: &str = "265999004";

const SECOND: Duration = Duration::from_secs(1);
const HERE: Position = Position::new(54.5, 10.2);
const BLIND: &str = "navigation.position";

fn context(mmsi: &str) -> String {
    format!("vessels.urn:mrn:imo:mmsi:{mmsi}")
}

fn alarm(mmsi: &str) -> String {
    format!("navigation.closestApproach.{mmsi}")
}

fn state(host: &TestHost<AisWatch>, mmsi: &str) -> String {
    host.notification_state(&alarm(mmsi)).unwrap_or_else(|| "none".to_owned())
}

/// State and message of all that was told of a vessel.
fn told(host: &TestHost<AisWatch>, mmsi: &str) -> Vec<(String, String)> {
    let path = format!("notifications.{}", alarm(mmsi));
    let text = |value: &Value, key: &str| value[key].as_str().unwrap().to_owned();
    let told = host.events().into_iter().filter_map(|event| match event {
        Event::Notification { path: of, value } if of == path => {
            Some((text(&value, "state"), text(&value, "message")))
        }
        _ => None,
    });
    told.collect()
}

/// The states one after the other, each once: a refreshed message is none, and nor is the moment of `normal` by which a
/// worse one sounds again.
fn states(host: &TestHost<AisWatch>, mmsi: &str) -> Vec<String> {
    let told = told(host, mmsi).into_iter().filter(|(_, message)| !message.is_empty());
    let mut states: Vec<_> = told.map(|(state, _)| state).collect();
    states.dedup();
    states
}

fn started() -> TestHost<AisWatch> {
    TestHost::start_default()
}

/// The own vessel and another, for a second. Courses are in radians, speeds in m/s.
fn look(host: &mut TestHost<AisWatch>, own: (f64, f64), other: (Position, f64, f64)) {
    own_vessel(host, own);
    let other_is = |host: &mut TestHost<AisWatch>, path: &str, value: Value| {
        host.receive_other(&context(ANNA), &format!("navigation.{path}"), value);
    };
    let (position, course, speed) = other;
    other_is(host, "position", json!(position));
    other_is(host, "courseOverGroundTrue", json!(course));
    other_is(host, "speedOverGround", json!(speed));
    host.advance(SECOND);
}

fn own_vessel(host: &mut TestHost<AisWatch>, (course, speed): (f64, f64)) {
    host.receive("navigation.position", HERE);
    host.receive("navigation.courseOverGroundTrue", course);
    host.receive("navigation.speedOverGround", speed);
}

#[test]
fn of_a_recorded_quarter_of_an_hour_each_danger_is_told_once_with_its_name() {
    let mut host = started();
    host.play(RECORDED);
    host.advance(SECOND);
    assert_eq!(states(&host, ANNA), ["warn", "alarm", "normal"]);
    let messages: Vec<_> = told(&host, ANNA).into_iter().map(|(_, message)| message).collect();
    assert!(messages[0].starts_with("ANNA passes at "), "{messages:?}");
    assert!(messages[0].ends_with(" m in 12 min"), "{messages:?}");
    assert_eq!(states(&host, CAROLA), ["warn", "alarm", "normal"]);
    let last = told(&host, CAROLA).pop().unwrap();
    assert_eq!(last.1, "Nothing more heard of CAROLA");
    for safe in [BLUE_NOTE, DELPHIN] {
        assert!(told(&host, safe).is_empty(), "{safe}");
    }
    assert_eq!(host.error(), None);
    assert!(host.status().unwrap().starts_with("3 vessels; "), "{:?}", host.status());
}

#[test]
fn how_close_each_vessel_comes_is_published_with_each_of_its_positions() {
    let mut host = started();
    host.play(RECORDED);
    host.advance(SECOND);
    let closest = host.sent_for(&context(BLUE_NOTE)).value("navigation.closestApproach").unwrap();
    assert!((closest["distance"].as_f64().unwrap() - 560.0).abs() < 20.0, "{closest}");
    assert!((closest["timeTo"].as_f64().unwrap() + 155.0).abs() < 15.0, "{closest}");
    let cleared = host.sent_for(&context(CAROLA)).value("navigation.closestApproach");
    assert_eq!(cleared, Some(Value::Null));
    let of_delphin = host.events().into_iter().filter(|event| match event {
        Event::Delta { delta, .. } => delta["context"] == *context(DELPHIN),
        _ => false,
    });
    assert_eq!(of_delphin.count(), 5, "it tells its position five times");
}

#[test]
fn two_that_go_side_by_side_are_one_alarm() {
    let mut host = started();
    for second in 0..600 {
        // The other is 100 m abeam; course and speed are as unsteady as AIS has them.
        let wave = f64::from(second) * 0.7;
        let other = (HERE.moved(FRAC_PI_2, 100.0), 0.03 * wave.sin(), 3.0 + 0.2 * wave.cos());
        look(&mut host, (0.0, 3.0), other);
    }
    assert_eq!(states(&host, ANNA), ["alarm"]);
}

#[test]
fn a_course_at_the_limit_does_not_make_the_alarm_come_and_go() {
    let mut host = started();
    for second in 0..600 {
        // Passes at 400 m, give or take 60 m.
        let aside = 400.0 + 60.0 * f64::from(second).sin();
        let other = (HERE.moved(0.0, 3_000.0).moved(FRAC_PI_2, aside), PI, 4.0);
        look(&mut host, (0.0, 4.0), other);
    }
    assert_eq!(states(&host, ANNA), ["warn"]);
}

#[test]
fn one_odd_position_wakes_nobody() {
    let mut host = started();
    let far = (HERE.moved(FRAC_PI_2, 9_000.0), FRAC_PI_2, 4.0);
    for second in 0..60 {
        let other = if second % 10 == 9 { (HERE, 0.0, 0.0) } else { far };
        look(&mut host, (0.0, 4.0), other);
    }
    assert!(told(&host, ANNA).is_empty(), "{:?}", told(&host, ANNA));
}

#[test]
fn what_gets_worse_sounds_again_though_the_crew_has_muted_it() {
    let mut host = started();
    for step in 0..60 {
        let other = (HERE.moved(0.0, 5_000.0 - 80.0 * f64::from(step)), PI, 4.0);
        look(&mut host, (0.0, 4.0), other);
    }
    let all: Vec<_> = told(&host, ANNA).into_iter().map(|(state, _)| state).collect();
    let alarm = all.iter().position(|state| state == "alarm").unwrap();
    assert_eq!(all[alarm - 1], "normal", "{all:?}");
    let warning = all.iter().position(|state| state == "warn").unwrap();
    assert!(warning < alarm);
}

#[test]
fn at_anchor_there_is_no_alarm_and_one_ends_when_it_drops() {
    let mut host = started();
    let near = (HERE.moved(0.0, 200.0), 0.0, 0.0);
    for _ in 0..10 {
        look(&mut host, (0.0, 0.3), near);
    }
    assert_eq!(state(&host, ANNA), "none");
    assert_eq!(host.status().unwrap(), "1 vessels; no alarms below 1 kn");
    for _ in 0..10 {
        look(&mut host, (0.0, 2.0), near);
    }
    assert_eq!(state(&host, ANNA), "alarm");
    look(&mut host, (0.0, 0.3), near);
    assert_eq!(state(&host, ANNA), "normal");
    let mut host = TestHost::<AisWatch>::start_with(&json!({ "leastSpeed": 0 }));
    for _ in 0..10 {
        look(&mut host, (0.0, 0.0), near);
    }
    assert_eq!(state(&host, ANNA), "alarm", "with 0 it watches always");
}

#[test]
fn a_watch_that_is_blind_under_way_says_so_and_one_in_a_harbour_does_not() {
    let mut host = started();
    host.advance(60 * SECOND);
    assert_eq!(host.notification_state(BLIND), None);
    own_vessel(&mut host, (0.0, 3.0));
    host.advance(40 * SECOND);
    assert_eq!(host.notification_state(BLIND), None);
    host.advance(5 * SECOND);
    assert_eq!(host.notification_state(BLIND).as_deref(), Some("alarm"));
    own_vessel(&mut host, (0.0, 3.0));
    host.advance(SECOND);
    assert_eq!(host.notification_state(BLIND).as_deref(), Some("normal"));
    // A speed without a course is not enough.
    host.receive("navigation.courseOverGroundTrue", Value::Null);
    for _ in 0..40 {
        host.receive("navigation.position", HERE);
        host.receive("navigation.speedOverGround", 3.0);
        host.advance(SECOND);
    }
    assert_eq!(host.notification_state(BLIND).as_deref(), Some("alarm"));
}

#[test]
fn between_its_reports_a_vessel_goes_on() {
    let mut host = started();
    // Once, 2,400 m ahead, towards us: after 4 minutes it is here.
    look(&mut host, (0.0, 2.0), (HERE.moved(0.0, 2_400.0), PI, 10.0));
    for _ in 0..235 {
        own_vessel(&mut host, (0.0, 2.0));
        host.advance(SECOND);
    }
    let message = host.notification(&alarm(ANNA)).message;
    assert!(
        host.status().unwrap().contains("in less than a minute"),
        "{:?} {message}",
        host.status()
    );
    assert_eq!(state(&host, ANNA), "alarm");
}

#[test]
fn a_stop_ends_all_that_it_has_raised_and_published() {
    let mut host = started();
    for _ in 0..5 {
        look(&mut host, (0.0, 2.0), (HERE.moved(0.0, 200.0), 0.0, 0.0));
    }
    assert_eq!(state(&host, ANNA), "alarm");
    host.stop();
    assert_eq!(state(&host, ANNA), "normal");
    let closest = host.sent_for(&context(ANNA)).value("navigation.closestApproach");
    assert_eq!(closest, Some(Value::Null));
}

#[test]
fn a_vessel_with_odd_data_is_told_and_the_others_are_watched() {
    let mut host = started();
    host.receive_other(&context(BLUE_NOTE), "navigation.position", "here");
    for _ in 0..5 {
        look(&mut host, (0.0, 2.0), (HERE.moved(0.0, 200.0), 0.0, 0.0));
    }
    assert_eq!(state(&host, ANNA), "alarm");
    assert!(host.error().unwrap().starts_with("navigation.position: "), "{:?}", host.error());
}
