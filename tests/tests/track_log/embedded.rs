//! The track log in the embedded host, as either version of the server has it: the parts and the
//! whole of a track that is longer than the server's buffer.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use signalk_plugin_contract::ANSWER_BUFFER;
use signalk_plugin_host::{Host, HttpRequest, Plugin, ServerVersion};
use signalk_plugin_tests::{BuiltPlugin, Way, cases};

cases! {
    [embedded]
    a_long_track_is_read_in_parts_and_whole
    a_save_keeps_the_track_and_a_restart_of_the_server_does_not
}

fn launch(version: ServerVersion) -> Plugin {
    let module = BuiltPlugin::of("signalk-track-log").unwrap().module().unwrap();
    let host = Host::builder().version(version).wall_clock(SystemTime::now()).build();
    host.install_enabled(module, &json!({ "distance": 10 }).to_string()).unwrap()
}

fn place(number: usize) -> (f64, f64) {
    // As many digits as the plugin keeps; 22 m apart.
    ((10_200_001 + number) as f64 / 1e6, (54_500_001 + 200 * number) as f64 / 1e6)
}

/// Positions of these numbers.
fn sail(plugin: &mut Plugin, numbers: std::ops::Range<usize>) {
    for number in numbers {
        let (longitude, latitude) = place(number);
        let position = json!({ "longitude": longitude, "latitude": latitude });
        let values = json!([{ "path": "navigation.position", "value": position }]);
        plugin.deliver_delta(&json!({ "updates": [{ "values": values }] }).to_string()).unwrap();
    }
}

fn get(plugin: &mut Plugin, path: &str) -> (u16, String) {
    let answer = plugin.http(&HttpRequest::new("GET", path)).unwrap();
    (answer.status, String::from_utf8(answer.body).unwrap())
}

/// Longitude and latitude of every point after a number, page by page, and the last number.
fn read(
    plugin: &mut Plugin,
    mut after: u64,
    mut meanwhile: impl FnMut(&mut Plugin),
) -> (Vec<(f64, f64)>, u64) {
    let mut places = Vec::new();
    loop {
        let (status, body) = get(plugin, &format!("/api/track?after={after}"));
        assert_eq!(status, 200, "{body}");
        assert!(body.len() < ANSWER_BUFFER, "{}", body.len());
        let page: Value = serde_json::from_str(&body).unwrap();
        let points = page["points"].as_array().unwrap().iter();
        places.extend(points.map(|it| (it[1].as_f64().unwrap(), it[2].as_f64().unwrap())));
        after = page["next"].as_u64().unwrap();
        if page["more"] == false {
            return (places, after);
        }
        meanwhile(plugin);
    }
}

fn a_long_track_is_read_in_parts_and_whole(way: Way) {
    let mut plugin = launch(way.version());
    assert_eq!(get(&mut plugin, "/api/track.geojson").0, 404);
    sail(&mut plugin, 0..4000);
    let mut sailed = 4000;
    let (places, next) = read(&mut plugin, 0, |plugin| {
        sail(plugin, sailed..sailed + 500);
        sailed += 500;
    });
    assert!(sailed > 4000 && places == (0..sailed).map(place).collect::<Vec<_>>());

    let (status, body) = get(&mut plugin, "/api/track.geojson");
    assert_eq!(status, 200, "{body}");
    assert!(body.len() > 2 * ANSWER_BUFFER, "{}", body.len());
    let whole: Value = serde_json::from_str(&body).unwrap();
    let coordinates = whole["coordinates"].as_array().unwrap().iter();
    let coordinates = coordinates.map(|it| (it[0].as_f64().unwrap(), it[1].as_f64().unwrap()));
    assert_eq!(coordinates.collect::<Vec<_>>(), places);
    assert_eq!(whole["times"].as_array().unwrap().len(), places.len());

    // Only what is new since.
    sail(&mut plugin, sailed..sailed + 1);
    assert_eq!(read(&mut plugin, next, |_| {}).0, [place(sailed)]);
    let (status, body) = get(&mut plugin, "/api/track?most=many");
    assert_eq!(status, 400);
    assert!(body.contains("most"), "{body}");
}

fn a_save_keeps_the_track_and_a_restart_of_the_server_does_not(way: Way) {
    let mut plugin = launch(way.version());
    sail(&mut plugin, 0..3);
    let (_, next) = read(&mut plugin, 0, |_| {});
    plugin.save_config(&json!({ "distance": 15 }).to_string()).unwrap();
    sail(&mut plugin, 3..4);
    let (places, next) = read(&mut plugin, next, |_| {});
    assert_eq!(places, [place(3)]);
    plugin.advance(Duration::from_secs(10)).unwrap();
    assert_eq!(plugin.status().unwrap().message, "4 points");

    let mut plugin = plugin.restart_server().unwrap();
    sail(&mut plugin, 10..12);
    // Numbers of the earlier run are none of this one: all of it, not what comes after.
    assert_eq!(read(&mut plugin, next, |_| {}).0, [place(10), place(11)]);
}
