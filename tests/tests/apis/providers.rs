//! Providers of resources, weather and radar, and what the server lets a plugin be.

use super::*;

cases! {
    on_server, [server]
    resources_are_served_where_the_server_serves_its_own
    a_kind_of_resources_of_its_own_is_served_too
    weather_is_served
    a_radar_is_served
    capabilities_are_known
}

fn resources_are_served_where_the_server_serves_its_own(boat: &mut Boat<'_>) {
    let waypoints = "/signalk/v2/api/resources/waypoints";
    let id = "ad825f6c-1ae9-4f76-abc4-df2866b14b78";
    let waypoint = json!({
        "name": "Buoy",
        "timestamp": "1999-01-01T00:00:00.000Z",
        "feature": {
            "type": "Feature",
            "geometry": { "type": "Point", "coordinates": [5.25, 52.5] },
            "properties": { "colour": { "top": "red" } },
            "id": "f1",
        },
    });
    let before = boat.stream().position();
    let put = format!("{waypoints}/{id}?provider={PLUGIN}");
    assert_eq!(boat.ask("PUT", &put, Some(&waypoint)).status, 200);
    boat.wait_for(before, "test.kept", |value| *value == id);
    let (status, kept) = boat.get(&format!("{waypoints}/{id}"));
    assert_eq!((status, &kept["name"]), (200, &json!("Buoy")), "{kept}");
    assert_eq!(kept["feature"], waypoint["feature"], "nothing is lost");
    assert_eq!(kept["$source"], PLUGIN);
    let changed = kept["timestamp"].as_str().unwrap_or_default();
    assert!(changed > "2000", "the time of the change: {kept}");
    let (_, list) = boat.get(waypoints);
    assert_eq!(list[id]["feature"]["geometry"]["coordinates"], json!([5.25, 52.5]), "{list}");
    let (status, name) = boat.get(&format!("{waypoints}/{id}/name"));
    assert_eq!((status, &name["value"]), (200, &json!("Buoy")), "{name}");
    let (_, colour) = boat.get(&format!("{waypoints}/{id}/feature/properties/colour/top"));
    assert_eq!(colour["value"], "red", "{colour}");
    let before = boat.stream().position();
    assert_eq!(boat.ask("DELETE", &format!("{waypoints}/{id}"), None).status, 200);
    boat.wait_for(before, "test.deleted", |value| *value == id);
    let (status, gone) = boat.get(&format!("{waypoints}/{id}"));
    // 2.23 answers that it found an empty object.
    let expected = if boat.is_2_32 { (404, true) } else { (200, true) };
    assert_eq!((status, gone["name"].is_null()), expected, "{gone}");
    let (_, list) = boat.get(&format!("{waypoints}?provider={PLUGIN}"));
    assert_eq!(list, json!({}));
}

fn a_kind_of_resources_of_its_own_is_served_too(boat: &mut Boat<'_>) {
    let things = "/signalk/v2/api/resources/things";
    let before = boat.stream().position();
    let thing = json!({ "name": "Bell", "size": 2.5 });
    assert_eq!(boat.ask("PUT", &format!("{things}/bell"), Some(&thing)).status, 200);
    boat.wait_for(before, "test.kept", |value| *value == "bell");
    let (_, list) = boat.get(things);
    assert_eq!(list["bell"]["size"], 2.5, "{list}");
    let (_, size) = boat.get(&format!("{things}/bell/size"));
    assert_eq!(size["value"], 2.5, "{size}");
    // The server says 200 whatever the plugin says; the owner sees why it is not there.
    let before = boat.stream().position();
    let refused = boat.ask("PUT", &format!("{things}/refused?provider={PLUGIN}"), Some(&thing));
    assert_eq!(refused.status, 200);
    boat.wait_for_line(before, true, "storing a resource: things/refused: refused is not taken");
    let (_, list) = boat.get(things);
    assert!(list["refused"].is_null(), "{list}");
    let wrong =
        boat.ask("PUT", &format!("{things}/wrong?provider={PLUGIN}"), Some(&json!({ "name": 1 })));
    assert_eq!(wrong.status, 200);
    boat.wait_for_line(before, true, "name: found 1, expected a text");
    let before = boat.stream().position();
    assert_eq!(boat.ask("PUT", &format!("{things}/bell"), Some(&thing)).status, 200);
    boat.wait_for_line(before, false, "radius");
}

