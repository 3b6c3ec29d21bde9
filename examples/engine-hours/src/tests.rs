use std::time::Duration;

use serde_json::{Value, json};
use signalk_plugin_sdk::testing::TestHost;

use super::EngineHours;

type Host = TestHost<EngineHours>;

const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/recorded/engines.log");

fn config() -> Value {
    json!({"engines": [
        {"id": "port", "hoursBefore": 100, "serviceEvery": 1},
        {"id": "starboard"},
    ]})
}

/// Lets the port engine run, heard once a second.
fn run(host: &mut Host, seconds: u64) {
    for _ in 0..seconds {
        host.receive("propulsion.port.revolutions", 30);
        host.advance(Duration::from_secs(1));
    }
    host.receive("propulsion.port.revolutions", 0);
}

fn engine(host: &mut Host, id: &str) -> Value {
    let engines = host.get("/api/engines").body;
    engines.as_array().unwrap().iter().find(|engine| engine["id"] == id).unwrap().clone()
}

#[test]
fn the_recorded_engines_ran_as_long_as_they_were_heard_to() {
    let mut host = Host::start_with(&config());
    assert!(host.play(RECORDED) > 60);
    host.advance(Duration::from_secs(5));
    // Port from 0 to 120 s and from 180 to 202 s, but not while the bus was silent; starboard idles for a minute.
    assert_eq!(engine(&mut host, "port")["runTime"], 100.0 * 3600.0 + 142.0);
    assert_eq!(engine(&mut host, "starboard")["runTime"], 60.0);
    assert_eq!(host.number("propulsion.port.runTime"), 360_142.0);
    assert_eq!(
        host.status().unwrap(),
        "port: 100 h; starboard: 0 h; heard, and not in the list: thruster"
    );
}

#[test]
fn the_count_outlasts_restarts_and_all_but_the_last_minute_a_power_cut() {
    let mut host = Host::start_with(&config());
    run(&mut host, 90);
    host.kill_server();
    host.restart_server();
    // What was heard until the minute was over.
    assert_eq!(engine(&mut host, "port")["runTime"], 360_059.0);
    run(&mut host, 30);
    host.stop();
    host.restart_server();
    assert_eq!(engine(&mut host, "port")["runTime"], 360_089.0);
}

#[test]
fn a_service_is_told_when_it_is_due_until_it_is_done() {
    const PATH: &str = "propulsion.port.service";
    let mut host = Host::start_with(&config());
    run(&mut host, 3590);
    assert_eq!(host.notification_state(PATH), None);
    run(&mut host, 20);
    assert_eq!(host.notification_state(PATH).unwrap(), "alert");
    assert_eq!(host.notification(PATH).message, "Service of the engine port is due since 0 h");
    assert_eq!(host.http("POST", "/api/engines/port/serviceDone", &json!({})).status, 204);
    assert_eq!(host.notification_state(PATH).unwrap(), "normal");
    assert_eq!(engine(&mut host, "port")["sinceService"], 0.0);
    run(&mut host, 3610);
    assert_eq!(host.notification_state(PATH).unwrap(), "alert");
    assert_eq!(host.put("propulsion.serviceDone", json!({"engine": "port"})).status_code, 200);
    assert_eq!(host.notification_state(PATH).unwrap(), "normal");
    assert!(engine(&mut host, "port")["runTime"].as_f64().unwrap() > 360_000.0 + 7200.0);
}

#[test]
fn an_engine_that_is_not_in_the_list_is_not_found() {
    let mut host = Host::start_with(&config());
    let answer = host.http("POST", "/api/engines/main/serviceDone", &json!({}));
    assert_eq!(answer.status, 404, "{}", answer.body);
    assert_eq!(host.put("propulsion.serviceDone", json!({"engine": "main"})).status_code, 404);
    assert_eq!(host.put("propulsion.serviceDone", json!("port")).status_code, 400);
}

#[test]
fn a_service_that_cannot_be_stored_is_not_done() {
    let mut host = Host::start_with(&config());
    run(&mut host, 10);
    host.fill_disk(true);
    assert_eq!(host.http("POST", "/api/engines/port/serviceDone", &json!({})).status, 500);
    assert_eq!(engine(&mut host, "port")["sinceService"], 10.0);
}

#[test]
fn a_wrong_list_is_told_by_the_labels_of_the_form() {
    for (ids, expected) in [
        (["port", "port"], "an id that no other engine has"),
        (["port", "a.b"], "letters, digits"),
        (["port", ""], "letters, digits"),
    ] {
        let engines = ids.map(|id| json!({"id": id}));
        let host = Host::start_with(&json!({"engines": engines}));
        let error = host.error().unwrap();
        assert!(error.contains("Engines, 2nd: Id") && error.contains(expected), "{error}");
    }
}
