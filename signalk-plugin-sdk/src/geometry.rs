//! Bearings, offsets and moves over the WGS 84 ellipsoid.
//!
//! All of it goes through coordinates from the centre of the earth, which know neither a date line nor
//! poles: a place is a vector there, and its east, north and up are three vectors at right angles.

use std::f64::consts::TAU;

use crate::types::{ECCENTRICITY_SQUARED, EQUATOR_M, Position};

/// A vector from the centre of the earth: towards 0° N 0° E, 0° N 90° E and the north pole.
type Vector = [f64; 3];

pub(crate) fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// The sum of two vectors, each times a factor.
fn sum(a: f64, one: Vector, b: f64, other: Vector) -> Vector {
    [a * one[0] + b * other[0], a * one[1] + b * other[1], a * one[2] + b * other[2]]
}

/// A place on the ellipsoid, with the plane that touches it there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plane {
    place: Vector,
    east: Vector,
    north: Vector,
    up: Vector,
    /// The radii of curvature along the parallel and along the meridian, in metres
    /// (<https://en.wikipedia.org/wiki/Earth_radius#Radii_of_curvature>).
    across: f64,
    along: f64,
}

impl Plane {
    pub(crate) fn at(position: Position) -> Self {
        let (sine, cosine) = position.latitude.to_radians().sin_cos();
        let (sine_east, cosine_east) = position.longitude.to_radians().sin_cos();
        let w = 1.0 / (1.0 - ECCENTRICITY_SQUARED * sine * sine);
        let across = EQUATOR_M * w.sqrt();
        let up = [cosine * cosine_east, cosine * sine_east, sine];
        Self {
            place: [across * up[0], across * up[1], across * (1.0 - ECCENTRICITY_SQUARED) * up[2]],
            east: [-sine_east, cosine_east, 0.0],
            north: [-sine * cosine_east, -sine * sine_east, cosine],
            up,
            across,
            along: across * w * (1.0 - ECCENTRICITY_SQUARED),
        }
    }

    /// The vector of length 1 that points to a bearing, in radians.
    pub(crate) fn towards(&self, bearing: f64) -> Vector {
        let (sine, cosine) = bearing.sin_cos();
        sum(sine, self.east, cosine, self.north)
    }

    /// The parts of a vector that point east and north here.
    pub(crate) fn east_and_north(&self, vector: Vector) -> [f64; 2] {
        [dot(vector, self.east), dot(vector, self.north)]
    }

    /// The radius of curvature, in metres, towards a bearing with this sine and cosine (Euler's theorem).
    fn radius(&self, sine: f64, cosine: f64) -> f64 {
        1.0 / (cosine * cosine / self.along + sine * sine / self.across)
    }

    /// The way to a place, in metres to the east and to the north of here: of the length of the way over
    /// the ellipsoid, and with the bearing at which it begins.
    pub(crate) fn offset_to(&self, other: &Self) -> [f64; 2] {
        let chord = sum(1.0, other.place, -1.0, self.place);
        let [east, north] = self.east_and_north(chord);
        let flat = east.hypot(north);
        if flat == 0.0 {
            // Here, or at the other end of the earth, where every bearing leads.
            let is_here = dot(chord, chord) < EQUATOR_M;
            return [0.0, if is_here { 0.0 } else { EQUATOR_M * TAU / 2.0 }];
        }
        let (sine, cosine) = (east / flat, north / flat);
        let radius = self.radius(sine, cosine);
        // As on the sphere with that radius; a chord of the ellipsoid can be a little longer than any of its.
        let half = (dot(chord, chord).sqrt() / (2.0 * radius)).min(1.0);
        let arc = 2.0 * radius * half.asin();
        [arc * sine, arc * cosine]
    }

    /// The place at a distance in metres towards a bearing.
    fn moved(&self, bearing: f64, metres: f64) -> Vector {
        let (sine, cosine) = bearing.sin_cos();
        let radius = self.radius(sine, cosine);
        let (far, deep) = (metres / radius).sin_cos();
        let level = sum(1.0, self.place, radius * far, self.towards(bearing));
        sum(1.0, level, radius * (deep - 1.0), self.up)
    }
}

