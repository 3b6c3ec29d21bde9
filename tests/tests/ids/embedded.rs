//! The same in the embedded host, where an hour takes no time.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use signalk_plugin_host::{Host, HttpRequest, Plugin};
use signalk_plugin_tests::{BuiltPlugin, Way, cases};

cases! {
    [embedded]
    values_of_all_ids_of_a_delta_are_judged_together
    one_function_takes_puts_to_several_paths_and_knows_which
    recorded_engines_are_counted_through_restarts_and_serviced
}

const SECOND: Duration = Duration::from_secs(1);

fn launch(way: Way, plugin: &str, config: &Value) -> Plugin {
    let module = BuiltPlugin::of(plugin).unwrap().module().unwrap();
    let host = Host::builder().version(way.version()).wall_clock(SystemTime::now()).build();
    host.install_enabled(module, &config.to_string()).unwrap()
}

fn tell(plugin: &mut Plugin, values: &[(&str, Value)]) {
    let values: Vec<_> =
        values.iter().map(|(path, value)| json!({ "path": path, "value": value })).collect();
    plugin.deliver_delta(&json!({ "updates": [{ "values": values }] }).to_string()).unwrap();
}

fn values_of_all_ids_of_a_delta_are_judged_together(way: Way) {
    let mut plugin = launch(way, "signalk-test-surface", &json!({}));
    tell(
        &mut plugin,
        &[
            ("test.parts.a.amount", json!(1)),
            ("test.parts.b.amount", json!(2)),
            ("test.parts.b.c.amount", json!(3)),
        ],
    );
    assert_eq!(plugin.value("test.amounts").unwrap(), json!({ "a": 1, "b": 2 }));
    tell(&mut plugin, &[("test.parts.c.amount", json!(4))]);
    assert_eq!(plugin.value("test.amounts").unwrap(), json!({ "c": 4 }));
}

fn one_function_takes_puts_to_several_paths_and_knows_which(way: Way) {
    let mut plugin = launch(way, "signalk-test-surface", &json!({}));
    for engine in ["port", "starboard", "main"] {
        let path = format!("test.{engine}.serviceDone");
        plugin.put("vessels.self", &path, &json!(engine).to_string()).unwrap();
        assert_eq!(plugin.value(&format!("{path}By")).unwrap(), engine);
    }
}

/// Plays what `examples/engine-hours` has recorded, in its own time.
fn play_engines(plugin: &mut Plugin) {
    let recorded =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/engine-hours/recorded/engines.log");
    let mut last = None;
    for line in fs::read_to_string(recorded).unwrap().lines() {
        // As the server's own data log has it: milliseconds, a letter, the delta.
        let [millis, _, delta] = line.splitn(3, ';').collect::<Vec<_>>().try_into().unwrap();
        let millis: u64 = millis.parse().unwrap();
        plugin.advance(Duration::from_millis(millis - last.unwrap_or(millis))).unwrap();
        plugin.deliver_delta(delta).unwrap();
        last = Some(millis);
    }
}

fn engines(plugin: &mut Plugin) -> Value {
    let answer = plugin.http(&HttpRequest::get("/api/engines")).unwrap();
    assert_eq!(answer.status, 200);
    serde_json::from_slice(&answer.body).unwrap()
}

fn recorded_engines_are_counted_through_restarts_and_serviced(way: Way) {
    const EXAMPLE: &str = "signalk-engine-hours";
    const ALARM: &str = "notifications.propulsion.port.service";
    let list = json!([
        { "id": "port", "hoursBefore": 1, "serviceEvery": 1 },
        { "id": "starboard" },
    ]);
    let mut plugin = launch(way, EXAMPLE, &json!({ "engines": list }));
    play_engines(&mut plugin);
    plugin.advance(SECOND * 60).unwrap();
    assert_eq!(plugin.value("propulsion.port.runTime").unwrap(), 3742.0);
    assert_eq!(plugin.value("propulsion.starboard.runTime").unwrap(), 60.0);

    // The power goes: what was stored is there again.
    let mut plugin = plugin.restart_server().unwrap();
    assert_eq!(engines(&mut plugin)[0]["runTime"], 3742.0);
    for _ in 0..3600 {
        tell(&mut plugin, &[("propulsion.port.revolutions", json!(30))]);
        plugin.advance(SECOND).unwrap();
    }
    assert_eq!(plugin.value(ALARM).unwrap()["state"], "alert");

    let post = |path: &str| HttpRequest::post(path).json("{}");
    let answer = plugin.http(&post("/api/engines/main/serviceDone")).unwrap();
    assert_eq!(answer.status, 404, "{}", answer.text());
    let answer = plugin.http(&post("/api/engines/port/serviceDone")).unwrap();
    assert_eq!(answer.status, 204, "{}", answer.text());
    assert_eq!(plugin.value(ALARM).unwrap()["state"], "normal");
    let mut plugin = plugin.restart_server().unwrap();
    assert_eq!(engines(&mut plugin)[0]["sinceService"], 0.0);
}
