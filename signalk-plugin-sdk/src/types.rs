//! Values that many paths share.

use flat_projection::FlatProjection;
use serde::{Deserialize, Serialize};

/// A place on earth (WGS 84), the value of `navigation.position`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Position {
    /// Latitude (degrees, north positive)
    #[schemars(range(min = -90.0, max = 90.0))]
    pub latitude: f64,
    /// Longitude (degrees, east positive)
    #[schemars(range(min = -180.0, max = 180.0))]
    pub longitude: f64,
    /// Altitude (m)
    ///
    /// Above sea level; most sources leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub altitude: Option<f64>,
}

impl Position {
    /// A position at sea level, from degrees.
    #[must_use]
    pub const fn new(latitude: f64, longitude: f64) -> Self {
        Self { latitude, longitude, altitude: None }
    }

    /// The distance to a place near by, in metres: on a plane that touches the WGS 84 ellipsoid
    /// half-way between the two latitudes, the short way round the date line. Up to 1 km, and up to 80
    /// degrees of latitude, it is right to 1 cm; at 100 km it is metres off, and far away it means
    /// nothing.
    ///
    /// ```
    /// use signalk_plugin_sdk::Position;
    ///
    /// let anchor = Position::new(54.5, 10.2);
    /// let metres = anchor.distance_to(Position::new(54.5003, 10.2));
    /// assert_eq!(metres.round(), 33.0);
    /// ```
    #[must_use]
    pub fn distance_to(self, other: Self) -> f64 {
        let middle = (self.latitude + other.latitude) / 2.0;
        let plane = FlatProjection::new(self.longitude, middle);
        let east = other.longitude - self.longitude;
        let east = east - 360.0 * (east / 360.0).round();
        let from = plane.project(self.longitude, self.latitude);
        from.distance(&plane.project(self.longitude + east, other.latitude)) * 1000.0
    }

    /// Whether both coordinates are numbers within their ranges.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        (-90.0..=90.0).contains(&self.latitude) && (-180.0..=180.0).contains(&self.longitude)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_is_that_of_the_exact_geodesic_to_a_centimetre_for_a_kilometre() {
        use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic};

        let earth = Geodesic::wgs84();
        for latitude in [-80.0, -45.0, 0.0, 10.0, 54.5, 70.0, 80.0] {
            for longitude in [-180.0, -10.0, 0.0, 179.9999] {
                for bearing in (0..360).step_by(15) {
                    for distance in [1.0, 50.0, 1000.0] {
                        let place: (f64, f64) =
                            earth.direct(latitude, longitude, bearing.into(), distance);
                        let exact: f64 = earth.inverse(latitude, longitude, place.0, place.1);
                        let ours = Position::new(latitude, longitude)
                            .distance_to(Position::new(place.0, place.1));
                        assert!(
                            (ours - exact).abs() < 0.01,
                            "{latitude} {longitude} {bearing}: {ours} {exact}"
                        );
                    }
                }
            }
        }
    }
}
