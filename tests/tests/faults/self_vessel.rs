//! Learning which vessel is the own one, where another plugin holds deltas back.

use std::path::Path;

use serde_json::json;
use signalk_plugin_tests::Server;
use signalk_plugin_tests::env::plugin_folder;
use signalk_plugin_tests::{Way, cases};

use super::PLUGIN;

cases! {
    [server]
    an_answer_that_comes_late_is_known
}

fn an_answer_that_comes_late_is_known(way: Way) {
    let holds_back = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/holds-back");
    let server = Server::builder(way.installed())
        .enabled_plugin(holds_back, &json!({}))
        .enabled_plugin(plugin_folder(PLUGIN).unwrap(), &json!({}))
        .start()
        .unwrap();
    let stream = server.stream().unwrap();
    let mut client = server.client().unwrap();
    let theirs = json!({
        "context": "vessels.urn:mrn:imo:mmsi:244999999",
        "updates": [{ "$source": "ais", "values": [{
            "path": "notifications.theirs",
            "value": { "state": "alert", "method": [], "message": "theirs" },
        }] }],
    });
    // It is asked once a second, and after two questions in a way that can be known late.
    let told = (0..20).any(|at| {
        client.send(&theirs).unwrap();
        client.tell("gps", &[("test.odd", json!(at))]).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(500));
        server.rest().own("test.oddSeen").unwrap().is_some()
    });
    assert!(told, "{:?}\n{}", stream.since(0), server.log());
    let seen = server.rest().own("test.oddSeen").unwrap().unwrap();
    assert_eq!(seen["value"][3], true, "{seen}");
}
