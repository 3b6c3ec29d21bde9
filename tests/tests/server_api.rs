//! A plugin that asks the server it runs in, over HTTP. The plugin is `signalk-test-server-api`.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use signalk_plugin_tests::env::plugin_folder;
use signalk_plugin_tests::{Server, Way, cases};

const PLUGIN: &str = "signalk-test-server-api";
const PROVIDER: &str = "signalk-routes-waypoints";
const PATIENCE: Duration = Duration::from_secs(60);

cases! {
    [server]
    the_server_is_asked_what_it_knows
    a_value_of_another_plugin_is_changed
    a_server_with_security_is_asked_with_the_owners_leave
}

/// What the owner has told the server about the vessel.
fn tell_about_the_vessel(folder: &Path) {
    let known = json!([{ "context": "vessels.self", "updates": [{ "values": [
        { "path": "", "value": { "name": "Maia" } },
        { "path": "design.beam", "value": 3.4 },
    ] }] }]);
    fs::write(folder.join("baseDeltas.json"), known.to_string()).unwrap();
}

fn the_server_is_asked_what_it_knows(way: Way) {
    let mut server = Server::builder(way.installed())
        .enabled_plugin(plugin_folder(PROVIDER).unwrap(), &json!({}))
        .enabled_plugin(plugin_folder(PLUGIN).unwrap(), &json!({}))
        .start()
        .unwrap();
    tell_about_the_vessel(server.config_folder());
    server.restart().unwrap();
    let path = "/signalk/v2/api/resources/waypoints/ac3a3b2d-07e8-4f25-92bc-98e7c92f7f1a";
    let path = format!("{path}?provider={PROVIDER}");
    let waypoint = json!({ "name": "Home", "feature": { "type": "Feature",
        "geometry": { "type": "Point", "coordinates": [24.9, 60.1] }, "properties": {} } });
    until("the waypoints have a provider", || {
        let answer = server.rest().ask("PUT", &path, Some(&waypoint)).unwrap();
        (answer.status == 200).then_some(())
    });
    configure(&server, &json!({}));
    let known = until("what the server knows", || value(&server, "test.known"));
    assert_eq!(known["name"], "Maia");
    assert_eq!(known["beam"], 3.4);
    assert_eq!(known["waypoints"], json!(["Home"]));
    assert!(known["course"].is_object(), "{known}");
    assert_eq!(known["unknown"], Value::Null);
}

/// A plugin in JavaScript that takes requests for two paths, and says no to one of them, each some time later.
const SWITCH: &str = "
module.exports = app => ({
  id: 'a-switch', name: 'A switch', schema: {},
  start() {
    const answer = result => (context, path, value, callback) => {
      setTimeout(() => {
        app.handleMessage('a-switch', { updates: [{ values: [{ path: 'test.switched', value }] }] })
        callback(result)
      }, 1500)
      return { state: 'PENDING' }
    }
    app.registerPutHandler('vessels.self', 'test.switch', answer({ state: 'COMPLETED', statusCode: 200 }))
    app.registerPutHandler('vessels.self', 'test.stuck',
      answer({ state: 'COMPLETED', statusCode: 409, message: 'it is stuck' }))
  },
  stop() {}
})";

fn a_value_of_another_plugin_is_changed(way: Way) {
    let switch = tempfile::tempdir().unwrap();
    let package = json!({ "name": "a-switch", "version": "1.0.0", "main": "index.js",
        "keywords": ["signalk-node-server-plugin"] });
    fs::write(switch.path().join("package.json"), package.to_string()).unwrap();
    fs::write(switch.path().join("index.js"), SWITCH).unwrap();
    let server = Server::builder(way.installed())
        .enabled_plugin(switch.path(), &json!({}))
        .enabled_plugin(plugin_folder(PLUGIN).unwrap(), &json!({}))
        .start()
        .unwrap();

    configure(&server, &json!({ "path": "test.switch" }));
    assert_eq!(until("the outcome", || value(&server, "test.put")), "done");
    assert_eq!(value(&server, "test.switched"), Some(json!(42)));

    for (path, problem) in [
        ("test.stuck", "the request to change test.stuck was refused: it is stuck"),
        (
            "test.none",
            "the request to change test.none was refused: PUT not supported for test.none",
        ),
    ] {
        configure(&server, &json!({ "path": path }));
        until(problem, || is_told(&server, problem));
    }
}

fn a_server_with_security_is_asked_with_the_owners_leave(way: Way) {
    let mut server = Server::builder(way.installed())
        .enabled_plugin(plugin_folder(PLUGIN).unwrap(), &json!({}))
        .start()
        .unwrap();
    tell_about_the_vessel(server.config_folder());
    server.secure().unwrap();

    configure(&server, &json!({}));
    let problem = "the server's security is on, and no token was given";
    until(problem, || is_told(&server, problem));

    configure(&server, &json!({ "asksForAccess": true }));
    let request = until("a request for access", || {
        let (_, requests) = server.rest().get("/skServer/security/access/requests").unwrap();
        requests.get(0).cloned()
    });
    assert_eq!(request["accessDescription"], "Test of access");
    assert_eq!(value(&server, "test.known"), None);
    let approved = format!(
        "/skServer/security/access/requests/{}/approved",
        request["accessIdentifier"].as_str().unwrap()
    );
    let permissions = json!({ "permissions": "readwrite", "expiration": "1y" });
    let answer = server.rest().ask("PUT", &approved, Some(&permissions)).unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    let known = until("what the server knows", || value(&server, "test.known"));
    assert_eq!((&known["name"], &known["beam"]), (&json!("Maia"), &json!(3.4)));
    assert_eq!(saved_token(server.config_folder()).matches('.').count(), 2, "no JSON web token");
}

fn saved_token(folder: &Path) -> String {
    let file = folder.join(format!("plugin-config-data/{PLUGIN}.json"));
    let document: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    document["configuration"]["token"].as_str().unwrap_or_default().to_owned()
}

/// Saves what is configured beside the server's address.
fn configure(server: &Server, more: &Value) {
    let mut config = json!({ "server": server.rest().base() });
    config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    server.rest().save_config(PLUGIN, &config).unwrap();
}

fn value(server: &Server, path: &str) -> Option<Value> {
    Some(server.rest().own(path).unwrap()?["value"].clone())
}

/// Tells whether the plugin's line on the dashboard says something.
fn is_told(server: &Server, text: &str) -> Option<()> {
    let plugin = server.rest().plugin(PLUGIN).unwrap();
    plugin["statusMessage"].as_str().is_some_and(|line| line.contains(text)).then_some(())
}

fn until<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "{what} did not come");
        std::thread::sleep(Duration::from_millis(100));
    }
}
