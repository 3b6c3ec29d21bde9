//! Writes `tracks/dragging-anchor.nmea`: what a GPS says of a boat at anchor that starts to drag.
//!
//! ```sh
//! cargo run -p signalk-plugin-tests --example dragging_anchor > tests/tracks/dragging-anchor.nmea
//! ```
//!
//! The place is the anchorage of St Just Pool in the Carrick Roads, Cornwall. For six minutes the
//! boat swings on 26 to 34 m of chain; then the anchor breaks out and comes along downwind for three
//! minutes, until it bites again, 81 m from where it lay.

use std::f64::consts::TAU;

use signalk_plugin_tests::ANCHOR_DROPPED_AT;

/// Metres in a degree of latitude and of longitude on the WGS 84 ellipsoid at 50.17° N.
const METRES_PER_LATITUDE: f64 = 111_232.0;
const METRES_PER_LONGITUDE: f64 = 71_453.0;

const SECONDS: u32 = 660;
const DRAGS_FROM: f64 = 360.0;
const DRAGS_UNTIL: f64 = 540.0;
const DRAG_METRES_PER_SECOND: f64 = 0.45;

/// The wind is from the south-west.
const DOWNWIND_RADIANS: f64 = TAU / 8.0;

const KNOTS_PER_METRE_PER_SECOND: f64 = 3600.0 / 1852.0;

fn main() {
    for second in 0..SECONDS {
        let time = format!("02{:02}{:02}.00", 10 + second / 60, second % 60);
        let position = position(f64::from(second));
        let (speed_knots, course_degrees) = motion(f64::from(second));
        println!(
            "{}",
            sentence(&format!(
                "GPRMC,{time},A,{position},{speed_knots:.1},{course_degrees:05.1},040726,,,A"
            ))
        );
        println!("{}", sentence(&format!("GPGGA,{time},{position},1,09,0.9,2.0,M,52.0,M,,")));
    }
}

/// Metres east and north of where the anchor was dropped.
fn offset_metres(seconds: f64) -> (f64, f64) {
    let dragged = (seconds.clamp(DRAGS_FROM, DRAGS_UNTIL) - DRAGS_FROM) * DRAG_METRES_PER_SECOND;
    let chain = 30.0 + 4.0 * (TAU * seconds / 97.0).sin();
    let bearing = DOWNWIND_RADIANS + 0.6 * (TAU * seconds / 240.0).sin();
    let (sin_wind, cos_wind) = DOWNWIND_RADIANS.sin_cos();
    let (sin, cos) = bearing.sin_cos();
    (dragged * sin_wind + chain * sin, dragged * cos_wind + chain * cos)
}

fn position(seconds: f64) -> String {
    let (east, north) = offset_metres(seconds);
    let latitude = ANCHOR_DROPPED_AT.0 + north / METRES_PER_LATITUDE;
    let longitude = ANCHOR_DROPPED_AT.1 + east / METRES_PER_LONGITUDE;
    format!(
        "{},{},{},{}",
        degrees_and_minutes(latitude, 2),
        if latitude < 0.0 { 'S' } else { 'N' },
        degrees_and_minutes(longitude, 3),
        if longitude < 0.0 { 'W' } else { 'E' },
    )
}

/// `dddmm.mmmmm`, with so many digits of degrees.
fn degrees_and_minutes(degrees: f64, digits: usize) -> String {
    let whole = degrees.abs().trunc();
    let minutes = (degrees.abs() - whole) * 60.0;
    format!("{whole:0digits$.0}{minutes:08.5}")
}

/// Speed and course over ground, over the second around this one.
fn motion(seconds: f64) -> (f64, f64) {
    let (east_before, north_before) = offset_metres(seconds - 0.5);
    let (east, north) = offset_metres(seconds + 0.5);
    let (east, north) = (east - east_before, north - north_before);
    let course = east.atan2(north).rem_euclid(TAU).to_degrees();
    (east.hypot(north) * KNOTS_PER_METRE_PER_SECOND, course)
}

/// Puts the frame around a sentence: `$`, and the exclusive or of all its bytes.
fn sentence(body: &str) -> String {
    let checksum = body.bytes().fold(0, |sum, byte| sum ^ byte);
    format!("${body}*{checksum:02X}")
}
