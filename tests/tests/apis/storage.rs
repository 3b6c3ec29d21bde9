//! Settings and documents that a plugin saves.

use super::*;

cases! {
    on_server, [server]
    a_put_is_answered_on_the_websocket
    settings_are_saved_and_merged
    what_is_stored_outlasts_old_forms_and_power_cuts
    a_torn_file_is_not_written_over
}

fn a_put_is_answered_on_the_websocket(boat: &mut Boat<'_>) {
    let mut client = boat.server().client().unwrap();
    let done = client.put("test.stored", &json!({ "note": [1, 2] })).unwrap();
    assert_eq!((&done["state"], &done["statusCode"]), (&json!("COMPLETED"), &json!(200)), "{done}");
    let refused = client.put("test.stored", &json!("no map")).unwrap();
    assert_eq!(refused["statusCode"], 400, "{refused}");
    assert!(
        refused["message"].as_str().unwrap().contains("found the text \"no map\""),
        "{refused}"
    );
}

fn settings_are_saved_and_merged(boat: &mut Boat<'_>) {
    let port = boat.saved()["tcpPort"].clone();
    boat.real.put("test.stored", &json!({ "note": [1, 2] }));
    let whole =
        json!({ "tcpHost": "127.0.0.1", "tcpPort": port, "radius": 60.5, "label": "whole" });
    boat.tell("settings", &whole);
    let saved = boat.saved();
    assert_eq!((&saved["radius"], &saved["label"]), (&json!(60.5), &json!("whole")), "{saved}");
    assert_eq!(saved["signalk-plugin-sdk"]["documents"]["note"], json!([1, 2]));
    boat.tell("merge", &json!({ "radius": 65.5, "label": null }));
    let saved = boat.saved();
    assert_eq!((&saved["radius"], saved.get("label")), (&json!(65.5), None), "{saved}");
    let (_, read) = boat.get(&format!("/plugins/{PLUGIN}/api/settings"));
    assert_eq!(
        (&read["tcpPort"], &read["radius"], &read["label"]),
        (&port, &json!(65.5), &json!(""))
    );
    for wrong in [json!([]), json!({ "tcpPort": 65_536 })] {
        let answer = boat.ask("POST", &format!("/plugins/{PLUGIN}/api/merge"), Some(&wrong));
        assert_eq!(answer.status, 500, "{}", answer.body);
    }
    assert_eq!(boat.saved()["tcpPort"], port);
}

fn what_is_stored_outlasts_old_forms_and_power_cuts(boat: &mut Boat<'_>) {
    boat.real.put("test.stored", &json!({ "note": [1, 2] }));
    boat.tell("merge", &json!({ "radius": 65.5 }));
    let old_form = boat.saved();
    let mut client = boat.server().client().unwrap();
    let anchor = json!({ "anchor": { "latitude": 52.5, "longitude": 5.25 } });
    assert_eq!(client.put("test.stored", &anchor).unwrap()["statusCode"], 200);
    assert_eq!(boat.saved()["signalk-plugin-sdk"]["documents"]["anchor"], anchor["anchor"]);

    // A form that was opened before posts what it had, and the plugin starts anew.
    let before = boat.stream().position();
    boat.server().rest().save_config(PLUGIN, &old_form).unwrap();
    boat.wait_for_line(before, false, "radius 65.5");
    assert_eq!(boat.saved()["signalk-plugin-sdk"]["documents"]["anchor"], anchor["anchor"]);
    let stored = format!("/plugins/{PLUGIN}/api/stored/anchor");
    assert_eq!(boat.get(&stored), (200, anchor["anchor"].clone()));

    // Nor does one lose it that disables the plugin, which is not started again before the end.
    let off = json!({ "enabled": false, "configuration": old_form });
    let config = format!("/plugins/{PLUGIN}/config");
    assert_eq!(boat.server().rest().post(&config, &off).unwrap().0, 200);
    assert_eq!(boat.saved()["signalk-plugin-sdk"]["documents"]["anchor"], anchor["anchor"]);
    // The form that enables it again is as old, and no stop comes between the post and the start.
    let before = boat.stream().position();
    boat.server().rest().save_config(PLUGIN, &old_form).unwrap();
    boat.wait_for_line(before, false, "radius 65.5");
    assert_eq!(boat.saved()["signalk-plugin-sdk"]["documents"]["anchor"], anchor["anchor"]);
    boat.server().rest().post(&config, &off).unwrap();
    // A newer build of the plugin finds it too: other bytes, the same package.
    let wasm = boat.server().config_folder().join("node_modules").join(PLUGIN).join("plugin.wasm");
    fs::write(&wasm, later(&fs::read(&wasm).unwrap())).unwrap();
    boat.real.kill();
    boat.start = 0;
    boat.server().rest().save_config(PLUGIN, &boat.saved()).unwrap();
    boat.wait_for_line(boat.start, false, "radius 65.5");
    assert_eq!(boat.get(&stored), (200, anchor["anchor"].clone()));
    assert_eq!(boat.ask("DELETE", &stored, None).status, 204);
    assert_eq!(boat.get(&stored).0, 404);
    let documents = boat.saved()["signalk-plugin-sdk"]["documents"].clone();
    assert_eq!(documents, json!({ "note": [1, 2] }));
}

fn a_torn_file_is_not_written_over(boat: &mut Boat<'_>) {
    let folder = boat.server().config_folder().join("plugin-config-data");
    let file = folder.join(format!("{PLUGIN}.json"));
    let whole = fs::read(&file).unwrap();
    let torn = &whole[..whole.len() / 2];
    fs::write(&file, torn).unwrap();
    let mut client = boat.server().client().unwrap();
    let answer = client.put("test.stored", &json!({ "lost": 1 })).unwrap();
    let message = answer["message"].as_str().unwrap_or_default();
    assert!(message.contains("gone or damaged"), "{answer}");
    assert_eq!(fs::read(&file).unwrap(), torn);
    fs::write(&file, whole).unwrap();
}
