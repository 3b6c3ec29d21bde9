//! Position, time, heading, speed, rudder and autopilot.

use super::fields::{
    datetime, direction, kilometres_per_hour, knots, nautical_miles, number, position, signed,
    turned,
};
use super::{Problem, Reading, Value, none_of};
use crate::sentence::Sentence;

type Readings = Result<Vec<Reading>, Problem>;

const POSITION: &str = "navigation.position";
const SPEED_OVER_GROUND: &str = "navigation.speedOverGround";
const COURSE_TRUE: &str = "navigation.courseOverGroundTrue";
const HEADING_TRUE: &str = "navigation.headingTrue";
const HEADING_MAGNETIC: &str = "navigation.headingMagnetic";
const VARIATION: &str = "navigation.magneticVariation";
const DATETIME: &str = "navigation.datetime";

/// The least that a receiver tells: position, speed, course, date and time.
pub(super) fn rmc(sentence: &Sentence<'_>) -> Readings {
    let date = sentence.field(9);
    // The century is left out.
    let part = |range| date.get(range).unwrap_or_default();
    let year = if date.is_empty() { String::new() } else { ["20", part(4..6)].concat() };
    let time = datetime(sentence.field(1), part(0..2), part(2..4), &year)?;
    let variation = signed(sentence, 10, 0.0..=180.0)?;
    let readings = vec![
        (POSITION, position(sentence, 3)?.map(Value::Position)),
        super::number(SPEED_OVER_GROUND, knots(sentence, 7)?),
        super::number(COURSE_TRUE, direction(sentence, 8)?),
        super::number(VARIATION, variation.map(f64::to_radians)),
        (DATETIME, time.map(Value::Text)),
    ];
    Ok(if sentence.field(2) == "V" { none_of(readings) } else { readings })
}

/// Position, and how good it is.
pub(super) fn gga(sentence: &Sentence<'_>) -> Readings {
    let quality = sentence.field(6);
    let readings = vec![
        (POSITION, position(sentence, 2)?.map(Value::Position)),
        super::number("navigation.gnss.satellites", number(sentence, 7, 0.0..=99.0)?),
        super::number("navigation.gnss.horizontalDilution", number(sentence, 8, 0.0..=99.0)?),
        super::number("navigation.gnss.antennaAltitude", number(sentence, 9, -500.0..=9_000.0)?),
        super::number("navigation.gnss.geoidalSeparation", number(sentence, 11, -200.0..=200.0)?),
    ];
    let mut readings = if matches!(quality, "" | "0") { none_of(readings) } else { readings };
    let method = method_quality(quality).map(|method| Value::Text(method.to_owned()));
    readings.push(("navigation.gnss.methodQuality", method));
    Ok(readings)
}

/// The words of the Signal K schema for the quality of a fix.
fn method_quality(digit: &str) -> Option<&'static str> {
    match digit {
        "0" => Some("no GPS"),
        "1" => Some("GNSS Fix"),
        "2" => Some("DGNSS fix"),
        "3" => Some("Precise GNSS"),
        "4" => Some("RTK fixed integer"),
        "5" => Some("RTK float"),
        "6" => Some("Estimated (DR) mode"),
        "7" => Some("Manual input"),
        "8" => Some("Simulator mode"),
        _ => None,
    }
}

/// Position alone.
pub(super) fn gll(sentence: &Sentence<'_>) -> Readings {
    let readings = vec![(POSITION, position(sentence, 1)?.map(Value::Position))];
    Ok(if sentence.field(6) == "V" { none_of(readings) } else { readings })
}

/// Course and speed over ground.
pub(super) fn vtg(sentence: &Sentence<'_>) -> Readings {
    let speed = knots(sentence, 5)?.or(kilometres_per_hour(sentence, 7)?);
    let readings = vec![
        super::number(COURSE_TRUE, direction(sentence, 1)?),
        super::number("navigation.courseOverGroundMagnetic", direction(sentence, 3)?),
        super::number(SPEED_OVER_GROUND, speed),
    ];
    Ok(if sentence.field(9) == "N" { none_of(readings) } else { readings })
}

