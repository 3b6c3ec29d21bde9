//! The recorded track is what the demo and the tests take it for.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what it expects by unwrapping it"
)]

use std::path::Path;
use std::time::Duration;

use signalk_plugin_tests::{ANCHOR_DROPPED_AT, Fix, Track};

fn track() -> Track {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tracks/dragging-anchor.nmea");
    Track::load(&file).unwrap()
}

/// Metres from the anchor, by the haversine formula, which is right to 0.5 %.
fn distance(fix: &Fix) -> f64 {
    let (anchor_latitude, anchor_longitude) =
        (ANCHOR_DROPPED_AT.0.to_radians(), ANCHOR_DROPPED_AT.1.to_radians());
    let (latitude, longitude) = (fix.latitude.to_radians(), fix.longitude.to_radians());
    let half_chord = ((latitude - anchor_latitude) / 2.0).sin().powi(2)
        + anchor_latitude.cos()
            * latitude.cos()
            * ((longitude - anchor_longitude) / 2.0).sin().powi(2);
    2.0 * 6_371_008.8 * half_chord.sqrt().asin()
}

#[test]
fn there_is_a_fix_every_second_for_eleven_minutes() {
    let track = track();
    assert_eq!(track.fixes().len(), 660);
    for (second, fix) in (0..).zip(track.fixes()) {
        assert_eq!(fix.at, Duration::from_secs(second));
        assert_eq!(fix.sentences.len(), 2, "RMC and GGA");
    }
}

#[test]
fn the_boat_swings_for_six_minutes_and_then_drags_beyond_100_m() {
    let track = track();
    let (swings, drags) = track.fixes().split_at(360);
    for fix in swings {
        assert!((25.0..36.0).contains(&distance(fix)), "{} m at {:?}", distance(fix), fix.at);
    }
    assert!(distance(&drags[0]) < 36.0);
    assert!(distance(&drags[drags.len() - 1]) > 100.0);
}

#[test]
fn a_sentence_with_a_wrong_checksum_is_refused_by_its_line() {
    let error = Track::parse("$GPGGA,021000.00,5010.0,N,00502.3,W,1,09,0.9,2.0,M,52.0,M,,*00")
        .unwrap_err()
        .to_string();
    assert!(error.contains("line 1"), "{error}");
}
