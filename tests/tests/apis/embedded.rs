//! Everything that the host offers, used by a plugin in the embedded host, as either version of the
//! server has it.

use serde_json::{Value, json};
use signalk_plugin_host::{
    Event, Host, HttpRequest, Plugin, PluginState, SaveRequest, ServerVersion,
};
use signalk_plugin_tests::{BuiltPlugin, Way, cases};

cases! {
    [embedded]
    metadata_and_bytes_go_out
    resources_are_kept_found_and_deleted
    weather_and_a_radar_are_served
    settings_and_documents_are_saved_and_outlast_old_forms_and_power_cuts
    a_newer_build_finds_what_an_older_one_has_stored
    an_old_configuration_is_migrated
    a_missing_capability_is_named_on_the_dashboard
    a_start_that_is_told_as_failed_provides_nothing_until_it_succeeds
    a_torn_file_is_not_written_over
}

const PLUGIN: &str = "signalk-test-surface";

fn launch(version: ServerVersion, config: &Value) -> Plugin {
    launch_without(version, config, &[])
}

fn launch_without(version: ServerVersion, config: &Value, missing: &[&str]) -> Plugin {
    let plugin = BuiltPlugin::of(PLUGIN).unwrap().without(missing).unwrap();
    let module = plugin.module().unwrap();
    let host = Host::builder().version(version).build();
    host.install_enabled(module, &config.to_string()).unwrap()
}

fn tell(plugin: &mut Plugin, path: &str, body: &Value) {
    let request = HttpRequest::post(format!("/api/{path}")).json(body.to_string());
    let answer = plugin.http(&request).unwrap();
    assert_eq!((answer.status, &*answer.text()), (204, ""), "{path} {body}");
}

fn get(plugin: &mut Plugin, path: &str) -> (u16, Value) {
    let answer = plugin.http(&HttpRequest::get(format!("/api/{path}"))).unwrap();
    (answer.status, answer.json().unwrap())
}

fn line(plugin: &Plugin) -> String {
    plugin.status().unwrap().message
}

fn saved(plugin: &Plugin) -> Value {
    let text = plugin.config_store().read(PLUGIN).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["configuration"].clone()
}

fn metadata_and_bytes_go_out(way: Way) {
    let mut plugin = launch(way.version(), &json!({}));
    let metas: Vec<_> = plugin
        .events()
        .into_iter()
        .filter_map(|recorded| match recorded.event {
            Event::Delta { delta, .. } => {
                Some(delta["updates"][0]["meta"][0].clone()).filter(Value::is_object)
            }
            _ => None,
        })
        .collect();
    let zones = metas.iter().find(|meta| meta["path"] == "test.temperature").unwrap();
    assert_eq!(
        zones["value"]["zones"],
        json!([
            { "lower": 280, "upper": 300, "state": "nominal" },
            { "lower": 360, "state": "alarm", "message": "Too hot" },
        ])
    );
    tell(&mut plugin, "stream/spectrum", &json!([0, 127, 128, 255]));
    tell(&mut plugin, "spokes/dome", &json!([1, 2]));
    let pushed: Vec<_> = plugin
        .events()
        .into_iter()
        .filter_map(|recorded| match recorded.event {
            Event::Binary { stream, data } => Some((stream, data)),
            _ => None,
        })
        .collect();
    assert_eq!(
        pushed,
        [
            (format!("plugins/{PLUGIN}/spectrum"), vec![0, 127, 128, 255]),
            ("radars/dome".to_owned(), vec![1, 2]),
        ]
    );
}

fn resources_are_kept_found_and_deleted(way: Way) {
    let mut plugin = launch(way.version(), &json!({}));
    let thing = json!({ "name": "Bell", "size": 2.5 });
    plugin.set_resource("things", "bell", &thing).unwrap();
    assert_eq!(plugin.value("test.kept").unwrap(), "bell");
    let list = plugin.list_resources("things", &json!({})).unwrap();
    assert_eq!(list["bell"]["size"], 2.5);
    let size = plugin.get_resource("things", "bell", Some("size")).unwrap();
    assert_eq!((&size["value"], &size["$source"]), (&json!(2.5), &json!(PLUGIN)));
    // Text that is not JSON is how the server is told that there is none.
    assert!(plugin.get_resource("things", "whistle", None).is_err());
    assert!(plugin.get_resource("waypoints", "bell", None).is_err());
    plugin.set_resource("things", "refused", &thing).unwrap();
    assert_eq!(line(&plugin), "storing a resource: things/refused: refused is not taken");
    plugin.delete_resource("things", "bell").unwrap();
    assert_eq!(plugin.value("test.deleted").unwrap(), "bell");
    assert!(plugin.get_resource("things", "bell", None).is_err());
    plugin.disable().unwrap();
    assert!(plugin.list_resources("things", &json!({})).is_err());
}