/// The compass, with its deviation and the variation of the place.
pub(super) fn hdg(sentence: &Sentence<'_>) -> Readings {
    let compass = direction(sentence, 1)?;
    let deviation = signed(sentence, 2, 0.0..=180.0)?.map(f64::to_radians);
    let variation = signed(sentence, 4, 0.0..=180.0)?.map(f64::to_radians);
    let corrected = compass.map(|compass| turned(compass + deviation.unwrap_or_default()));
    let mut readings =
        vec![super::number(HEADING_MAGNETIC, corrected), super::number(VARIATION, variation)];
    // A compass that does not know its deviation is taken for right.
    if deviation.is_some() {
        readings.push(super::number("navigation.headingCompass", compass));
        readings.push(super::number("navigation.magneticDeviation", deviation));
    }
    Ok(readings)
}

/// Magnetic heading.
pub(super) fn hdm(sentence: &Sentence<'_>) -> Readings {
    Ok(vec![super::number(HEADING_MAGNETIC, direction(sentence, 1)?)])
}

/// True heading.
pub(super) fn hdt(sentence: &Sentence<'_>) -> Readings {
    Ok(vec![super::number(HEADING_TRUE, direction(sentence, 1)?)])
}

/// Heading, and speed through the water.
pub(super) fn vhw(sentence: &Sentence<'_>) -> Readings {
    let speed = knots(sentence, 5)?.or(kilometres_per_hour(sentence, 7)?);
    Ok(vec![
        super::number(HEADING_TRUE, direction(sentence, 1)?),
        super::number(HEADING_MAGNETIC, direction(sentence, 3)?),
        super::number("navigation.speedThroughWater", speed),
    ])
}

/// Distance through the water: in all, and since the log was reset.
pub(super) fn vlw(sentence: &Sentence<'_>) -> Readings {
    Ok(vec![
        super::number("navigation.log", nautical_miles(sentence, 1)?),
        super::number("navigation.trip.log", nautical_miles(sentence, 3)?),
    ])
}

/// Rate of turn in degrees a minute; to port is negative.
pub(super) fn rot(sentence: &Sentence<'_>) -> Readings {
    let degrees_per_minute = number(sentence, 1, -10_000.0..=10_000.0)?;
    let rate = degrees_per_minute.map(|rate| rate.to_radians() / 60.0);
    let is_void = sentence.field(2) == "V";
    Ok(vec![super::number("navigation.rateOfTurn", rate.filter(|_| !is_void))])
}

/// Rudder angle, of the only rudder or of the starboard one; to port is negative.
pub(super) fn rsa(sentence: &Sentence<'_>) -> Readings {
    let degrees = number(sentence, 1, -90.0..=90.0)?;
    let is_void = sentence.field(2) == "V";
    let radians = degrees.filter(|_| !is_void).map(f64::to_radians);
    Ok(vec![super::number("steering.rudderAngle", radians)])
}

/// Date and time.
pub(super) fn zda(sentence: &Sentence<'_>) -> Readings {
    let field = |at| sentence.field(at);
    let time = datetime(field(1), field(2), field(3), field(4))?;
    Ok(vec![(DATETIME, time.map(Value::Text))])
}

/// Data for an autopilot: the way off the track, bearings, and the heading to steer.
pub(super) fn apb(sentence: &Sentence<'_>) -> Readings {
    let is_void = sentence.field(1) == "V" || sentence.field(2) == "V";
    // The letter is where to steer, which is away from the side that the boat is on.
    let to_the_right = signed(sentence, 3, 0.0..=1_000.0)?;
    let miles = matches!(sentence.field(5), "" | "N");
    let metres = if miles { 1852.0 } else { 1000.0 };
    let mut readings = vec![super::number(
        "navigation.courseRhumbline.crossTrackError",
        to_the_right.map(|distance| -distance * metres),
    )];
    for (at, if_true, if_magnetic) in [
        (
            8,
            "navigation.courseRhumbline.bearingTrackTrue",
            "navigation.courseRhumbline.bearingTrackMagnetic",
        ),
        (
            11,
            "navigation.courseRhumbline.nextPoint.bearingTrue",
            "navigation.courseRhumbline.nextPoint.bearingMagnetic",
        ),
        (13, "steering.autopilot.target.headingTrue", "steering.autopilot.target.headingMagnetic"),
    ] {
        let bearing = direction(sentence, at)?;
        match sentence.field(at + 1) {
            "T" => readings.push(super::number(if_true, bearing)),
            "M" => readings.push(super::number(if_magnetic, bearing)),
            _ => {}
        }
    }
    Ok(if is_void { none_of(readings) } else { readings })
}
