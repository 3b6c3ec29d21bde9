//! Values that many paths share.

use serde::de::{Deserializer, Error as _, Unexpected};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::json::{self, Parser};

/// The ellipsoid of WGS 84: its radius at the equator, in metres, and the square of its eccentricity.
pub(crate) const EQUATOR_M: f64 = 6_378_137.0;
pub(crate) const ECCENTRICITY_SQUARED: f64 = 0.006_694_379_990_141;

/// The cosine of a latitude in degrees, to eleven digits. The standard library's copes with angles of
/// any size, in six kilobytes.
pub(crate) fn cos_of_latitude(degrees: f64) -> f64 {
    let square = degrees.to_radians() * degrees.to_radians();
    let (mut sum, mut term) = (1.0, 1.0);
    for divisor in [2.0, 12.0, 30.0, 56.0, 90.0, 132.0, 182.0, 240.0] {
        term *= -square / divisor;
        sum += term;
    }
    sum
}

/// A place on earth (WGS 84), the value of `navigation.position`.
///
/// One that is read, as a value, from a request or from the configuration, is a place: coordinates that
/// are outside of their ranges are an error. A receiver without a fix sends coordinates that are null; for
/// an `Option<Position>` that is `None`, and so is a value with a coordinate outside of its range, and a
/// handler that takes a `Position` is not called with the former and fails with the latter.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Position {
    /// Latitude (degrees, north positive)
    #[schemars(range(min = -90.0, max = 90.0))]
    #[serde(deserialize_with = "latitude")]
    pub latitude: f64,
    /// Longitude (degrees, east positive)
    #[schemars(range(min = -180.0, max = 180.0))]
    #[serde(deserialize_with = "longitude")]
    pub longitude: f64,
    /// Altitude (m)
    ///
    /// Above sea level; most sources leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub altitude: Option<f64>,
}

const LATITUDES: &str = "-90 to 90 degrees";
const LONGITUDES: &str = "-180 to 180 degrees";

fn latitude<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    degrees(deserializer, 90.0, LATITUDES)
}

fn longitude<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    degrees(deserializer, 180.0, LONGITUDES)
}

fn degrees<'de, D: Deserializer<'de>>(
    deserializer: D,
    most: f64,
    expected: &str,
) -> Result<f64, D::Error> {
    let degrees = f64::deserialize(deserializer)?;
    match (-most..=most).contains(&degrees) {
        true => Ok(degrees),
        false => Err(D::Error::invalid_value(Unexpected::Float(degrees), &expected)),
    }
}

/// Something that a value that is no [`Position`] may be instead.
#[derive(Debug, PartialEq)]
pub(crate) enum NoPlace {
    /// A coordinate is null, or a text such as `NaN`: there is no fix.
    Unknown,
    /// A coordinate is outside of its range.
    Nowhere,
}

/// Tells whether a value has the shape of a position, and is none.
pub(crate) fn no_place(value: &str) -> Option<NoPlace> {
    if !value.starts_with('{') {
        return None;
    }
    coordinates(value).unwrap_or_default()
}

fn coordinates(value: &str) -> Result<Option<NoPlace>, json::Error> {
    let mut found = None;
    let mut parser = Parser::new(value);
    parser.enter_object()?;
    while let Some(key) = parser.next_key()? {
        let most = match &*key {
            "latitude" => 90,
            "longitude" => 180,
            _ => {
                parser.pass()?;
                continue;
            }
        };
        let value = parser.pass()?;
        if is_small(value, most) {
            continue;
        }
        match json::number(value) {
            Some(degrees) if degrees.abs() <= f64::from(most) => {}
            Some(_) => found = found.or(Some(NoPlace::Nowhere)),
            None if value == "null" || value.starts_with('"') => found = Some(NoPlace::Unknown),
            None => {}
        }
    }
    Ok(found)
}