fn weather_and_a_radar_are_served(way: Way) {
    let mut plugin = launch(way.version(), &json!({}));
    let here = json!({ "latitude": 10.5, "longitude": 20.0 });
    let seen = plugin.weather_observations(&here, &json!({})).unwrap();
    assert_eq!(seen[0]["outside"]["temperature"], 290.5);
    let most = json!({ "maxCount": 2 });
    let forecast = plugin.weather_forecasts(&here, "point", &most).unwrap();
    assert_eq!((forecast.as_array().unwrap().len(), &forecast[1]["type"]), (2, &json!("point")));
    assert_eq!(plugin.weather_warnings(&here).unwrap()[0]["details"], "Gale");
    let pole = json!({ "latitude": 90.0, "longitude": 0.0 });
    let failed = plugin.weather_observations(&pole, &json!({})).unwrap();
    assert_eq!(failed["message"], "there is no weather at the pole");
    assert_eq!(line(&plugin), "weather observations: there is no weather at the pole");
    plugin.weather_observations(&here, &json!({})).unwrap();
    assert_eq!(line(&plugin), "radius 50");

    let radar = |more: Value| {
        let mut request = json!({ "radarId": "dome" });
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        request
    };
    let nothing = json!({});
    assert_eq!(plugin.radar("radar_get_radars", &nothing).unwrap(), json!(["dome"]));
    let info = plugin.radar("radar_get_radar_info", &radar(nothing.clone())).unwrap();
    assert_eq!((&info["id"], &info["name"]), (&json!("dome"), &json!("Dome")));
    let known = plugin.radar("radar_get_capabilities", &radar(nothing.clone())).unwrap();
    assert_eq!(known["maxRange"], 1_852);
    let level = json!({ "auto": false, "value": 20.5 });
    for (handler, key, value) in [
        ("radar_set_power", "state", json!("transmit")),
        ("radar_set_range", "range", json!(1_852.5)),
        ("radar_set_gain", "gain", level.clone()),
        ("radar_set_sea", "sea", level.clone()),
        ("radar_set_rain", "rain", level.clone()),
        ("radar_set_controls", "controls", json!({ "tune": 3 })),
    ] {
        let done = plugin.radar(handler, &radar(json!({ key: value }))).unwrap();
        assert_eq!(done, json!(true), "{handler}");
    }
    let set = radar(json!({ "controlId": "bang", "value": true }));
    assert_eq!(plugin.radar("radar_set_control", &set).unwrap()["success"], true);
    let refused = radar(json!({ "controlId": "fuel", "value": true }));
    let refused = plugin.radar("radar_set_control", &refused).unwrap();
    assert_eq!(refused["error"], "there is no control fuel");
    let state = plugin.radar("radar_get_state", &radar(nothing.clone())).unwrap();
    let controls = &state["controls"];
    assert_eq!(
        [&controls["range"], &controls["gain"], &controls["tune"], &controls["bang"]],
        [&json!(1_852.5), &level, &json!(3), &json!(true)]
    );
    let tune = radar(json!({ "controlId": "tune" }));
    assert_eq!(plugin.radar("radar_get_control", &tune).unwrap(), 3);
    let target = radar(json!({ "bearing": 1.5, "distance": 900.5 }));
    assert_eq!(plugin.radar("radar_acquire_target", &target).unwrap()["targetId"], 7);
    assert_eq!(plugin.value("test.radar.target").unwrap(), json!([1.5, 900.5]));
    let cancel = radar(json!({ "targetId": 7 }));
    assert_eq!(plugin.radar("radar_cancel_target", &cancel).unwrap(), json!(true));
    let targets = plugin.radar("radar_get_targets", &radar(nothing.clone())).unwrap();
    assert_eq!(targets["targets"], json!([]));
    let change = radar(json!({ "settings": { "enabled": true } }));
    assert_eq!(plugin.radar("radar_set_arpa_settings", &change).unwrap()["success"], true);
    let arpa = plugin.radar("radar_get_arpa_settings", &radar(nothing)).unwrap();
    assert_eq!((&arpa["enabled"], &arpa["maxTargets"]), (&json!(true), &json!(10)));
    // What a client does wrong is its own to know.
    assert_eq!(line(&plugin), "radius 50");
}

