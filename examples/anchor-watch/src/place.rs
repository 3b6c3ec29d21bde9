//! Geometry around the anchor, where the earth is flat.

use signalk_plugin_sdk::Position;

/// A step (degrees) by which metres are turned into degrees.
const STEP: f64 = 0.001;

/// The direction from one place to another: radians from true north, clockwise, 0 to 2π.
pub(crate) fn bearing(from: Position, to: Position) -> f64 {
    let corner = Position::new(to.latitude, from.longitude);
    let across = to.longitude - from.longitude;
    let across = across - 360.0 * (across / 360.0).round();
    let north = from.distance_to(corner).copysign(to.latitude - from.latitude);
    let east = corner.distance_to(to).copysign(across);
    east.atan2(north).rem_euclid(std::f64::consts::TAU)
}

/// The place so many metres from another, in a direction as [`bearing`] has it.
pub(crate) fn ahead(from: Position, direction: f64, metres: f64) -> Position {
    let step_north = from.distance_to(Position::new(from.latitude + STEP, from.longitude));
    let step_east = from.distance_to(Position::new(from.latitude, from.longitude + STEP));
    let (east, north) = direction.sin_cos();
    let latitude = from.latitude + north * metres / step_north * STEP;
    let longitude = from.longitude + east * metres / step_east * STEP;
    let place = Position::new(latitude, longitude - 360.0 * (longitude / 360.0).round());
    // At a pole there is no east.
    if place.is_valid() { place } else { from }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::{FRAC_PI_2, PI};

    #[test]
    fn at_a_pole_nothing_is_ahead() {
        let pole = Position::new(90.0, 10.0);
        assert_eq!(ahead(pole, 1.0, 15.0), pole);
    }

    #[test]
    fn there_and_back_is_the_same_way() {
        for here in
            [Position::new(54.5, 10.2), Position::new(-17.0, 179.9999), Position::new(0.0, -180.0)]
        {
            for direction in [0.0, 0.5, FRAC_PI_2, 2.0, PI, 4.0, 6.2] {
                let there = ahead(here, direction, 15.0);
                assert!((here.distance_to(there) - 15.0).abs() < 0.01, "{here:?} {direction}");
                assert!(there.is_valid(), "{there:?}");
                let found = bearing(here, there);
                assert!((found - direction).abs() < 0.01, "{here:?}: {found} is not {direction}");
            }
        }
    }
}
