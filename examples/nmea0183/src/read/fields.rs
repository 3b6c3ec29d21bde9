//! Fields of sentences as numbers in SI units. An empty field is no value, and so is a number that
//! cannot be: an echo sounder that has lost the bottom says 42,949,672.9 m.

use std::f64::consts::{PI, TAU};
use std::ops::RangeInclusive;

use signalk_plugin_sdk::prelude::*;

use super::Problem;
use crate::sentence::Sentence;

/// One knot, in m/s.
const KNOT: f64 = NAUTICAL_MILE / 3600.0;
/// In m.
const NAUTICAL_MILE: f64 = 1852.0;

/// The value of a field, if it has one.
pub(super) type Field<T = f64> = Result<Option<T>, Problem>;

/// A number in its own unit, if it is within what can be.
pub(super) fn number(sentence: &Sentence<'_>, at: usize, range: RangeInclusive<f64>) -> Field {
    let text = sentence.field(at);
    if text.is_empty() {
        return Ok(None);
    }
    let value = decimal(text).ok_or(Problem::Broken)?;
    Ok(Some(value).filter(|value| range.contains(value)))
}

/// Digits with a sign and a point at most: the standard library reads `inf` and `1e9`, too.
fn decimal(text: &str) -> Option<f64> {
    let is_plain = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+'));
    if !is_plain || text.len() > 20 {
        return None;
    }
    text.parse().ok()
}

/// A direction in degrees, as rad from 0 to 2π.
pub(super) fn direction(sentence: &Sentence<'_>, at: usize) -> Field {
    let degrees = number(sentence, at, -360.0..=360.0)?;
    Ok(degrees.map(|degrees| turned(degrees.to_radians())))
}

/// An angle to the bow in degrees, as rad from -π to π: port is negative. Some instruments say 0 to
/// 360, some -180 to 180.
pub(super) fn angle(sentence: &Sentence<'_>, at: usize) -> Field {
    let radians = direction(sentence, at)?;
    Ok(radians.map(|radians| if radians > PI { radians - TAU } else { radians }))
}

/// Rad from 0 to 2π.
pub(super) fn turned(radians: f64) -> f64 {
    radians.rem_euclid(TAU) % TAU
}

/// A speed of the boat in knots, as m/s.
pub(super) fn knots(sentence: &Sentence<'_>, at: usize) -> Field {
    let knots = number(sentence, at, 0.0..=200.0)?;
    Ok(knots.map(|knots| knots * KNOT))
}

/// A speed of the boat in km/h, as m/s.
pub(super) fn kilometres_per_hour(sentence: &Sentence<'_>, at: usize) -> Field {
    let speed = number(sentence, at, 0.0..=370.0)?;
    Ok(speed.map(|speed| speed / 3.6))
}

/// A speed of the wind, as m/s, with its unit in the field behind it.
pub(super) fn wind_speed(sentence: &Sentence<'_>, at: usize) -> Field {
    let Some(speed) = number(sentence, at, 0.0..=600.0)? else {
        return Ok(None);
    };
    let metres_per_second = match sentence.field(at + 1) {
        "M" => 1.0,
        "K" => 1.0 / 3.6,
        "N" => KNOT,
        // Miles an hour on land.
        "S" => 0.447_04,
        _ => return Err(Problem::Broken),
    };
    // No wind at sea level was ever faster than 113 m/s.
    Ok(Some(speed * metres_per_second).filter(|speed| *speed <= 150.0))
}

/// A distance in nautical miles, as m.
pub(super) fn nautical_miles(sentence: &Sentence<'_>, at: usize) -> Field {
    let miles = number(sentence, at, 0.0..=10_000_000.0)?;
    Ok(miles.map(|miles| miles * NAUTICAL_MILE))
}

/// A number with its sign in the field behind it, a letter: east, north and starboard are positive.
pub(super) fn signed(sentence: &Sentence<'_>, at: usize, range: RangeInclusive<f64>) -> Field {
    let Some(value) = number(sentence, at, range)? else {
        return Ok(None);
    };
    match sentence.field(at + 1) {
        "E" | "N" | "R" => Ok(Some(value)),
        "W" | "S" | "L" => Ok(Some(-value)),
        _ => Err(Problem::Broken),
    }
}

/// Latitude and longitude in the four fields from there on.
pub(super) fn position(sentence: &Sentence<'_>, at: usize) -> Field<Position> {
    let latitude = coordinate(sentence, at, 90.0)?;
    let longitude = coordinate(sentence, at + 2, 180.0)?;
    let (Some(latitude), Some(longitude)) = (latitude, longitude) else {
        return Ok(None);
    };
    // A receiver that has lost its fix may say just this.
    if latitude == 0.0 && longitude == 0.0 {
        return Ok(None);
    }
    Ok(Some(Position::new(latitude, longitude)))
}

/// Degrees of a coordinate that is written as degrees and minutes: 5430.5 is 54° 30.5′.
fn coordinate(sentence: &Sentence<'_>, at: usize, most: f64) -> Field {
    let Some(written) = signed(sentence, at, 0.0..=18_000.0)? else {
        return Ok(None);
    };
    let degrees = (written / 100.0).trunc();
    let minutes = written - degrees * 100.0;
    if minutes.abs() >= 60.0 {
        return Err(Problem::Broken);
    }
    Ok(Some(degrees + minutes / 60.0).filter(|degrees| degrees.abs() <= most))
}

/// `2026-01-31T12:30:00Z`, of a time `123000.00` and of day, month and year.
pub(super) fn datetime(time: &str, day: &str, month: &str, year: &str) -> Field<String> {
    if [time, day, month, year].iter().any(|part| part.is_empty()) {
        return Ok(None);
    }
    let (whole, fraction) = time.split_once('.').unwrap_or((time, ""));
    let all_digits = [whole, fraction, day, month, year]
        .iter()
        .all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let lengths = [whole.len(), day.len(), month.len(), year.len()];
    if !all_digits || lengths != [6, 2, 2, 4] {
        return Err(Problem::Broken);
    }
    // All of them are digits, so their order is that of numbers.
    let (hour, minute, second) = (&whole[..2], &whole[2..4], &whole[4..]);
    let is_time = hour <= "23" && minute <= "59" && second <= "60";
    let is_day = ("01"..="31").contains(&day) && ("01"..="12").contains(&month);
    if !is_time || !is_day || year < "1980" {
        return Ok(None);
    }
    let date = [year, "-", month, "-", day].concat();
    let point = if fraction.is_empty() { "" } else { "." };
    Ok(Some([&date, "T", hour, ":", minute, ":", second, point, fraction, "Z"].concat()))
}
