//! Depth, wind, water, and what transducers measure.

use super::fields::{Field, angle, direction, number, wind_speed};
use super::{Attitude, Problem, Reading, Value};
use crate::sentence::Sentence;

type Readings = Result<Vec<Reading>, Problem>;

/// No sea is deeper, in m.
const DEEPEST: f64 = 12_000.0;
/// 0 °C, in K.
const FREEZING: f64 = 273.15;

/// Depth below the transducer, in feet, metres and fathoms.
pub(super) fn dbt(sentence: &Sentence<'_>) -> Readings {
    let metres = number(sentence, 3, 0.0..=DEEPEST)?;
    let feet = number(sentence, 1, 0.0..=DEEPEST / 0.3048)?.map(|feet| feet * 0.3048);
    let fathoms = number(sentence, 5, 0.0..=DEEPEST / 1.8288)?.map(|fathoms| fathoms * 1.8288);
    let depth = metres.or(feet).or(fathoms);
    Ok(vec![super::number("environment.depth.belowTransducer", depth)])
}

/// Depth below the transducer, and how far that is above the keel (negative) or below the surface.
pub(super) fn dpt(sentence: &Sentence<'_>) -> Readings {
    let depth = number(sentence, 1, 0.0..=DEEPEST)?;
    let mut readings = vec![super::number("environment.depth.belowTransducer", depth)];
    let offset = number(sentence, 2, -50.0..=50.0)?.unwrap_or_default();
    let total = depth.map(|depth| depth + offset);
    if offset > 0.0 {
        readings.push(super::number("environment.depth.surfaceToTransducer", Some(offset)));
        readings.push(super::number("environment.depth.belowSurface", total));
    }
    if offset < 0.0 {
        readings.push(super::number("environment.depth.transducerToKeel", Some(-offset)));
        readings.push(super::number("environment.depth.belowKeel", total));
    }
    Ok(readings)
}

/// Angle and speed of the wind to the bow: relative, or true to the water.
pub(super) fn mwv(sentence: &Sentence<'_>) -> Readings {
    let (angle_path, speed_path) = match sentence.field(2) {
        "R" => ("environment.wind.angleApparent", "environment.wind.speedApparent"),
        "T" => ("environment.wind.angleTrueWater", "environment.wind.speedTrue"),
        _ => return Err(Problem::Broken),
    };
    if sentence.field(5) == "V" {
        return Ok(vec![(angle_path, None), (speed_path, None)]);
    }
    Ok(vec![
        super::number(angle_path, angle(sentence, 1)?),
        super::number(speed_path, wind_speed(sentence, 3)?),
    ])
}

/// Direction and speed of the wind over ground.
pub(super) fn mwd(sentence: &Sentence<'_>) -> Readings {
    let speed = wind_speed(sentence, 7)?.or(wind_speed(sentence, 5)?);
    Ok(vec![
        super::number("environment.wind.directionTrue", direction(sentence, 1)?),
        super::number("environment.wind.directionMagnetic", direction(sentence, 3)?),
        super::number("environment.wind.speedOverGround", speed),
    ])
}

/// Temperature of the water.
pub(super) fn mtw(sentence: &Sentence<'_>) -> Readings {
    let celsius = number(sentence, 1, -10.0..=60.0)?;
    let kelvin = celsius.map(|celsius| celsius + FREEZING);
    Ok(vec![super::number("environment.water.temperature", kelvin)])
}

/// Any number of measurements, of four fields each: kind, value, unit, name of the transducer. Only
/// those are read whose names are in common use.
pub(super) fn xdr(sentence: &Sentence<'_>) -> Readings {
    let mut readings = Vec::new();
    let mut attitude = None;
    for at in (1..=sentence.len()).step_by(4) {
        let name = sentence.field(at + 3).to_ascii_uppercase();
        match (sentence.field(at), &*name) {
            ("C", "AIRTEMP" | "TEMPAIR" | "ENV_OUTAIR_T" | "AIR") => {
                readings.push(("environment.outside.temperature", celsius(sentence, at)?));
            }
            ("C", "WATERTEMP" | "TEMPWATER" | "ENV_WATER_T" | "WATER") => {
                readings.push(("environment.water.temperature", celsius(sentence, at)?));
            }
            ("P", "BARO" | "BAROMETER" | "ENV_ATMOS_P" | "AIR") => {
                readings.push(("environment.outside.pressure", pressure(sentence, at)?));
            }
            ("H", "AIR" | "HUMIDITY" | "ENV_OUTAIR_H" | "ENV_OUTSIDE_H") => {
                let percent = number(sentence, at + 1, 0.0..=100.0)?;
                let ratio = percent.map(|percent| percent / 100.0);
                readings.push(super::number("environment.outside.relativeHumidity", ratio));
            }
            ("A", "PITCH" | "PTCH") => {
                attitude.get_or_insert_with(Attitude::default).pitch = inclination(sentence, at)?;
            }
            ("A", "ROLL" | "HEEL") => {
                attitude.get_or_insert_with(Attitude::default).roll = inclination(sentence, at)?;
            }
            _ => {}
        }
    }
    if let Some(attitude) = attitude {
        let has_any = attitude.roll.is_some() || attitude.pitch.is_some();
        readings.push(("navigation.attitude", has_any.then_some(Value::Attitude(attitude))));
    }
    if readings.is_empty() {
        return Err(Problem::Unknown);
    }
    Ok(readings)
}

fn celsius(sentence: &Sentence<'_>, at: usize) -> Field<Value> {
    let celsius = number(sentence, at + 1, -80.0..=80.0)?;
    Ok(celsius.map(|celsius| Value::Number(celsius + FREEZING)))
}

fn pressure(sentence: &Sentence<'_>, at: usize) -> Field<Value> {
    let pascals_per_unit = match sentence.field(at + 2) {
        "B" => 100_000.0,
        "P" => 1.0,
        _ => return Err(Problem::Broken),
    };
    let written = number(sentence, at + 1, 0.0..=200_000.0)?;
    let pascals = written.map(|written| written * pascals_per_unit);
    // From the eye of the worst hurricane to the highest that was ever measured, and some more.
    Ok(pascals.filter(|pascals| (80_000.0..=110_000.0).contains(pascals)).map(Value::Number))
}

fn inclination(sentence: &Sentence<'_>, at: usize) -> Field {
    let degrees = number(sentence, at + 1, -180.0..=180.0)?;
    Ok(degrees.map(f64::to_radians))
}
