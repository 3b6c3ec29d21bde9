//! Starts, stops and what package.json has to grant.

use super::*;

cases! {
    on_boat, [embedded server]
    a_stop_that_panics_is_told_and_the_plugin_runs_again_once_it_is_enabled_anew
}

cases! {
    [server]
    an_old_configuration_is_migrated
    what_was_stored_outlasts_a_form_also_before_the_first_look
    a_start_that_is_told_as_failed_provides_nothing_until_it_succeeds
    a_missing_capability_is_named_on_the_dashboard
}

fn an_old_configuration_is_migrated(way: Way) {
    let mut real = Real::launch_with(PLUGIN, way.installed(), &json!({ "radiusInFeet": 100 }));
    let boat = Boat::of(&mut real, way);
    boat.wait_for_line(0, false, "radius 30.48");
    let saved = boat.saved();
    assert_eq!((&saved["radius"], saved.get("radiusInFeet")), (&json!(30.48), None), "{saved}");
}

fn what_was_stored_outlasts_a_form_also_before_the_first_look(way: Way) {
    let stored = json!({ "revision": 1, "documents": { "note": [1, 2] } });
    let config = json!({ "radius": 51.5, "signalk-plugin-sdk": stored });
    let mut real = Real::launch_with(PLUGIN, way.installed(), &config);
    let boat = Boat::of(&mut real, way);
    boat.wait_for_line(0, false, "radius 51.5");
    let before = boat.stream().position();
    boat.server().rest().save_config(PLUGIN, &json!({ "radius": 52.5 })).unwrap();
    boat.wait_for_line(before, false, "radius 52.5");
    let note = format!("/plugins/{PLUGIN}/api/stored/note");
    assert_eq!(boat.get(&note), (200, json!([1, 2])));
}

fn a_start_that_is_told_as_failed_provides_nothing_until_it_succeeds(way: Way) {
    let strict = "signalk-test-strict";
    let folder = plugin_folder(strict).unwrap();
    let builder = Server::builder(way.installed());
    let server = builder.enabled_plugin(folder, &json!({})).start().unwrap();
    let stream = server.stream().unwrap();
    let is_it = |message: &Value| {
        dashboard_line(message, strict).is_some_and(|line| line.text == "not ready")
    };
    stream.wait_for("why it does not start", PATIENCE, is_it).unwrap();
    let gadgets = "/signalk/v2/api/resources/gadgets";
    let bell = format!("{gadgets}/bell");
    let nobody = || {
        // Where nobody provides them, both servers say so.
        let (status, answer) = server.rest().get(&bell).unwrap();
        assert!(status >= 400, "{way:?} {status} {answer}");
        let (status, answer) = server.rest().get(gadgets).unwrap();
        assert!(status >= 400, "{way:?} {status} {answer}");
    };
    nobody();
    // A save does not start it any more.
    let config = format!("/plugins/{strict}/config");
    let right = json!({ "enabled": true, "configuration": { "ready": true } });
    server.rest().post(&config, &right).unwrap();
    std::thread::sleep(Duration::from_secs(2));
    nobody();
    let off = json!({ "enabled": false, "configuration": {} });
    server.rest().post(&config, &off).unwrap();
    server.rest().save_config(strict, &json!({ "ready": true })).unwrap();
    let (status, answer) = server.rest().get(&bell).unwrap();
    assert_eq!((status, &answer["name"]), (200, &json!("Bell")), "{answer}");
}

fn a_stop_that_panics_is_told_and_the_plugin_runs_again_once_it_is_enabled_anew(
    boat: &mut dyn Crewed,
) {
    boat.configure(&json!({ "label": "panics in stop" }));
    assert!(!boat.configure_in_vain(&json!({ "radius": 60.5 })), "the save is answered with 500");
    until_line(boat, "Crashed: in stop, on purpose (");
    // The server does not start it by a save any more; disabled and enabled, it runs.
    boat.disable();
    boat.configure(&json!({ "radius": 61.5 }));
    until_line(boat, "radius 61.5");
    boat.configure(&json!({ "radius": 62.5, "label": "fails in stop" }));
    until_line(boat, "radius 62.5");
    boat.disable();
    until_line(boat, "in stop, and told");
}

fn a_missing_capability_is_named_on_the_dashboard(way: Way) {
    let providers = ["putHandlers", "resourceProvider", "weatherProvider", "radarProvider"];
    let needs_providers = "test.stored cannot be served: package.json needs \"putHandlers\": true in \
         wasmCapabilities, and \"resourceProvider\": true, and \"weatherProvider\": true, and \
         \"radarProvider\": true";
    let needs_sockets =
        "sockets are not allowed: package.json needs \"rawSockets\": true in wasmCapabilities";
    for (missing, line) in [(&providers[..], needs_providers), (&["rawSockets"], needs_sockets)] {
        let folder = BuiltPlugin::of(PLUGIN).unwrap().without(missing).unwrap().copy().unwrap();
        let builder = Server::builder(way.installed());
        let server = builder.enabled_plugin(folder.path(), &json!({})).start().unwrap();
        let stream = server.stream().unwrap();
        let is_told = |message: &Value| {
            dashboard_line(message, PLUGIN).is_some_and(|it| it.is_error && it.text.contains(line))
        };
        stream.wait_for(line, PATIENCE, is_told).unwrap();
    }
}
