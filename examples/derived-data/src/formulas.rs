//! The formulas. Angles are in rad, speeds in m/s, temperatures in K.

use std::f64::consts::TAU;

use signalk_plugin_sdk::prelude::Serialize;

use crate::Inputs;

/// What moves more slowly (m/s) stands still, and its direction is noise.
const STILL: f64 = 0.1;

#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub(crate) enum Value {
    Number(f64),
    Current { drift: f64, set_true: Option<f64> },
}

/// The vector from one speed and angle less that of another: its length and its angle, none where
/// it has no length to speak of.
fn difference([speed, angle]: [f64; 2], [less, at]: [f64; 2]) -> (f64, Option<f64>) {
    let along = speed * angle.cos() - less * at.cos();
    let across = speed * angle.sin() - less * at.sin();
    let length = (along * along + across * across).sqrt();
    (length, (length >= STILL).then(|| across.atan2(along)))
}

/// A speed and its angle, which does not matter where nothing moves.
fn vector(speed: Option<f64>, angle: Option<f64>) -> Option<[f64; 2]> {
    let speed = speed?;
    Some([speed, angle.or((speed.abs() < STILL).then_some(0.0))?])
}

/// An angle from 0 to just below a full turn.
fn direction(angle: f64) -> f64 {
    let turned = angle.rem_euclid(TAU);
    // What is a hair below 0 is rounded to the full turn.
    if turned < TAU { turned } else { 0.0 }
}

fn heading(inputs: &mut Inputs) -> Option<f64> {
    let magnetic = inputs.get("navigation.headingMagnetic");
    let variation = inputs.get("navigation.magneticVariation");
    inputs.get("navigation.headingTrue").or_else(|| Some(magnetic? + variation?))
}

/// The wind over the water: the apparent wind less the one that the boat makes by its speed through
/// the water. The wind triangle, of which leeway and heel are left out.
fn true_wind(inputs: &mut Inputs) -> Option<(f64, Option<f64>)> {
    let speed = inputs.get("environment.wind.speedApparent");
    let apparent = vector(speed, inputs.get("environment.wind.angleApparent"))?;
    Some(difference(apparent, [inputs.get("navigation.speedThroughWater")?, 0.0]))
}

pub(crate) fn wind_speed(inputs: &mut Inputs) -> Option<Value> {
    Some(Value::Number(true_wind(inputs)?.0))
}

pub(crate) fn wind_angle(inputs: &mut Inputs) -> Option<Value> {
    true_wind(inputs)?.1.map(Value::Number)
}

pub(crate) fn wind_direction(inputs: &mut Inputs) -> Option<Value> {
    Some(Value::Number(direction(true_wind(inputs)?.1? + heading(inputs)?)))
}

/// The Magnus formula with the constants of Alduchov and Eskridge, "Improved Magnus Form
/// Approximation of Saturation Vapor Pressure", J. Appl. Meteor. 35 (1996), for -40 to 50 °C.
pub(crate) fn dew_point(inputs: &mut Inputs) -> Option<Value> {
    let (a, b) = (17.625, 243.04); // the latter in °C
    let celsius = inputs.get("environment.outside.temperature")? - 273.15;
    let humidity = inputs
        .get("environment.outside.relativeHumidity")
        .or_else(|| inputs.get("environment.outside.humidity"))?; // its older name
    if !(-40.0..=50.0).contains(&celsius) || humidity < 0.01 {
        return None;
    }
    let gamma = humidity.ln() + a * celsius / (b + celsius);
    Some(Value::Number(b * gamma / (a - gamma) + 273.15))
}

/// What the boat does over the ground less what it does through the water. Leeway counts as current.
pub(crate) fn current(inputs: &mut Inputs) -> Option<Value> {
    let speed = inputs.get("navigation.speedOverGround");
    let ground = vector(speed, inputs.get("navigation.courseOverGroundTrue"))?;
    let speed = inputs.get("navigation.speedThroughWater");
    let (drift, set) = difference(ground, vector(speed, heading(inputs))?);
    Some(Value::Current { drift, set_true: set.map(direction) })
}
