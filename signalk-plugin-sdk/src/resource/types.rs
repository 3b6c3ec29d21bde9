//! The types of resources that the server itself knows.
//!
//! Their shapes are those of the OpenAPI document by which the server checks what clients store
//! (`dist/api/resources/openApi*` in the npm package `signalk-server`, the same in 2.23.0 and 2.32.0
//! but for what is said below). It does not check what a provider answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::open::open_struct;
use super::{Bounds, Feature, LineString, Point, Resource, Shape};
use crate::error::Result;
use crate::json::Raw;
use crate::types::Position;

open_struct! {
    /// A route: `routes`.
    ///
    /// 2.32 wants at least two points, without altitudes, and no negative distance.
    pub struct Route {
        constant {}
        required {
            /// Its points, and what is known about them; see [`Self::points`] and
            /// [`Self::coordinates_meta`].
            feature: Feature<LineString> = "feature",
        }
        defaulted {}
        optional {
            /// What people call it.
            name: String = "name",
            /// More about it.
            description: String = "description",
            /// From its start to its end, along it (m).
            distance: f64 = "distance",
            /// When it was last changed (ISO 8601, UTC). The SDK sets it when a client stores the
            /// route, and says the time of the request for one that has none.
            timestamp: String = "timestamp",
        }
    }
}

/// What is known about one point of a [`Route`]: `coordinatesMeta` in the properties of its feature.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CoordinateMeta {
    /// What people call it. Each point has a name or a reference; 2.23 refuses both at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A reference to a waypoint: `/resources/waypoints/<UUID>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
}

/// The key of [`CoordinateMeta`].
const COORDINATES_META: &str = "coordinatesMeta";

impl Route {
    /// A route from point to point.
    #[must_use]
    pub fn along(points: Vec<Position>) -> Self {
        Self {
            feature: Feature::new(LineString(points)),
            name: None,
            description: None,
            distance: None,
            timestamp: None,
            extra: BTreeMap::new(),
        }
    }

    /// Its points, from start to end.
    #[must_use]
    pub fn points(&self) -> &[Position] {
        &self.feature.geometry.0
    }

    /// What is known about each of its points; nothing, where nothing is.
    ///
    /// # Errors
    /// When the route's properties have something else in this place.
    pub fn coordinates_meta(&self) -> Result<Vec<CoordinateMeta>> {
        match self.feature.properties.get(COORDINATES_META) {
            Some(details) => Ok(details.deserialize()?),
            None => Ok(Vec::new()),
        }
    }

    /// Says about each of its points what is known: as many as there are points.
    ///
    /// # Errors
    /// Never, for such details can be written as JSON.
    pub fn set_coordinates_meta(&mut self, details: &[CoordinateMeta]) -> Result<()> {
        let details = Raw::from_value(details)?;
        self.feature.properties.insert(COORDINATES_META.to_owned(), details);
        Ok(())
    }
}

open_struct! {
    /// A point worth knowing: `waypoints`.
    pub struct Waypoint {
        constant {}
        required {
            /// Where it is; see [`Self::position`].
            feature: Feature<Point> = "feature",
        }
        defaulted {}
        optional {
            /// What people call it.
            name: String = "name",
            /// More about it.
            description: String = "description",
            /// What it is, in words of your own; `type` in JSON.
            kind: String = "type",
            /// When it was last changed (ISO 8601, UTC); see [`Route::timestamp`].
            timestamp: String = "timestamp",
        }
    }
}