/// The coordinates of a vector, whatever its height: by Bowring's formula (*Transformation from spatial to
/// geographical coordinates*, Survey Review 23, 1976).
fn position_of([x, y, z]: Vector) -> Position {
    let polar = (1.0 - ECCENTRICITY_SQUARED).sqrt();
    let from_axis = x.hypot(y);
    let (sine, cosine) = z.atan2(polar * from_axis).sin_cos();
    let other_eccentricity = ECCENTRICITY_SQUARED / (1.0 - ECCENTRICITY_SQUARED);
    let up = z + other_eccentricity * polar * EQUATOR_M * sine.powi(3);
    let out = from_axis - ECCENTRICITY_SQUARED * EQUATOR_M * cosine.powi(3);
    Position::new(up.atan2(out).to_degrees(), y.atan2(x).to_degrees())
}

/// Bearings, offsets and moves, the short way round the date line and as good at a pole. A course is in radians
/// from true north, as everywhere in Signal K.
///
/// Up to 100 km they are right to 2 cm and 0.000001 rad, up to 1,000 km to 15 m and 0.0001 rad.
/// Coordinates that are no numbers give results that are none. All of it takes the sine and its
/// like into the .wasm, about 9 kB.
impl Position {
    /// The bearing at which the shortest way to another place begins, in radians from true north, 0 to 2π; 0
    /// for the same place.
    ///
    /// ```
    /// use signalk_plugin_sdk::Position;
    ///
    /// let lighthouse = Position::new(54.5, 10.2);
    /// let bearing = Position::new(54.4, 10.2).bearing_to(lighthouse);
    /// assert_eq!(bearing.to_degrees().round(), 0.0);
    /// ```
    #[must_use]
    pub fn bearing_to(self, other: Self) -> f64 {
        let (east, north) = self.offset_to(other);
        // Of what is a hair left of north it is 2π, rounded.
        let bearing = east.atan2(north).rem_euclid(TAU);
        if bearing >= TAU { 0.0 } else { bearing }
    }

    /// The way to another place, in metres to the east and to the north. The length of the two
    /// together is the distance.
    ///
    /// ```
    /// use signalk_plugin_sdk::Position;
    ///
    /// let (east, north) = Position::new(0.0, 179.999).offset_to(Position::new(0.001, -179.999));
    /// assert_eq!((east.round(), north.round()), (223.0, 111.0)); // m
    /// ```
    #[must_use]
    pub fn offset_to(self, other: Self) -> (f64, f64) {
        let [east, north] = Plane::at(self).offset_to(&Plane::at(other));
        (east, north)
    }

    /// The place at so many metres towards a bearing, in radians from true north, at sea level.
    ///
    /// ```
    /// use std::f64::consts::FRAC_PI_2;
    /// use signalk_plugin_sdk::Position;
    ///
    /// let place = Position::new(0.0, 179.999).moved(FRAC_PI_2, 222.6); // to the east
    /// assert_eq!((place.longitude * 1000.0).round(), -179_999.0);
    /// ```
    #[must_use]
    pub fn moved(self, bearing: f64, metres: f64) -> Self {
        position_of(Plane::at(self).moved(bearing, metres))
    }
}