/// Tells whether a number is nearer to 0 than `most` as its digits before the point say: nearly always, and with
/// half of the work that reading it is. One with an exponent is not looked at.
fn is_small(number: &str, most: u32) -> bool {
    let mut bytes = number.strip_prefix('-').unwrap_or(number).bytes();
    let mut whole = 0;
    for byte in &mut bytes {
        match byte {
            b'0'..=b'9' => whole = whole * 10 + u32::from(byte - b'0'),
            b'.' => break,
            _ => return false,
        }
        if whole >= most {
            return false;
        }
    }
    bytes.all(|byte| byte.is_ascii_digit())
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
    /// nothing: [`offset_to`](Self::offset_to) is for that, and takes more of the .wasm. Where a coordinate is no number or larger than any place has it, the distance is
    /// infinite, so that no comparison takes it for near.
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
        let east = other.longitude - self.longitude;
        let east = east - 360.0 * (east / 360.0).round();
        // The radii of curvature of the ellipsoid at that latitude, along the parallel and along
        // the meridian (https://en.wikipedia.org/wiki/Earth_radius#Radii_of_curvature).
        let cosine = cos_of_latitude(middle);
        let w = 1.0 / (1.0 - ECCENTRICITY_SQUARED * (1.0 - cosine * cosine));
        let across = EQUATOR_M * w.sqrt();
        let along = across * w * (1.0 - ECCENTRICITY_SQUARED);
        let x = east.to_radians() * across * cosine;
        let y = (other.latitude - self.latitude).to_radians() * along;
        let distance = (x * x + y * y).sqrt();
        if distance.is_nan() { f64::INFINITY } else { distance }
    }

    /// Whether both coordinates are numbers within their ranges.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.wrong().is_none()
    }

    /// The position, where it is one: what comes from an instrument or a request may say anything.
    ///
    /// # Errors
    /// The coordinate that is outside of its range, or no number.
    pub fn check(self) -> Result<Self> {
        match self.wrong() {
            None => Ok(self),
            Some((name, found, expected)) => {
                let found = json::to_string(&found)?;
                Err(Error::msg([name, ": found ", &*found, ", expected ", expected].concat()))
            }
        }
    }

    fn wrong(&self) -> Option<(&'static str, f64, &'static str)> {
        let coordinates = [
            ("latitude", self.latitude, 90.0, LATITUDES),
            ("longitude", self.longitude, 180.0, LONGITUDES),
        ];
        let mut coordinates = coordinates.into_iter();
        let (name, found, _, expected) =
            coordinates.find(|(_, found, most, _)| !(-most..=*most).contains(found))?;
        Some((name, found, expected))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_is_none_is_named_with_what_was_expected() {
        let error = |latitude, longitude| {
            let position = Position::new(latitude, longitude);
            assert!(!position.is_valid());
            position.check().unwrap_err().to_string()
        };
        assert_eq!(error(91.0, 181.0), "latitude: found 91.0, expected -90 to 90 degrees");
        assert_eq!(error(0.0, -180.5), "longitude: found -180.5, expected -180 to 180 degrees");
        assert!(error(f64::NAN, 0.0).starts_with("latitude: found null"));
        for edge in [Position::new(90.0, -180.0), Position::new(-90.0, 180.0)] {
            assert_eq!(edge.check().unwrap(), edge);
        }
    }

    #[test]
    fn what_is_read_is_a_place() {
        let read = |text: &str| json::from_str::<Position>(text).map_err(|error| error.to_string());
        assert_eq!(read(r#"{"latitude":90,"longitude":-180}"#), Ok(Position::new(90.0, -180.0)));
        for (text, error) in [
            (
                r#"{"latitude":90.1,"longitude":0}"#,
                "latitude: found 90.1, expected -90 to 90 degrees",
            ),
            (
                r#"{"latitude":0,"longitude":1e308}"#,
                "longitude: found 1e308, expected -180 to 180 degrees",
            ),
            (r#"{"latitude":null,"longitude":0}"#, "latitude: found nothing, expected a number"),
        ] {
            assert_eq!(read(text), Err(error.to_owned()), "{text}");
        }
        for (text, expected) in [
            (r#"{"latitude":null,"longitude":null}"#, Some(NoPlace::Unknown)),
            (r#"{"latitude":91,"longitude":null}"#, Some(NoPlace::Unknown)),
            (r#"{"latitude":"NaN","longitude":5}"#, Some(NoPlace::Unknown)),
            (r#"{"latitude":91,"longitude":5}"#, Some(NoPlace::Nowhere)),
            (r#"{"latitude":1,"longitude":5}"#, None),
            (r#"{"latitude":90.01,"longitude":5}"#, Some(NoPlace::Nowhere)),
            (r#"{"latitude":-90.01,"longitude":5}"#, Some(NoPlace::Nowhere)),
            (r#"{"latitude":9.1e1,"longitude":5}"#, Some(NoPlace::Nowhere)),
            (r#"{"latitude":910e-1,"longitude":5}"#, Some(NoPlace::Nowhere)),
            (r#"{"latitude":5,"longitude":99999999999}"#, Some(NoPlace::Nowhere)),
            (r#"{"latitude":90.0,"longitude":-180}"#, None),
            (r#"{"latitude":9e1,"longitude":1.8E2}"#, None),
            (r#"{"latitude":-89.999,"longitude":179.999}"#, None),
            (r#"{"latitude":{},"longitude":5}"#, None),
            (r#"{"latitude":1}"#, None),
            ("null", None),
            ("{", None),
        ] {
            assert_eq!(no_place(text), expected, "{text}");
        }
    }

    #[test]
    fn a_distance_is_never_no_number() {
        let numbers = [0.0, 90.0, 1e308, -1e308, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
        let places = || numbers.iter().flat_map(|a| numbers.map(|b| Position::new(*a, b)));
        for (one, other) in places().flat_map(|one| places().map(move |other| (one, other))) {
            assert!(!one.distance_to(other).is_nan(), "{one:?} {other:?}");
        }
        let nowhere = Position::new(f64::NAN, 0.0);
        assert!(nowhere.distance_to(Position::new(0.0, 0.0)) > 50.0);
    }

    #[test]
    fn the_cosine_of_a_latitude_is_that_of_the_standard_library() {
        for tenth in -900..=900 {
            let degrees = f64::from(tenth) / 10.0;
            let exact = degrees.to_radians().cos();
            assert!((cos_of_latitude(degrees) - exact).abs() < 1e-11, "{degrees}");
        }
    }

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
