use std::time::Duration;

use serde_json::{Value, json};
use signalk_plugin_sdk::Position;
use signalk_plugin_sdk::testing::{OTHER_VESSEL, TestHost};

use super::TrackLog;
use super::track::{MOST, MOST_OF_PAGE};

const EVERY_METRE: &str = r#"{"distance": 1, "interval": 60, "days": 2}"#;

/// What the server reads of an answer without `response_buffer`.
const BUFFER: usize = 65_536;

/// What stands around the body in an answer.
const ENVELOPE: &str =
    r#"{"statusCode":200,"headers":{"Content-Type":"application/json; charset=utf-8"},"body":}"#;

type Host = TestHost<TrackLog>;

/// As many places, 2 m apart, from a number on.
fn sail(host: &mut Host, from: usize, count: usize) {
    for number in from..from + count {
        host.receive("navigation.position", place(number));
    }
}

/// Both coordinates as long as any.
fn place(number: usize) -> Position {
    Position::new(-80.999_999 + number as f64 * 2e-5, -179.000_001)
}

fn page(host: &mut Host, query: &str) -> Value {
    let answer = host.get(&format!("/api/track?{query}"));
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    answer.body
}

fn points(page: &Value) -> &[Value] {
    page["points"].as_array().unwrap()
}

/// Pages from a number to the end, by the latitude of each point.
fn read(host: &mut Host, after: u64, mut meanwhile: impl FnMut(&mut Host)) -> (Vec<f64>, u64) {
    let (mut latitudes, mut after) = (Vec::new(), after);
    loop {
        let page = page(host, &format!("after={after}"));
        latitudes.extend(points(&page).iter().map(|point| point[2].as_f64().unwrap()));
        after = page["next"].as_u64().unwrap();
        if page["more"] == false {
            return (latitudes, after);
        }
        meanwhile(host);
    }
}

fn expected(numbers: std::ops::Range<usize>) -> Vec<f64> {
    let latitudes = numbers.map(|number| place(number).latitude);
    latitudes.map(|degrees| (degrees * 1e6).round() / 1e6).collect()
}

#[test]
fn pages_lose_nothing_and_repeat_nothing_while_points_come() {
    let mut host = Host::start(EVERY_METRE);
    let mut sailed = 5000;
    sail(&mut host, 0, sailed);
    let (latitudes, next) = read(&mut host, 0, |host| {
        sail(host, sailed, 700);
        sailed += 700;
    });
    assert!(sailed > 5000 && latitudes == expected(0..sailed), "{} points", latitudes.len());
    // Nothing new, and then only what is new.
    let (latitudes, next) = read(&mut host, next, |_| {});
    assert!(latitudes.is_empty());
    sail(&mut host, sailed, 3);
    let (latitudes, _) = read(&mut host, next, |_| {});
    assert_eq!(latitudes, expected(sailed..sailed + 3));
}

#[test]
fn the_longest_page_fits_the_servers_buffer_and_the_whole_does_not_and_passes() {
    let mut host = Host::start(EVERY_METRE);
    sail(&mut host, 0, 4000);
    let full = page(&mut host, "most=1000000");
    assert_eq!(points(&full).len(), MOST_OF_PAGE);
    let bytes = full.to_string().len() + ENVELOPE.len();
    assert!((60_000..=BUFFER).contains(&bytes), "{bytes}");

    let whole = host.get("/api/track.geojson");
    assert_eq!((whole.status, &*whole.content_type), (200, "application/geo+json; charset=utf-8"));
    let text = whole.body.as_str().unwrap();
    assert!(text.len() > BUFFER, "{}", text.len());
    let line: Value = serde_json::from_str(text).unwrap();
    assert_eq!(line["type"], "LineString");
    let latitude = |place: &Value| place[1].as_f64().unwrap();
    let latitudes: Vec<_> = line["coordinates"].as_array().unwrap().iter().map(latitude).collect();
    assert_eq!(latitudes, expected(0..4000));
    assert_eq!(line["coordinates"][0][0], -179.000_001);
    assert_eq!(line["times"].as_array().unwrap().len(), 4000);
}

#[test]
fn memory_is_bounded_and_the_longest_document_passes() {
    let mut host = Host::start(EVERY_METRE);
    let before = page(&mut host, "")["first"].as_u64().unwrap();
    sail(&mut host, 0, MOST + 10);
    host.advance(Duration::from_secs(10));
    assert_eq!(host.status().unwrap(), "60000 points");
    // A client that has seen none of it is told by `first` that ten are gone.
    let page = page(&mut host, &format!("after={}&most=1", before - 1));
    assert_eq!(page["first"].as_u64().unwrap(), before + 10);
    assert_eq!(points(&page)[0][2], expected(10..11)[0]);
    let whole = host.get("/api/track.geojson");
    assert_eq!(whole.status, 200, "{}", whole.body);
    let bytes = whole.body.as_str().unwrap().len();
    assert!((2_000_000..3 << 20).contains(&bytes), "{bytes}");
}