impl Waypoint {
    /// A waypoint of which nothing is known but where it is.
    #[must_use]
    pub fn at(position: Position) -> Self {
        Self {
            feature: Feature::new(Point(position)),
            name: None,
            description: None,
            kind: None,
            timestamp: None,
            extra: BTreeMap::new(),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn position(&self) -> Position {
        self.feature.geometry.0
    }
}

open_struct! {
    /// An area: `regions`.
    ///
    /// 2.32 wants rings of at least four points, without altitudes.
    pub struct Region {
        constant {}
        required {
            /// Its border.
            feature: Feature<Shape> = "feature",
        }
        defaulted {}
        optional {
            /// What people call it.
            name: String = "name",
            /// More about it.
            description: String = "description",
            /// When it was last changed (ISO 8601, UTC); see [`Route::timestamp`].
            timestamp: String = "timestamp",
        }
    }
}

impl Region {
    /// A region without holes. The ring is closed where its last point is not its first one.
    #[must_use]
    pub fn within(mut ring: Vec<Position>) -> Self {
        if let Some(first) = ring.first().copied()
            && ring.last() != Some(&first)
        {
            ring.push(first);
        }
        Self {
            feature: Feature::new(Shape::Polygon(vec![ring])),
            name: None,
            description: None,
            timestamp: None,
            extra: BTreeMap::new(),
        }
    }
}

open_struct! {
    /// A note: `notes`. It is about a position or about another resource; 2.23 wants one of both
    /// given, 2.32 does not.
    #[derive(Default)]
    pub struct Note {
        constant {}
        required {}
        defaulted {}
        optional {
            /// Its title.
            title: String = "title",
            /// Its text.
            description: String = "description",
            /// The position that it is about.
            position: Position = "position",
            /// The resource that it is about: `/resources/<type>/<UUID>`.
            href: String = "href",
            /// The media type of what is at `url`.
            mime_type: String = "mimeType",
            /// Where more is to be found.
            url: String = "url",
            /// Whatever else belongs to it, by key.
            properties: BTreeMap<String, Raw> = "properties",
            /// When it was last changed (ISO 8601, UTC); see [`Route::timestamp`].
            timestamp: String = "timestamp",
        }
    }
}

open_struct! {
    /// A chart: `charts`. Its id has at least eight letters, digits, `_` or `-`; that of a new one
    /// (POST) is its `identifier`, whatever that is.
    ///
    /// The plugin serves the chart's description only. Tiles are fetched by the client from `url`.
    #[derive(Default)]
    pub struct Chart {
        constant {}
        required {
            /// What `url` leads to; `type` in JSON.
            source: ChartSource = "type",
        }
        defaulted {}
        optional {
            /// Its number or id.
            identifier: String = "identifier",
            /// What people call it.
            name: String = "name",
            /// More about it.
            description: String = "description",
            /// Where clients find it. In that of tiles, `{z}`, `{x}` and `{y}` stand for the tile.
            url: String = "url",
            /// The ids of its layers, where the source has several.
            layers: Vec<String> = "layers",
            /// What it covers.
            bounds: Bounds = "bounds",
            /// The format of its tiles.
            format: TileFormat = "format",
            /// The least zoom level of its tiles, from 0 to 30. Without it, clients take 0.
            min_zoom: f64 = "minzoom",
            /// The greatest zoom level of its tiles, from 0 to 30. Without it, clients take 0.
            max_zoom: f64 = "maxzoom",
            /// Its scale: 50,000 for 1:50,000, at least 1. Without it, clients take 250,000.
            scale: f64 = "scale",
            /// When it was last changed (ISO 8601, UTC); see [`Route::timestamp`].
            timestamp: String = "timestamp",
        }
    }
}

/// What the address of a [`Chart`] leads to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ChartSource {
    /// Tiles, by zoom level, column and row.
    #[default]
    #[serde(rename = "tilelayer")]
    Tiles,
    /// A TileJSON document.
    #[serde(rename = "tileJSON")]
    TileJson,
    /// A Web Map Service.
    #[serde(rename = "WMS")]
    Wms,
    /// A Web Map Tile Service.
    #[serde(rename = "WMTS")]
    Wmts,
    /// A style for MapLibre or Mapbox.
    #[serde(rename = "mapstyleJSON")]
    MapStyle,
    /// An electronic navigational chart.
    #[serde(rename = "S-57")]
    S57,
}

/// The format of a chart's tiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum TileFormat {
    /// Pictures.
    Jpg,
    /// Vectors.
    Pbf,
    /// Pictures.
    Png,
    /// Pictures.
    Webp,
}

macro_rules! resources {
    ($($kind:ty: $name:literal)*) => {$(
        impl Resource for $kind {
            const TYPE: &'static str = $name;
        }
    )*};
}