#[cfg(test)]
mod tests {
    use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic};

    use super::*;

    const LATITUDES: [f64; 9] = [-90.0, -89.999, -60.0, -33.3, 0.0, 10.0, 54.5, 80.0, 90.0];
    const LONGITUDES: [f64; 5] = [-180.0, -10.0, 0.0, 90.0, 179.9999];

    /// Calls with every place, bearing in degrees and exact place at that distance.
    fn everywhere(metres: f64, check: impl Fn(Position, f64, Position)) {
        let earth = Geodesic::wgs84();
        for latitude in LATITUDES {
            for longitude in LONGITUDES {
                for bearing in (0..360).step_by(15) {
                    let bearing = f64::from(bearing);
                    let (to_latitude, to_longitude) =
                        earth.direct(latitude, longitude, bearing, metres);
                    check(
                        Position::new(latitude, longitude),
                        bearing,
                        Position::new(to_latitude, to_longitude),
                    );
                }
            }
        }
    }

    fn exact_distance(one: Position, other: Position) -> f64 {
        Geodesic::wgs84().inverse(one.latitude, one.longitude, other.latitude, other.longitude)
    }

    /// The largest errors: of the distance and of the place in metres, of the bearing in radians.
    fn errors(metres: f64) -> (f64, f64, f64) {
        let worst = std::cell::Cell::new((0.0_f64, 0.0_f64, 0.0_f64));
        everywhere(metres, |from, degrees, to| {
            let (east, north) = from.offset_to(to);
            let distance = (east.hypot(north) - metres).abs();
            let turn = (from.bearing_to(to) - degrees.to_radians()).sin().abs();
            let place = exact_distance(from.moved(degrees.to_radians(), metres), to);
            let (a, b, c) = worst.get();
            worst.set((a.max(distance), b.max(place), c.max(turn)));
        });
        worst.get()
    }

    #[test]
    fn everything_is_as_the_exact_geodesic_has_it_at_the_date_line_and_the_poles_too() {
        for (metres, most_metres, most_radians) in [
            (1.0, 1e-6, 1e-6),
            (1_000.0, 1e-5, 1e-6),
            (20_000.0, 1e-3, 1e-6),
            (100_000.0, 0.02, 1e-6),
            (1_000_000.0, 15.0, 1e-4),
        ] {
            let (distance, place, turn) = errors(metres);
            assert!(distance < most_metres, "{metres} m: the distance is {distance} m off");
            assert!(place < most_metres, "{metres} m: the place is {place} m off");
            assert!(turn < most_radians, "{metres} m: the bearing is {turn} rad off");
        }
    }

    #[test]
    fn it_is_the_distance_of_places_near_by() {
        everywhere(1_000.0, |from, _, to| {
            if from.latitude.abs() < 80.5 {
                let (east, north) = from.offset_to(to);
                assert!((east.hypot(north) - from.distance_to(to)).abs() < 0.01, "{from:?} {to:?}");
            }
        });
    }

    #[test]
    fn the_same_place_is_no_way_and_no_bearing() {
        for latitude in LATITUDES {
            let here = Position::new(latitude, 180.0);
            let there = Position::new(latitude, -180.0);
            let (east, north) = here.offset_to(there);
            assert!(east.hypot(north) < 1e-6, "{east} {north}");
            assert_eq!(here.offset_to(here), (0.0, 0.0));
            assert_eq!(here.bearing_to(here), 0.0);
            assert!(exact_distance(here.moved(1.0, 0.0), here) < 1e-6);
        }
    }

    #[test]
    fn the_other_end_of_the_earth_is_half_of_its_girth_away() {
        let (east, north) = Position::new(0.0, 0.0).offset_to(Position::new(0.0, 180.0));
        assert!((east.hypot(north) - 20_003_931.0).abs() < 40_000.0, "{east} {north}");
        let (east, north) = Position::new(90.0, 0.0).offset_to(Position::new(-90.0, 0.0));
        assert!(east.hypot(north) > 1e7);
    }

    #[test]
    fn bearings_are_from_0_to_2_pi_and_what_is_no_number_gives_none() {
        everywhere(5_000.0, |from, _, to| {
            let bearing = from.bearing_to(to);
            assert!((0.0..TAU).contains(&bearing), "{bearing}");
        });
        let nowhere = Position::new(f64::NAN, 0.0);
        assert!(nowhere.bearing_to(Position::new(0.0, 0.0)).is_nan());
        assert!(!Position::new(0.0, 0.0).moved(f64::INFINITY, 1.0).is_valid());
        assert!(!Position::new(0.0, 0.0).moved(0.0, f64::NAN).is_valid());
    }
}
