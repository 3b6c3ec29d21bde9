//! Motions of vessels: where one will be, and how close two of them come.
//!
//! ```
//! use signalk_plugin_sdk::Position;
//! use signalk_plugin_sdk::motion::Motion;
//!
//! // We go north at 3 m/s; a ferry a mile to the north-west goes east at 8 m/s.
//! let own = Motion::new(Position::new(54.5, 10.2), 0.0, 3.0);
//! let ferry = Motion::new(own.position.moved(-45_f64.to_radians(), 1852.0), 90_f64.to_radians(), 8.0);
//! let closest = own.closest_approach(&ferry);
//! assert_eq!((closest.distance.round(), closest.time_to.round()), (766.0, 197.0)); // m, s
//! ```

use serde::Serialize;

use crate::geometry::Plane;
use crate::types::Position;

/// A position that changes steadily: what a vessel's instruments, or AIS, tell of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Motion {
    /// The position.
    pub position: Position,
    /// The course over ground, in radians from true north (`navigation.courseOverGroundTrue`). It does not matter
    /// where the speed is 0, and may be NaN then.
    pub course: f64,
    /// The speed over ground, in m/s (`navigation.speedOverGround`).
    pub speed: f64,
}

/// The closest point of approach of two motions. It is written as the value of `navigation.closestApproach` in a
/// target's context: `{"distance":…,"timeTo":…}`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct ClosestApproach {
    /// The smallest distance, in metres (CPA).
    pub distance: f64,
    /// The time until then, in seconds (TCPA); negative where it is past.
    pub time_to: f64,
    /// The present distance, in metres.
    #[serde(skip)]
    pub distance_now: f64,
}

impl ClosestApproach {
    /// The closest that is still to come: of vessels that part, the present distance, now.
    #[must_use]
    pub fn from_now_on(self) -> Self {
        if self.time_to >= 0.0 {
            return self;
        }
        Self { distance: self.distance_now, time_to: 0.0, ..self }
    }
}

impl Motion {
    /// A motion, of a course in radians from true north and a speed in m/s, both over ground.
    #[must_use]
    pub const fn new(position: Position, course: f64, speed: f64) -> Self {
        Self { position, course, speed }
    }

    /// Something that does not move.
    #[must_use]
    pub const fn at_rest(position: Position) -> Self {
        Self::new(position, 0.0, 0.0)
    }

    /// The same motion so many seconds later, or earlier where they are negative: dead reckoning on a great
    /// circle. The course stays the number that it is, which within an hour makes no difference that
    /// matters.
    #[must_use]
    pub fn after(self, seconds: f64) -> Self {
        if self.speed == 0.0 {
            return self;
        }
        Self { position: self.position.moved(self.course, self.speed * seconds), ..self }
    }

    /// The closest that two motions come to each other, if both go on as they do.
    ///
    /// The vessels are taken as points on the plane that touches the earth at this one, with the other's
    /// course turned by the angle between the two norths. Up to 20 nautical miles and 30 m/s, and for
    /// an hour ahead, distance and time are those of the exact ways over the ellipsoid to 1 m plus a
    /// thousandth of the way until then, at the poles too.
    ///
    /// Vessels of one speed and course keep their distance: the closest is now. Where a number is none,
    /// the distance is infinite and the time 0, so that no comparison takes it for near.
    ///
    /// The formula is that of the smallest distance of two moving points: with the relative position *r*
    /// and velocity *v*, the time is −*r*·*v* / *v*·*v*.
    #[must_use]
    pub fn closest_approach(&self, other: &Self) -> ClosestApproach {
        let (here, there) = (Plane::at(self.position), Plane::at(other.position));
        let [x, y] = here.offset_to(&there);
        let [own_east, own_north] = self.velocity(&here, &here);
        let [east, north] = other.velocity(&there, &here);
        let (east, north) = (east - own_east, north - own_north);
        let square = east * east + north * north;
        // Slower than a millimetre a second nothing comes closer.
        let time_to = if square < 1e-6 { 0.0 } else { -(x * east + y * north) / square };
        let distance = (x + east * time_to).hypot(y + north * time_to);
        let distance_now = x.hypot(y);
        if !(distance + time_to + distance_now).is_finite() {
            let distance_now = if distance_now.is_nan() { f64::INFINITY } else { distance_now };
            return ClosestApproach { distance: f64::INFINITY, time_to: 0.0, distance_now };
        }
        ClosestApproach { distance, time_to, distance_now }
    }

    /// The velocity at a place, in m/s to the east and the north of another.
    fn velocity(&self, at: &Plane, seen_from: &Plane) -> [f64; 2] {
        if self.speed == 0.0 {
            return [0.0, 0.0];
        }
        let [east, north] = seen_from.east_and_north(at.towards(self.course));
        // The other's plane is tilted against this one; its speed is not less for that.
        let length = east.hypot(north);
        [self.speed * east / length, self.speed * north / length]
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::{FRAC_PI_2, PI};

    use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic};

    use super::*;

    fn distance(one: Position, other: Position) -> f64 {
        Geodesic::wgs84().inverse(one.latitude, one.longitude, other.latitude, other.longitude)
    }

    fn exactly_after(motion: &Motion, seconds: f64) -> Position {
        let Motion { position, course, speed } = motion;
        let (latitude, longitude) = Geodesic::wgs84().direct(
            position.latitude,
            position.longitude,
            course.to_degrees(),
            speed * seconds,
        );
        Position::new(latitude, longitude)
    }