resources! {
    Route: "routes"
    Waypoint: "waypoints"
    Region: "regions"
    Note: "notes"
    Chart: "charts"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn again<T: Serialize + serde::de::DeserializeOwned>(text: &str) -> serde_json::Value {
        let value: T = json::from_str(text).unwrap();
        serde_json::from_str(&json::to_string(&value).unwrap()).unwrap()
    }

    fn value(text: &str) -> serde_json::Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn what_a_client_has_stored_comes_back_whole() {
        let text = r#"{"name":"Home","distance":1852.5,"start":"/resources/waypoints/1","feature":{"id":7,
            "type":"Feature","geometry":{"type":"LineString","coordinates":[[24.5,60.25],[24.75,60.5]]},
            "properties":{"coordinatesMeta":[{"name":"a","skipped":true},{"name":"b"}],"colour":"red"},
            "bbox":[24.5,60.25,24.75,60.5]},"visible":{"on":[true,null]}}"#;
        assert_eq!(again::<Route>(text), value(text));
        let text = r#"{"type":"Race Mark","feature":{"type":"Feature","geometry":{"type":"Point",
            "coordinates":[24.5,60.25]},"properties":{"skIcon":"buoy"}}}"#;
        assert_eq!(again::<Waypoint>(text), value(text));
        let text = r#"{"title":"Shop","position":{"latitude":60.5,"longitude":24.5},"group":"food",
            "properties":{"open":"8-20"},"mimeType":"text/plain"}"#;
        assert_eq!(again::<Note>(text), value(text));
        let text = r#"{"identifier":"approaches","type":"tilelayer","url":"/t/{z}/{x}/{y}.png",
            "format":"png","minzoom":3.0,"bounds":[24.5,59.5,25.5,60.5],"proxy":true}"#;
        assert_eq!(again::<Chart>(text), value(text));
    }

    #[test]
    fn a_feature_without_type_and_properties_becomes_geojson() {
        let text = r#"{"feature":{"geometry":{"type":"Point","coordinates":[1.5,2.5]},"properties":null}}"#;
        let waypoint: Waypoint = json::from_str(text).unwrap();
        assert_eq!(waypoint.position(), Position::new(2.5, 1.5));
        assert_eq!(
            json::to_string(&waypoint).unwrap(),
            r#"{"feature":{"type":"Feature","geometry":{"type":"Point","coordinates":[1.5,2.5]},"properties":{}}}"#
        );
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        let error = json::from_str::<Route>("{}").unwrap_err().to_string();
        assert_eq!(error, "feature is missing");
        let text = r#"{"feature":{"geometry":{"type":"Point","coordinates":[1,2]}}}"#;
        let error = json::from_str::<Route>(text).unwrap_err().to_string();
        assert_eq!(error, "feature.geometry: found the geometry Point, expected LineString");
        let error = json::from_str::<Note>("[]").unwrap_err().to_string();
        assert_eq!(error, "found a list, expected a group of values");
    }

    #[test]
    fn routes_have_details_of_their_points() {
        let mut route = Route::along(vec![Position::new(1.0, 2.0), Position::new(3.0, 4.0)]);
        assert_eq!(route.coordinates_meta().unwrap(), []);
        let named = CoordinateMeta { name: Some("Start".into()), href: None };
        let waypoint = "/resources/waypoints/ac3a3b2d-07e8-4f25-92bc-98e7c92f7f1a";
        let linked = CoordinateMeta { name: None, href: Some(waypoint.into()) };
        route.set_coordinates_meta(&[named.clone(), linked.clone()]).unwrap();
        assert_eq!(route.coordinates_meta().unwrap(), [named, linked]);
        assert_eq!(route.points().len(), 2);
    }

    #[test]
    fn a_region_is_closed() {
        let corner = |latitude| Position::new(latitude, latitude * latitude);
        let region = Region::within(vec![corner(1.0), corner(2.0), corner(3.0)]);
        let Shape::Polygon(rings) = &region.feature.geometry else { panic!("a polygon") };
        assert_eq!(rings[0].len(), 4);
        assert_eq!(rings[0].first(), rings[0].last());
    }
}