fn weather_is_served(boat: &mut Boat<'_>) {
    let base = "/signalk/v2/api/weather";
    let (_, providers) = boat.get(&format!("{base}/_providers"));
    assert_eq!(providers[PLUGIN]["name"], "Surface", "{providers}");
    let (status, seen) = boat.get(&format!("{base}/observations?lat=10.5&lon=20"));
    assert_eq!(status, 200, "{seen}");
    assert_eq!(seen[0]["outside"]["temperature"], 290.5, "{seen}");
    assert_eq!(seen[0]["type"], "observation");
    for (kind, kelvin) in [("daily", 270.25), ("point", 290.25)] {
        let url = format!("{base}/forecasts/{kind}?lat=10&lon=20&count=2");
        let (status, forecast) = boat.get(&url);
        assert_eq!(status, 200, "{forecast}");
        assert_eq!(forecast.as_array().unwrap().len(), 2, "{forecast}");
        assert_eq!(forecast[1]["outside"]["temperature"], kelvin);
        assert_eq!(forecast[1]["type"], kind);
    }
    let (status, warnings) = boat.get(&format!("{base}/warnings?lat=10&lon=20"));
    assert_eq!((status, &warnings[0]["details"]), (200, &json!("Gale")), "{warnings}");
    let before = boat.stream().position();
    let (_, failed) = boat.get(&format!("{base}/observations?lat=90&lon=0"));
    assert!(failed.to_string().contains("there is no weather at the pole"), "{failed}");
    boat.wait_for_line(before, true, "weather observations: there is no weather at the pole");
    let before = boat.stream().position();
    boat.get(&format!("{base}/observations?lat=10&lon=20"));
    boat.wait_for_line(before, false, "radius");
}

fn a_radar_is_served(boat: &mut Boat<'_>) {
    let base = "/signalk/v2/api/vessels/self/radars";
    let (status, list) = boat.get(base);
    assert_eq!(status, 200, "{list}");
    assert!(list.to_string().contains("Dome"), "{list}");
    let (_, known) = boat.get(&format!("{base}/dome/capabilities"));
    assert_eq!(known["maxRange"], 1_852, "{known}");
    let before = boat.stream().position();
    let gain = json!({ "auto": false, "value": 50.5 });
    let set = match boat.is_2_32 {
        true => {
            boat.ask("PUT", &format!("{base}/dome/controls/gain"), Some(&json!({ "value": gain })))
        }
        false => boat.ask("PUT", &format!("{base}/dome/gain"), Some(&gain)),
    };
    assert_eq!(set.status, 200, "{}", set.body);
    boat.wait_for(before, "test.radar.gain", |value| *value == gain);
    let (status, state) = boat.get(&format!("{base}/dome/state"));
    assert_eq!((status, &state["controls"]["gain"]), (200, &gain), "{state}");
    let target = json!({ "bearing": 1.5, "distance": 900.5 });
    let acquired = boat.ask("POST", &format!("{base}/dome/targets"), Some(&target));
    assert!(acquired.status < 300 && acquired.body.contains('7'), "{}", acquired.body);
    boat.wait_for(before, "test.radar.target", |value| *value == json!([1.5, 900.5]));
    let cancelled = boat.ask("DELETE", &format!("{base}/dome/targets/7"), None);
    assert!(cancelled.status < 300, "{}", cancelled.body);
    boat.wait_for(before, "test.radar.cancelled", |value| *value == 7);
    let arpa = json!({ "enabled": true });
    let changed = boat.ask("PUT", &format!("{base}/dome/arpa/settings"), Some(&arpa));
    assert!(changed.status < 300, "{}", changed.body);
    boat.wait_for(before, "test.radar.arpa", |value| value["enabled"] == true);
    assert_eq!(boat.get(&format!("{base}/other/state")).0, 404);
}

fn capabilities_are_known(boat: &mut Boat<'_>) {
    let (_, known) = boat.get(&format!("/plugins/{PLUGIN}/api/capabilities"));
    assert_eq!(known, json!([true, false]));
}
