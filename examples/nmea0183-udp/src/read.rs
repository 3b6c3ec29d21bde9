//! What sentences say, as paths and values in SI units.

use std::f64::consts::{PI, TAU};

use crate::sentence;

pub(crate) enum Problem {
    /// Not one of the sentences that are read here.
    Unknown,
    /// Damaged on its way, or with a value that cannot be.
    Broken,
}

/// No values, where the instrument says that it has none now.
pub(crate) fn values(line: &[u8]) -> Result<Vec<(&'static str, f64)>, Problem> {
    let fields = sentence::fields(line).ok_or(Problem::Broken)?;
    let text = |at: usize| fields.get(at).copied().unwrap_or_default();
    let number = |at, most| match text(at) {
        "" => Ok(None),
        text => sentence::number(text).filter(|it| *it <= most).map(Some).ok_or(Problem::Broken),
    };
    let depth = |at| Ok(("environment.depth.belowTransducer", number(at, 12_000.0)?));
    let angle = |at| Ok(number(at, 360.0)?.map(|degrees| degrees.to_radians() % TAU));
    // Behind the two letters of who speaks.
    let values = match text(0).get(2..).unwrap_or_default() {
        "DBT" => vec![depth(3)?],
        "DPT" => vec![depth(1)?],
        "HDT" => vec![("navigation.headingTrue", angle(1)?)],
        "HDM" => vec![("navigation.headingMagnetic", angle(1)?)],
        "MWV" if text(5) == "V" => vec![],
        "MWV" => {
            let (angle_path, speed_path) = match text(2) {
                "R" => ("environment.wind.angleApparent", "environment.wind.speedApparent"),
                "T" => ("environment.wind.angleTrueWater", "environment.wind.speedTrue"),
                _ => return Err(Problem::Broken),
            };
            let metres_per_second = match text(4) {
                "M" => 1.0,
                "K" => 1.0 / 3.6,
                "N" => 1852.0 / 3600.0,
                _ => return Err(Problem::Broken),
            };
            // From 0 to 360 degrees there, and negative to port here.
            let angle = angle(1)?.map(|angle| if angle > PI { angle - TAU } else { angle });
            let speed = number(3, 500.0)?.map(|speed| speed * metres_per_second);
            vec![(angle_path, angle), (speed_path, speed)]
        }
        _ => return Err(Problem::Unknown),
    };
    Ok(values.into_iter().filter_map(|(path, value)| Some((path, value?))).collect())
}