#[test]
fn a_wrong_query_is_400_and_names_what_is_wrong() {
    let mut host = Host::start(EVERY_METRE);
    for (query, names) in [
        ("after=-1", "after"),
        ("after=soon", "after"),
        ("most=0", "most"),
        ("most=1.5", "most"),
        ("most=1&most=2", "most"),
    ] {
        let answer = host.get(&format!("/api/track?{query}"));
        assert_eq!(answer.status, 400, "{query}: {}", answer.body);
        assert!(answer.body["error"].as_str().unwrap().contains(names), "{}", answer.body);
    }
}

#[test]
fn a_number_of_another_run_begins_anew() {
    let mut host = Host::start(EVERY_METRE);
    sail(&mut host, 0, 3);
    let old = page(&mut host, "")["next"].as_u64().unwrap();
    host.advance(Duration::from_secs(60));
    host.restart_server();
    assert_eq!(host.get("/api/track.geojson").status, 404);
    sail(&mut host, 10, 5);
    // An earlier run, and the future, which a clock that was set back leaves.
    for after in [old, u64::MAX] {
        let page = page(&mut host, &format!("after={after}"));
        assert_eq!(points(&page).len(), 5);
        assert_ne!(page["first"].as_u64().unwrap() - 1, after);
    }
}

#[test]
fn a_new_setting_keeps_the_track_and_the_numbers() {
    let mut host = Host::start(EVERY_METRE);
    sail(&mut host, 0, 3);
    let next = page(&mut host, "")["next"].as_u64().unwrap();
    host.configure(r#"{"distance": 5, "interval": 60}"#);
    assert_eq!(host.status().unwrap(), "3 points");
    sail(&mut host, 10, 1);
    assert_eq!(read(&mut host, next, |_| {}).0, expected(10..11));
}

#[test]
fn a_point_is_kept_when_the_boat_has_moved_or_time_has_passed() {
    let mut host = Host::start(r#"{"distance": 20, "interval": 60}"#);
    host.receive_other(OTHER_VESSEL, "navigation.position", place(500));
    for (metres, seconds, kept) in [(0, 0, 1), (19, 1, 1), (21, 1, 2), (22, 30, 2), (22, 31, 3)] {
        host.advance(Duration::from_secs(seconds));
        let latitude = 54.5 + f64::from(metres) / 111_328.0;
        host.receive("navigation.position", Position::new(latitude, 10.2));
        assert_eq!(points(&page(&mut host, "")).len(), kept, "{metres} m");
    }
    host.receive("navigation.position", None::<Position>);
    host.receive("navigation.position", json!({ "latitude": 154.5, "longitude": 10.2 }));
    assert!(host.error().unwrap().contains("latitude: found 154.5"), "{:?}", host.error());
    assert_eq!(points(&page(&mut host, "")).len(), 3);
}

#[test]
fn what_is_older_than_the_setting_is_forgotten() {
    let mut host = Host::start(EVERY_METRE);
    sail(&mut host, 0, 2);
    host.advance(Duration::from_secs(24 * 3600));
    sail(&mut host, 2, 2);
    host.advance(Duration::from_secs(24 * 3600 - 10));
    assert_eq!(host.status().unwrap(), "4 points");
    host.advance(Duration::from_secs(60));
    assert_eq!(host.status().unwrap(), "2 points");
    assert_eq!(read(&mut host, 0, |_| {}).0, expected(2..4));
}

#[test]
fn a_place_that_cannot_be_is_no_point_and_a_clock_that_jumps_costs_none() {
    let mut host = Host::start_default();
    host.receive("navigation.position", Position::new(54.5, 10.2));
    host.receive("navigation.position", Position::new(0.0, 0.0));
    host.advance(Duration::from_secs(10));
    assert_eq!(host.status().unwrap(), "1 points");
    let right = signalk_plugin_sdk::clock::now();
    for years in [20, 1] {
        let by = Duration::from_secs(years * 365 * 86_400);
        for wrong in [right - by, right + by] {
            host.set_wall_clock(wrong);
            host.advance(Duration::from_secs(60));
            assert_eq!(host.status().unwrap(), "1 points");
        }
    }
}
