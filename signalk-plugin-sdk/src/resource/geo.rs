//! The part of GeoJSON (RFC 7946) that resources are made of.

use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::open::open_struct;
use crate::json::{Error, Raw};
use crate::types::Position;

/// What a feature has beside its geometry, by key.
pub type Properties = BTreeMap<String, Raw>;

open_struct! {
    /// A GeoJSON feature: a geometry and what is known about it.
    pub struct Feature<G> {
        constant { "type" = "Feature", }
        required {
            /// Where it is.
            geometry: G = "geometry",
        }
        defaulted {
            /// What is known about it.
            properties: Properties = "properties",
        }
        optional {}
    }
}

impl<G> Feature<G> {
    /// A feature of which nothing but the geometry is known.
    pub fn new(geometry: G) -> Self {
        Self { geometry, properties: Properties::new(), extra: BTreeMap::new() }
    }
}

/// One point. In JSON `{"type":"Point","coordinates":[longitude, latitude]}`.
///
/// An altitude is written as third coordinate; 2.32 refuses that in what clients store, 2.23 takes
/// it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point(pub Position);

/// A line of at least two points. In JSON
/// `{"type":"LineString","coordinates":[[longitude, latitude], …]}`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LineString(pub Vec<Position>);

/// An area. Each polygon is its outer ring and then its holes; a ring's last point is its first
/// one again, so it has at least four.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// One area. In JSON `{"type":"Polygon","coordinates":[[[longitude, latitude], …], …]}`.
    Polygon(Vec<Vec<Position>>),
    /// Several, each as in a polygon.
    MultiPolygon(Vec<Vec<Vec<Position>>>),
}

/// `[longitude, latitude]` or `[longitude, latitude, altitude]`.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Coordinate(f64, f64, #[serde(default, skip_serializing_if = "Option::is_none")] Option<f64>);

impl From<&Position> for Coordinate {
    fn from(position: &Position) -> Self {
        Self(position.longitude, position.latitude, position.altitude)
    }
}

impl From<Coordinate> for Position {
    fn from(Coordinate(longitude, latitude, altitude): Coordinate) -> Self {
        Self { latitude, longitude, altitude }
    }
}

type Line = Vec<Coordinate>;

fn line(positions: &[Position]) -> Line {
    positions.iter().map(Coordinate::from).collect()
}

fn positions(line: Line) -> Vec<Position> {
    line.into_iter().map(Position::from).collect()
}

fn rings(polygon: &[Vec<Position>]) -> Vec<Line> {
    polygon.iter().map(|ring| line(ring)).collect()
}

fn polygon(rings: Vec<Line>) -> Vec<Vec<Position>> {
    rings.into_iter().map(positions).collect()
}

/// A geometry in JSON. The coordinates stay text when it is read, for their shape hangs on the type,
/// which may come behind them.
#[derive(Serialize, Deserialize)]
struct Geometry<C> {
    #[serde(rename = "type")]
    kind: String,
    coordinates: C,
}

fn write<S: Serializer>(
    serializer: S,
    kind: &str,
    coordinates: &impl Serialize,
) -> Result<S::Ok, S::Error> {
    Geometry { kind: kind.to_owned(), coordinates }.serialize(serializer)
}

/// The coordinates, where the geometry is of that kind.
fn of_kind<T: DeserializeOwned>(geometry: &Geometry<Raw>, kind: &str) -> Result<T, Error> {
    if geometry.kind != kind {
        let problem = ["found the geometry ", &geometry.kind, ", expected ", kind].concat();
        return Err(Error::custom(problem));
    }
    geometry.coordinates.deserialize().map_err(|error| Error::custom(in_coordinates(&error)))
}

fn in_coordinates(error: &Error) -> String {
    let dot = if error.path().is_empty() { ": " } else { "" };
    ["coordinates", dot, &error.to_string()].concat()
}

impl Serialize for Point {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write(serializer, "Point", &Coordinate::from(&self.0))
    }
}

impl<'de> Deserialize<'de> for Point {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let geometry = Geometry::deserialize(deserializer)?;
        let point: Coordinate = of_kind(&geometry, "Point").map_err(D::Error::custom)?;
        Ok(Self(point.into()))
    }
}

impl Serialize for LineString {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write(serializer, "LineString", &line(&self.0))
    }
}

impl<'de> Deserialize<'de> for LineString {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let geometry = Geometry::deserialize(deserializer)?;
        let line = of_kind(&geometry, "LineString").map_err(D::Error::custom)?;
        Ok(Self(positions(line)))
    }
}

impl Serialize for Shape {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Polygon(polygon) => write(serializer, "Polygon", &rings(polygon)),
            Self::MultiPolygon(polygons) => {
                let polygons: Vec<_> = polygons.iter().map(|polygon| rings(polygon)).collect();
                write(serializer, "MultiPolygon", &polygons)
            }
        }
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let geometry = Geometry::deserialize(deserializer)?;
        let shape = match geometry.kind.as_str() {
            "MultiPolygon" => of_kind(&geometry, "MultiPolygon").map(|polygons: Vec<Vec<Line>>| {
                Self::MultiPolygon(polygons.into_iter().map(polygon).collect())
            }),
            _ => of_kind(&geometry, "Polygon").map(|rings| Self::Polygon(polygon(rings))),
        };
        shape.map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn geometries_are_read_in_any_order_and_written_as_geojson() {
        let text = r#"{"coordinates":[24.9,60.1,12],"type":"Point"}"#;
        let point: Point = json::from_str(text).unwrap();
        assert_eq!(point.0, Position { altitude: Some(12.0), ..Position::new(60.1, 24.9) });
        let text = r#"{"type":"Point","coordinates":[24.9,60.1]}"#;
        let point: Point = json::from_str(text).unwrap();
        assert_eq!(json::to_string(&point).unwrap(), text);

        let text = r#"{"type":"LineString","coordinates":[[1.5,2.5],[3.5,4.5,-1.5]]}"#;
        let line: LineString = json::from_str(text).unwrap();
        assert_eq!(json::to_string(&line).unwrap(), text);

        for text in [
            r#"{"type":"Polygon","coordinates":[[[1.5,2.5],[3.5,4.5],[5.5,0.5],[1.5,2.5]]]}"#,
            r#"{"type":"MultiPolygon","coordinates":[[[[1.5,2.5],[3.5,4.5],[5.5,0.5],[1.5,2.5]]]]}"#,
        ] {
            let shape: Shape = json::from_str(text).unwrap();
            assert_eq!(json::to_string(&shape).unwrap(), text);
        }
    }

    #[test]
    fn a_wrong_geometry_says_what_is_wrong() {
        for (text, message) in [
            (
                r#"{"type":"LineString","coordinates":[[1,2]]}"#,
                "found the geometry LineString, expected Point",
            ),
            (
                r#"{"type":"Point","coordinates":["1",2]}"#,
                "coordinates[0]: found the text \"1\", expected a number",
            ),
            (r#"{"type":"Point"}"#, "coordinates is missing"),
            (
                r#"{"type":"Point","coordinates":[1,2,3,4]}"#,
                "coordinates: a list of more than 3 elements",
            ),
        ] {
            assert_eq!(json::from_str::<Point>(text).unwrap_err().to_string(), message);
        }
        let text = r#"{"type":"Point","coordinates":[1,2]}"#;
        let error = json::from_str::<Shape>(text).unwrap_err();
        assert_eq!(error.to_string(), "found the geometry Point, expected Polygon");
    }
}