    fn exact_distance_after(one: &Motion, other: &Motion, seconds: f64) -> f64 {
        distance(exactly_after(one, seconds), exactly_after(other, seconds))
    }

    #[test]
    fn vessels_come_as_close_as_on_the_exact_ways_over_the_ellipsoid() {
        let mut compared = 0;
        for latitude in [-90.0, -70.0, 0.0, 54.5, 85.0, 89.9] {
            for longitude in [-180.0, 10.2, 179.99] {
                let own = Motion::new(Position::new(latitude, longitude), 0.5, 4.0);
                for step in 0..12_u8 {
                    let bearing = f64::from(step) * PI / 6.0;
                    for (miles, aside, speed) in
                        [(1.0, 0.1, 8.0), (6.0, 0.02, 12.0), (20.0, -0.05, 30.0), (20.0, 0.0, 5.0)]
                    {
                        let place = own.position.moved(bearing, miles * 1852.0);
                        // Nearly towards us.
                        let back = place.bearing_to(own.position);
                        let other = Motion::new(place, back + aside, speed);
                        let closest = own.closest_approach(&other);
                        let (distance, time) = (closest.distance, closest.time_to);
                        if !(0.0..3_600.0).contains(&time) {
                            continue;
                        }
                        compared += 1;
                        let most = 1.0 + time * speed.max(4.0) / 1_000.0;
                        let then = exact_distance_after(&own, &other, time);
                        let seconds: Vec<_> = (-60..=60).map(|it| time + f64::from(it)).collect();
                        let exact =
                            seconds.iter().map(|it| exact_distance_after(&own, &other, *it));
                        let exact = exact.fold(f64::INFINITY, f64::min);
                        assert!(
                            (distance - exact).abs() < most && (then - exact).abs() < most,
                            "{own:?} {other:?}: {closest:?}, exactly {exact} m"
                        );
                    }
                }
            }
        }
        assert!(compared > 400, "{compared}");
    }

    #[test]
    fn a_target_that_stands_still_is_passed() {
        let own = Motion::new(Position::new(54.5, 10.2), 0.0, 5.0);
        let aside = own.position.moved(0.0, 1_000.0).moved(FRAC_PI_2, 100.0);
        for course in [f64::NAN, 0.0] {
            let buoy = Motion { course, ..Motion::at_rest(aside) };
            let closest = own.closest_approach(&buoy);
            assert!((closest.distance - 100.0).abs() < 0.1, "{closest:?}");
            assert!((closest.time_to - 200.0).abs() < 0.1, "{closest:?}");
            assert_eq!(buoy.after(600.0).position, aside);
        }
    }

    #[test]
    fn equal_motions_keep_their_distance() {
        let own = Motion::new(Position::new(54.5, 10.2), 1.0, 5.0);
        let other = Motion { position: own.position.moved(2.0, 300.0), ..own };
        let closest = own.closest_approach(&other);
        assert!((closest.distance - 300.0).abs() < 0.1, "{closest:?}");
        let rest = Motion::at_rest(own.position);
        let closest = rest.closest_approach(&Motion::at_rest(other.position));
        assert_eq!((closest.time_to, closest.distance), (0.0, closest.distance_now));
        assert_eq!(rest.closest_approach(&rest).distance, 0.0);
    }

    #[test]
    fn what_is_past_has_a_negative_time_and_from_now_on_it_is_the_present_distance() {
        let own = Motion::new(Position::new(54.5, 10.2), 0.0, 5.0);
        let ahead = own.position.moved(0.0, 1_000.0);
        let away = Motion::new(ahead, 0.0, 8.0);
        let closest = own.closest_approach(&away);
        assert!((closest.time_to + 1_000.0 / 3.0).abs() < 0.1, "{closest:?}");
        assert!(closest.distance < 0.1, "{closest:?}");
        let from_now_on = closest.from_now_on();
        assert_eq!((from_now_on.distance, from_now_on.time_to), (closest.distance_now, 0.0));
        let towards = own.closest_approach(&Motion::new(ahead, PI, 8.0));
        assert_eq!(towards.from_now_on(), towards);
    }

    #[test]
    fn what_is_no_number_is_never_near() {
        let own = Motion::new(Position::new(54.5, 10.2), 0.0, 5.0);
        for wrong in [
            Motion::new(Position::new(f64::NAN, 10.2), 0.0, 5.0),
            Motion::new(own.position, f64::NAN, 5.0),
            Motion::new(own.position, f64::INFINITY, 5.0),
            Motion::new(own.position, 0.0, f64::NAN),
            Motion::new(own.position, 0.0, f64::INFINITY),
        ] {
            for closest in [own.closest_approach(&wrong), wrong.closest_approach(&own)] {
                assert_eq!((closest.distance, closest.time_to), (f64::INFINITY, 0.0), "{wrong:?}");
            }
        }
    }

    #[test]
    fn it_is_written_as_the_specification_has_it() {
        let own = Motion::at_rest(Position::new(54.5, 10.2));
        let text = crate::json::to_string(&own.closest_approach(&own)).unwrap();
        assert_eq!(text, r#"{"distance":0.0,"timeTo":0.0}"#);
    }
}
