//! Disks that are full, and servers that are killed.

use serde_json::{Value, json};

use super::*;

cases! {
    on_boat, [embedded server]
    a_full_disk_is_told_and_loses_nothing
    a_server_that_is_killed_finds_what_was_stored
}

fn a_full_disk_is_told_and_loses_nothing(boat: &mut dyn Faulty) {
    start_with(boat, 22.5, &json!({}));
    store(boat, "anchor", 1);
    boat.fill_disk(true);
    let large = "x".repeat(500);
    boat.put("test.store", &json!({ "a large one": large, "anchor": 2 }));
    until_line(boat, "its disk may be full or not writable");
    wait_a_little(boat);
    // 2.23 writes in place, and leaves half a file, which is not left like that.
    assert_eq!(stored(boat), json!({ "anchor": 1 }));
    boat.fill_disk(false);
    until(boat, "what was to be stored", |boat| {
        stored(boat) == json!({ "a large one": large, "anchor": 2 })
    });
    until_line(boat, "Started");
}

fn a_server_that_is_killed_finds_what_was_stored(boat: &mut dyn Faulty) {
    store(boat, "anchor", 4);
    boat.kill();
    until_line(boat, "Started");
    store(boat, "later", 5);
    assert_eq!(stored(boat)["anchor"], 4);
}

/// Has a document stored, and looks for it when the plugin says that it is.
fn store(boat: &mut dyn Faulty, name: &str, document: u32) {
    let before = boat.sent("test.stored").len();
    boat.put("test.store", &json!({ name: document }));
    until(boat, "that it is stored", |boat| boat.sent("test.stored").len() > before);
    assert_eq!(stored(boat)[name], json!(document));
}

fn stored(boat: &mut dyn Faulty) -> Value {
    // 2.23 writes in place, so a look may find half of it.
    let file: Value = serde_json::from_str(&boat.file()).unwrap_or_default();
    file["configuration"]["signalk-plugin-sdk"]["documents"].clone()
}