fn settings_and_documents_are_saved_and_outlast_old_forms_and_power_cuts(way: Way) {
    let mut plugin = launch(way.version(), &json!({ "label": "kept" }));
    plugin.put("vessels.self", "test.stored", r#"{"note":[1,2]}"#).unwrap();
    let old_form = saved(&plugin);
    tell(&mut plugin, "merge", &json!({ "radius": 65.5 }));
    plugin.put("vessels.self", "test.stored", r#"{"anchor":{"latitude":52.5}}"#).unwrap();
    let now = saved(&plugin);
    assert_eq!((&now["radius"], &now["label"]), (&json!(65.5), &json!("kept")));
    let documents = json!({ "anchor": { "latitude": 52.5 }, "note": [1, 2] });
    assert_eq!(now["signalk-plugin-sdk"]["documents"], documents);
    assert_eq!(get(&mut plugin, "settings").1["radius"], 65.5);

    plugin.save_config(&old_form.to_string()).unwrap();
    // The owner's form wins for the settings, and for nothing else.
    assert_eq!(line(&plugin), "radius 50");
    assert_eq!(saved(&plugin)["signalk-plugin-sdk"]["documents"], documents);
    let off = SaveRequest::new().enabled(false).configuration(old_form.to_string());
    plugin.save(&off).unwrap();
    assert_eq!(saved(&plugin)["signalk-plugin-sdk"]["documents"], documents);
    plugin.enable(&old_form.to_string()).unwrap();
    assert_eq!(saved(&plugin)["signalk-plugin-sdk"]["documents"], documents);
    let mut plugin = plugin.restart_server().unwrap();
    // The first that this instance hears of its documents is a form that leaves them out.
    plugin.save_config(r#"{"radius":52.5}"#).unwrap();
    assert_eq!(get(&mut plugin, "stored/anchor"), (200, json!({ "latitude": 52.5 })));
    let gone = plugin.http(&HttpRequest::delete("/api/stored/anchor")).unwrap();
    assert_eq!(gone.status, 204);
    assert_eq!(get(&mut plugin, "stored/anchor").0, 404);
}

fn a_newer_build_finds_what_an_older_one_has_stored(way: Way) {
    let mut plugin = launch(way.version(), &json!({ "label": "kept" }));
    plugin.put("vessels.self", "test.stored", r#"{"note":[1,2]}"#).unwrap();
    let host = Host::builder().version(way.version()).config_store(plugin.config_store()).build();
    drop(plugin);
    let later = BuiltPlugin::of(PLUGIN).unwrap().later_module().unwrap();
    let mut plugin = host.install(later).unwrap();
    assert_eq!(get(&mut plugin, "stored/note"), (200, json!([1, 2])));
    assert_eq!(get(&mut plugin, "settings").1["label"], "kept");
}

fn an_old_configuration_is_migrated(way: Way) {
    let plugin = launch(way.version(), &json!({ "radiusInFeet": 100 }));
    assert_eq!(line(&plugin), "radius 30.48");
    let saved = saved(&plugin);
    assert_eq!((&saved["radius"], saved.get("radiusInFeet")), (&json!(30.48), None), "{saved}");
}

fn a_missing_capability_is_named_on_the_dashboard(way: Way) {
    let mut plugin = launch(way.version(), &json!({}));
    assert_eq!(get(&mut plugin, "capabilities").1, json!([true, false]));
    for (missing, expected) in [
        ("putHandlers", "test.stored cannot be served: package.json needs \"putHandlers\": true"),
        ("resourceProvider", "things cannot be served: package.json needs \"resourceProvider\""),
        ("weatherProvider", "weather cannot be served: package.json needs \"weatherProvider\""),
        ("radarProvider", "radar cannot be served: package.json needs \"radarProvider\": true"),
        ("rawSockets", "sockets are not allowed: package.json needs \"rawSockets\": true"),
    ] {
        let plugin = launch_without(way.version(), &json!({}), &[missing]);
        assert!(line(&plugin).starts_with(expected), "{missing}: {}", line(&plugin));
    }
}

fn a_start_that_is_told_as_failed_provides_nothing_until_it_succeeds(way: Way) {
    let module = BuiltPlugin::of("signalk-test-strict").unwrap().module().unwrap();
    let mut plugin = Host::builder().version(way.version()).build().install(module).unwrap();
    assert!(plugin.enable("{}").is_err());
    assert_eq!((plugin.state(), &*line(&plugin)), (PluginState::Error, "not ready"));
    assert_eq!(plugin.registrations(), []);
    // A save does not start it any more, as the documentation says.
    let _ = plugin.save_config(r#"{"ready":true}"#);
    assert_eq!(plugin.state(), PluginState::Error);
    plugin.disable().unwrap();
    plugin.enable(r#"{"ready":true}"#).unwrap();
    let list = plugin.list_resources("gadgets", &json!({})).unwrap();
    assert_eq!(list["bell"]["name"], "Bell");
}

fn a_torn_file_is_not_written_over(way: Way) {
    let mut plugin = launch(way.version(), &json!({ "label": "kept" }));
    let store = plugin.config_store();
    let torn = &store.read(PLUGIN).unwrap()[..20];
    store.write(PLUGIN, torn).unwrap();
    let outcome = plugin.put("vessels.self", "test.stored", r#"{"lost":1}"#).unwrap();
    let message = outcome.reply().unwrap().message.clone().unwrap_or_default();
    assert!(message.contains("gone or damaged"), "{message}");
    assert_eq!(store.read(PLUGIN).as_deref(), Some(torn));
}
