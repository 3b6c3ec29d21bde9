//! The track log on real Signal K servers: what a client gets of a track that is longer than the
//! server's buffer, in parts and whole, and who gets the package's page.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

mod embedded;

use std::fs;
use std::ops::Range;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use signalk_plugin_contract::ANSWER_BUFFER;
use signalk_plugin_tests::env::{InstalledServer, plugin_folder};
use signalk_plugin_tests::{Server, Socket, Way, cases};

const PATIENCE: Duration = Duration::from_secs(90);
const EXAMPLE: &str = "signalk-track-log";
const API: &str = "/plugins/signalk-track-log/api";
cases! {
    [server]
    a_long_track_is_read_in_parts_and_whole
    the_page_is_served_to_everybody
}

fn launch(installed: InstalledServer) -> Server {
    let folder = plugin_folder(EXAMPLE).unwrap();
    let config = json!({ "distance": 10 });
    Server::builder(installed).enabled_plugin(folder, &config).start().unwrap()
}

fn place(number: usize) -> (f64, f64) {
    // As many digits as the plugin keeps; 22 m apart.
    ((10_200_001 + number) as f64 / 1e6, (54_500_001 + 200 * number) as f64 / 1e6)
}

fn sail(gps: &mut Socket, numbers: Range<usize>) {
    for number in numbers {
        let (longitude, latitude) = place(number);
        let position = json!({ "longitude": longitude, "latitude": latitude });
        gps.tell("test.gps", &[("navigation.position", position)]).unwrap();
    }
}

/// Reads page after page until the point of a number is there, and gives back all places.
fn read(
    server: &Server,
    after: &mut u64,
    last: usize,
    mut between: impl FnMut(),
) -> Vec<(f64, f64)> {
    let mut places = Vec::new();
    let until = Instant::now() + PATIENCE;
    while places.last() != Some(&place(last)) {
        assert!(Instant::now() < until, "{} points came", places.len());
        let answer = server.rest().ask("GET", &format!("{API}/track?after={after}"), None).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert!(answer.body.len() < ANSWER_BUFFER, "{}", answer.body.len());
        let page: Value = serde_json::from_str(&answer.body).unwrap();
        let points = page["points"].as_array().unwrap().iter();
        places.extend(points.map(|it| (it[1].as_f64().unwrap(), it[2].as_f64().unwrap())));
        *after = page["next"].as_u64().unwrap();
        if page["more"] == false {
            std::thread::sleep(Duration::from_millis(50));
        }
        between();
    }
    places
}

fn a_long_track_is_read_in_parts_and_whole(way: Way) {
    let server = launch(way.installed());
    let mut gps = server.client().unwrap();
    sail(&mut gps, 0..4000);
    let (mut after, mut sailed) = (0, 4000);
    // Points come while it is read.
    let places = read(&server, &mut after, 5999, || {
        if sailed < 6000 {
            sail(&mut gps, sailed..sailed + 500);
            sailed += 500;
        }
    });
    assert_eq!(places, (0..6000).map(place).collect::<Vec<_>>());

    let whole = server.rest().ask("GET", &format!("{API}/track.geojson"), None).unwrap();
    assert_eq!(whole.status, 200, "{}", whole.body);
    assert!(whole.media_type.starts_with("application/geo+json"), "{}", whole.media_type);
    assert!(whole.body.len() > 3 * ANSWER_BUFFER, "{}", whole.body.len());
    let whole: Value = serde_json::from_str(&whole.body).unwrap();
    let coordinates = whole["coordinates"].as_array().unwrap().iter();
    let coordinates = coordinates.map(|it| (it[0].as_f64().unwrap(), it[1].as_f64().unwrap()));
    assert_eq!(coordinates.collect::<Vec<_>>(), places);

    // A save of the settings keeps the track and the numbers.
    server.rest().save_config(EXAMPLE, &json!({ "distance": 15 })).unwrap();
    sail(&mut gps, 6000..6002);
    assert_eq!(read(&server, &mut after, 6001, || {}), [place(6000), place(6001)]);
    let all = read(&server, &mut 0, 6001, || {});
    assert_eq!(all, (0..6002).map(place).collect::<Vec<_>>());

    let bad = server.rest().ask("GET", &format!("{API}/track?after=soon"), None).unwrap();
    assert_eq!(bad.status, 400, "{}", bad.body);
    assert!(bad.body.contains("after"), "{}", bad.body);
}

/// The status of a page and its text.
fn get(server: &Server, path: &str) -> (u16, String) {
    let answer = server.rest().ask("GET", path, None).unwrap();
    (answer.status, answer.body)
}

fn the_page_is_served_to_everybody(way: Way) {
    let mut server = launch(way.installed());
    let public = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/track-log/public");
    let into = server.config_folder().join("node_modules").join(EXAMPLE).join("public");
    let large = "chart ".repeat(350_000);
    fs::write(into.join("large.txt"), &large).unwrap();
    let own = fs::read_to_string(public.join("index.html")).unwrap();

    assert_eq!(get(&server, "/signalk-track-log/"), (200, own.clone()));
    assert_eq!(get(&server, "/signalk-track-log/large.txt"), (200, large.clone()));
    // Nothing of the package but that folder.
    assert_eq!(get(&server, "/signalk-track-log/plugin.wasm").0, 404);
    assert_eq!(get(&server, &format!("{API}/track")).0, 200);
    let (_, list) = server.rest().get("/skServer/webapps").unwrap();
    let is_listed = list.as_array().unwrap().iter().any(|it| it["name"] == EXAMPLE);
    assert!(is_listed, "{list}");

    // They are there without the plugin, too, which then has nothing to say.
    let off = json!({ "enabled": false, "configuration": {} });
    let (status, answer) = server.rest().post(&format!("/plugins/{EXAMPLE}/config"), &off).unwrap();
    assert_eq!(status, 200, "{answer}");
    assert_eq!(get(&server, "/signalk-track-log/"), (200, own.clone()));
    assert_eq!(get(&server, &format!("{API}/track")).0, 503);

    // With the server's security on, the page is still there for everybody, and the track is not.
    let settings = server.config_folder().join("settings.json");
    let mut json: Value = serde_json::from_str(&fs::read_to_string(&settings).unwrap()).unwrap();
    json["security"] = json!({ "strategy": "./tokensecurity" });
    fs::write(&settings, json.to_string()).unwrap();
    server.restart().unwrap();
    let admin = json!({ "userId": "captain", "password": "secret", "type": "admin" });
    let (status, answer) = server.rest().post("/skServer/enableSecurity", &admin).unwrap();
    assert_eq!(status, 200, "{answer}");
    server.restart().unwrap();
    assert_eq!(get(&server, "/signalk-track-log/"), (200, own));
    assert_eq!(get(&server, "/signalk-track-log/large.txt"), (200, large));
    assert_eq!(get(&server, &format!("{API}/track")).0, 401);
    assert_eq!(get(&server, &format!("{API}/track.geojson")).0, 401);
}
