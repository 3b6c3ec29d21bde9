//! What the tests of the anchor watch share, whether it runs on a real server or in the embedded host.

use std::path::Path;

use serde_json::{Value, json};
use signalk_plugin_tests::{ANCHOR_DROPPED_AT, Track};

/// The package under test, which is also the plugin's id.
pub(crate) const ANCHOR_WATCH: &str = "signalk-anchor-watch";

/// Where the alarm is raised.
pub(crate) const NOTIFICATION: &str = "notifications.navigation.anchor";

/// How many fixes of the track there are before the anchor drags.
pub(crate) const SWINGS: usize = 360;

/// The longest that a dashboard line may be to be read there, in characters.
const LONGEST_STATUS: usize = 300;

pub(crate) fn track() -> Track {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tracks/dragging-anchor.nmea");
    Track::load(&file).unwrap()
}

/// A configuration with the anchor at a place, in degrees.
pub(crate) fn config(latitude: f64, longitude: f64) -> Value {
    json!({
        "anchor": { "latitude": latitude, "longitude": longitude },
        "maxRadius": 50,
    })
}

/// The anchor where the track has it to begin with.
pub(crate) fn where_it_was_dropped() -> Value {
    let (latitude, longitude) = ANCHOR_DROPPED_AT;
    config(latitude, longitude)
}

/// Settings that a user, another program or a broken disk may leave in the configuration, with the label
/// that the error must name.
pub(crate) fn bad_configurations() -> Vec<(Value, &'static str)> {
    let deep = (0..500).fold(json!(1), |inner, _| json!([inner]));
    vec![
        (json!({ "maxRadius": "far" }), "Alarm radius (m)"),
        (json!({ "anchor": { "latitude": 50.1 } }), "ongitude"),
        (json!({ "anchor": deep }), "Anchor position"),
        (json!({ "maxRadius": "x".repeat(1_000_000) }), "Alarm radius (m)"),
    ]
}

/// A boat owner is no programmer: an error must be short enough to be read on the dashboard, and
/// in words.
pub(crate) fn assert_fit_for_a_boat_owner(error: &str) {
    let length = error.chars().count();
    assert!(length <= LONGEST_STATUS, "{length} characters: {error}");
    let says_what_to_do = error.contains("expected") || error.contains("is missing");
    assert!(says_what_to_do, "it does not say what was expected: {error}");
    for jargon in ["panicked", "unreachable", "src/", "::", "serde", "None", "Some("] {
        assert!(!error.contains(jargon), "`{jargon}` means nothing to a boat owner: {error}");
    }
}
