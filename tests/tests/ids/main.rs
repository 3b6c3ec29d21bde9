//! Ids in paths: of deltas, judged once each, of PUTs, and of the example that counts engine hours.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

mod embedded;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use signalk_plugin_tests::delta::value;
use signalk_plugin_tests::env::plugin_folder;
use signalk_plugin_tests::{Server, Way, cases};

const PATIENCE: Duration = Duration::from_secs(90);

cases! {
    [server]
    values_and_puts_of_all_ids_arrive
    engine_hours_outlast_a_power_cut
}

fn launch(way: Way, plugin: &str, config: &Value) -> Server {
    let folder = plugin_folder(plugin).unwrap();
    Server::builder(way.installed()).enabled_plugin(folder, config).start().unwrap()
}

fn values_and_puts_of_all_ids_arrive(way: Way) {
    let server = launch(way, "signalk-test-surface", &json!({}));
    let (mut client, stream) = (server.client().unwrap(), server.stream().unwrap());
    let amounts = [
        ("test.parts.a.amount", json!(1)),
        ("test.parts.b.amount", json!(2)),
        ("test.parts.b.c.amount", json!(3)),
    ];
    client.tell("test.instrument", &amounts).unwrap();
    let expected = json!({ "a": 1, "b": 2 });
    let is_it = |message: &Value| value(message, "test.amounts") == Some(&expected);
    stream.wait_for_after(0, "test.amounts", PATIENCE, is_it).unwrap();

    for engine in ["port", "starboard", "main"] {
        let path = format!("test.{engine}.serviceDone");
        let answer = client.put(&path, &json!(engine)).unwrap();
        assert_eq!(answer["statusCode"], 200, "{answer}");
        let done = format!("{path}By");
        let is_it = |message: &Value| value(message, &done) == Some(&json!(engine));
        stream.wait_for_after(0, &done, PATIENCE, is_it).unwrap();
    }
}

/// Waits until the notification of the service is in a state.
fn wait_for_alarm(server: &Server, state: &str) {
    let until = Instant::now() + PATIENCE;
    loop {
        let own = server.rest().own("notifications.propulsion.port.service").unwrap();
        if own.as_ref().is_some_and(|own| own["value"]["state"] == state) {
            return;
        }
        assert!(Instant::now() < until, "{state}: {own:?}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

fn engine_hours_outlast_a_power_cut(way: Way) {
    const EXAMPLE: &str = "signalk-engine-hours";
    const API: &str = "/plugins/signalk-engine-hours/api/engines";
    const REVOLUTIONS: &str = "propulsion.port.revolutions";
    const RUN_TIME: &str = "propulsion.port.runTime";
    // As an earlier run has left it: two hours on the meter, and no service.
    let meters = json!({ "port": { "runTime": 7200, "servicedAt": 0 } });
    let config = json!({
        "engines": [{ "id": "port", "hoursBefore": 1, "serviceEvery": 1 }],
        "signalk-plugin-sdk": { "revision": 1, "documents": { "meters": meters } },
    });
    let mut server = launch(way, EXAMPLE, &config);
    let mut instrument = server.client().unwrap();
    wait_for_alarm(&server, "alert");

    // It runs until some seconds were counted.
    let until = Instant::now() + PATIENCE;
    let mut run_time = 0.0;
    while run_time < 3.0 * 3600.0 + 3.0 {
        assert!(Instant::now() < until, "{run_time} s");
        instrument.tell("test.engine", &[(REVOLUTIONS, json!(30))]).unwrap();
        std::thread::sleep(Duration::from_millis(500));
        let own = server.rest().own(RUN_TIME).unwrap();
        run_time = own.and_then(|own| own["value"].as_f64()).unwrap_or_default();
    }

    let done = |engine: &str| format!("{API}/{engine}/serviceDone");
    let (status, answer) = server.rest().post(&done("main"), &json!({})).unwrap();
    assert_eq!(status, 404, "{answer}");
    let answer = instrument.put("propulsion.serviceDone", &json!({ "engine": "port" })).unwrap();
    assert_eq!(answer["statusCode"], 200, "{answer}");
    wait_for_alarm(&server, "normal");

    // The power goes: the running time was stored with the service.
    server.restart().unwrap();
    let stream = server.stream().unwrap();
    let is_it = |message: &Value| {
        value(message, RUN_TIME).and_then(Value::as_f64).is_some_and(|found| found >= run_time)
    };
    stream.wait_for_after(0, RUN_TIME, PATIENCE, is_it).unwrap();
    let (status, engines) = server.rest().get(API).unwrap();
    assert_eq!(status, 200, "{engines}");
    assert!(engines[0]["sinceService"].as_f64().unwrap() < 60.0, "{engines}");
    let (status, answer) = server.rest().post(&done("port"), &json!({})).unwrap();
    assert_eq!(status, 204, "{answer}");
}
