use std::time::Duration;

use serde_json::{Value, json};
use signalk_plugin_sdk::testing::{OTHER_VESSEL, TestHost};

use super::RoutesWaypoints;

const REEF: &str = "ac3a3b2d-07e8-4f25-92bc-98e7c92f7f1a";
const HOME: &str = "bc3a3b2d-07e8-4f25-92bc-98e7c92f7f1a";

fn waypoint(name: &str, longitude: f64, latitude: f64) -> Value {
    json!({
        "name": name,
        "feature": {
            "type": "Feature",
            "geometry": { "type": "Point", "coordinates": [longitude, latitude] },
            "properties": { "skIcon": "buoy" },
        },
    })
}

fn route(name: &str, points: &[[f64; 2]]) -> Value {
    json!({
        "name": name,
        "distance": 1852.0,
        "feature": {
            "type": "Feature",
            "geometry": { "type": "LineString", "coordinates": points },
            "properties": {},
        },
    })
}

fn started() -> TestHost<RoutesWaypoints> {
    TestHost::start_default()
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn what_was_stored_is_there_with_all_its_fields() {
    let mut host = started();
    assert_eq!(host.status().unwrap(), "Routes: 0, waypoints: 0");
    host.set_resource("waypoints", REEF, waypoint("Reef", 24.5, 60.25));
    host.set_resource("routes", HOME, route("Home", &[[24.5, 60.25], [24.75, 60.5]]));
    assert_eq!(host.status().unwrap(), "Routes: 1, waypoints: 1");

    let found = host.get_resource("waypoints", REEF, None).unwrap();
    assert_eq!(found["feature"], waypoint("Reef", 24.5, 60.25)["feature"]);
    assert!(found["timestamp"].is_string() && found["$source"].is_string(), "{found}");
    let found = host.get_resource("routes", HOME, Some("distance")).unwrap();
    assert_eq!(found["value"], 1852.0);
    // Each kind has its own ids.
    assert!(host.get_resource("routes", REEF, None).is_err());
}

#[test]
fn what_is_stored_again_takes_the_place_of_the_old() {
    let mut host = started();
    host.set_resource("waypoints", REEF, waypoint("Reef", 24.5, 60.25));
    host.set_resource("waypoints", REEF, waypoint("Rock", 25.5, 61.25));
    let list = host.list_resources("waypoints", json!({})).unwrap();
    assert_eq!(ids(&list), [REEF]);
    assert_eq!(list[REEF]["name"], "Rock");
}

#[test]
fn a_list_keeps_to_the_box_the_distance_and_the_limit() {
    let mut host = started();
    host.set_resource("waypoints", REEF, waypoint("Reef", 24.5, 60.25));
    host.set_resource("waypoints", HOME, waypoint("Home", 25.5, 60.25));
    host.set_resource("routes", HOME, route("Home", &[[24.5, 60.25], [25.5, 60.25]]));
    let mut listed = |kind: &str, query: Value| {
        let list = host.list_resources(kind, query).unwrap();
        ids(&list).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(listed("waypoints", json!({})), [REEF, HOME]);
    assert_eq!(listed("waypoints", json!({ "limit": 1 })).len(), 1);
    assert_eq!(listed("waypoints", json!({ "bbox": [24.0, 60.0, 25.0, 61.0] })), [REEF]);
    let near_home = json!({ "position": [25.5, 60.26], "distance": 2000 });
    assert_eq!(listed("waypoints", near_home.clone()), [HOME]);
    assert_eq!(listed("routes", near_home), [HOME], "a route is where one of its points is");
    assert!(listed("routes", json!({ "bbox": [0.0, 0.0, 1.0, 1.0] })).is_empty());
}

#[test]
fn a_distance_without_a_position_counts_from_the_boat() {
    let mut host = started();
    host.set_resource("waypoints", REEF, waypoint("Reef", 24.5, 60.25));
    let around = json!({ "distance": 2000 });
    host.receive_other(OTHER_VESSEL, "navigation.position", at(24.5, 60.25));
    let error = host.list_resources("waypoints", &around).unwrap_err();
    assert!(error.contains("where the vessel is is not known"), "{error}");
    host.receive("navigation.position", at(24.5, 60.26));
    assert_eq!(ids(&host.list_resources("waypoints", &around).unwrap()), [REEF]);
    host.receive("navigation.position", at(24.5, 61.0));
    assert!(ids(&host.list_resources("waypoints", &around).unwrap()).is_empty());
    // A GPS that fell silent does not say where the boat is now.
    host.advance(Duration::from_secs(61));
    assert!(host.list_resources("waypoints", &around).is_err());
}

fn at(longitude: f64, latitude: f64) -> Value {
    json!({ "longitude": longitude, "latitude": latitude })
}

#[test]
fn everything_outlasts_a_restart_of_the_server() {
    let mut host = started();
    host.set_resource("waypoints", REEF, waypoint("Reef", 24.5, 60.25));
    host.set_resource("waypoints", HOME, waypoint("Home", 24.5, 60.25));
    host.set_resource("routes", HOME, route("Home", &[[24.5, 60.25], [24.75, 60.5]]));
    host.delete_resource("waypoints", HOME);
    let before = host.get_resource("waypoints", REEF, None).unwrap();
    host.restart_server();
    assert_eq!(host.status().unwrap(), "Routes: 1, waypoints: 1");
    assert_eq!(host.get_resource("waypoints", REEF, None).unwrap(), before);
    assert!(host.get_resource("routes", HOME, None).is_ok());
    assert!(host.get_resource("waypoints", HOME, None).is_err(), "it was deleted");
}

#[test]
fn what_cannot_be_read_is_not_stored_and_is_told() {
    let mut host = started();
    let broken = json!({ "feature": { "geometry": { "type": "Point", "coordinates": ["x", 1] } } });
    host.set_resource("waypoints", REEF, broken);
    let error = host.error().unwrap();
    assert!(error.contains(REEF) && error.contains("coordinates"), "{error}");
    assert!(host.get_resource("waypoints", REEF, None).is_err());
    host.set_resource("waypoints", REEF, waypoint("Reef", 24.5, 60.25));
    assert_eq!(host.status().unwrap(), "Routes: 0, waypoints: 1");
}

#[test]
fn a_full_storage_is_told_and_what_was_there_stays() {
    let mut host = started();
    host.set_resource("waypoints", REEF, waypoint("Reef", 24.5, 60.25));
    host.set_resource("waypoints", HOME, waypoint(&"x".repeat(1 << 20), 24.5, 60.25));
    let error = host.error().unwrap();
    assert!(error.contains("the storage would take"), "{error}");
    assert!(host.get_resource("waypoints", HOME, None).is_err());
    assert!(host.get_resource("waypoints", REEF, None).is_ok());
    // The next one that fits is stored, and the error goes.
    host.set_resource("waypoints", HOME, waypoint("Home", 24.5, 60.25));
    assert_eq!(host.status().unwrap(), "Routes: 0, waypoints: 2");
}

#[test]
fn a_full_disk_is_told_and_nothing_is_shown_that_is_not_stored() {
    let mut host = started();
    host.set_resource("waypoints", REEF, waypoint("Reef", 24.5, 60.25));
    host.fill_disk(true);
    host.set_resource("waypoints", HOME, waypoint("Home", 24.5, 60.25));
    assert!(host.error().unwrap().contains("was not stored"), "{:?}", host.error());
    host.delete_resource("waypoints", REEF);
    host.fill_disk(false);
    host.restart_server();
    assert_eq!(host.status().unwrap(), "Routes: 0, waypoints: 1");
    assert!(host.get_resource("waypoints", REEF, None).is_ok());
}

#[test]
fn one_that_is_damaged_is_told_and_spoils_no_other() {
    let mut host = started();
    host.set_resource("waypoints", REEF, waypoint("Reef", 24.5, 60.25));
    host.set_resource("waypoints", HOME, waypoint("Home", 24.5, 60.25));
    let mut file = host.saved_config().unwrap().to_string();
    file = file.replace("\"Home\"", "7");
    drop(host);
    let mut host = TestHost::<RoutesWaypoints>::start(&file);
    let error = host.error().unwrap();
    assert_eq!(error, "Routes: 0, waypoints: 1, and 1 that are damaged");
    assert!(host.get_resource("waypoints", REEF, None).is_ok());
}

#[test]
fn as_many_as_storage_holds_fit_into_one_answer() {
    let mut host = started();
    for number in 0..300 {
        let id = format!("{number:08}-07e8-4f25-92bc-98e7c92f7f1a");
        host.set_resource("waypoints", &id, waypoint(&"x".repeat(3000), 24.5, 60.25));
    }
    assert_eq!(host.status().unwrap(), "Routes: 0, waypoints: 300");
    let list = host.list_resources("waypoints", json!({})).unwrap();
    assert_eq!(ids(&list).len(), 300);
}
