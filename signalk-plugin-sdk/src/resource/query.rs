//! What a client asks a list for.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Context as _, Result, bail, clients_mistake};
use crate::json;
use crate::types::{Position, cos_of_latitude};

/// The query of a request for a list.
///
/// Clients write each value as JSON: `?limit=10&bbox=[24.5,59.5,25.5,60.5]`. For the types of
/// resources that the server knows, it checks the query and answers 400 to a key that is not one of
/// `limit`, `bbox`, `position`, `distance`, `zoom` and `provider`, to `href` but for notes, and for
/// charts to all but `provider`. For types of your own nothing is checked, nor for requests of other
/// plugins of the server, so a value is read when it is asked for and what does not fit is an error.
///
/// **The server does not filter**: a list that ignores the query is passed on as it is. Only `limit`
/// is seen to by the SDK.
#[derive(Debug, Clone, Copy)]
pub struct ResourceQuery<'a>(pub(super) &'a str);

impl<'a> ResourceQuery<'a> {
    /// A query from its JSON, for tests of a provider.
    ///
    /// # Errors
    /// When it is no JSON object.
    pub fn parse(json: &'a str) -> Result<Self> {
        json::object(json)?;
        Ok(Self(json))
    }

    /// `limit`: how many resources at most. The SDK cuts a list that is longer.
    ///
    /// # Errors
    /// When it is not a whole number.
    pub fn limit(&self) -> Result<Option<usize>> {
        self.get("limit")
    }

    /// `bbox`: the area that the client shows, for example.
    ///
    /// # Errors
    /// When it is not four numbers.
    pub fn bbox(&self) -> Result<Option<Bounds>> {
        match self.numbers("bbox")?.as_deref() {
            None => Ok(None),
            Some(&[west, south, east, north]) => {
                Ok(Some(Bounds::new(Position::new(south, west), Position::new(north, east))))
            }
            Some(_) => bail!("bbox has to be [west, south, east, north]"),
        }
    }

    /// `position`: from where `distance` is measured. In the query it is `[longitude, latitude]`.
    ///
    /// # Errors
    /// When it is not two numbers.
    pub fn position(&self) -> Result<Option<Position>> {
        match self.numbers("position")?.as_deref() {
            None => Ok(None),
            Some(&[longitude, latitude]) => Ok(Some(Position::new(latitude, longitude))),
            Some(_) => bail!("position has to be [longitude, latitude]"),
        }
    }

    /// `distance` (m): how far from `position`, or from the vessel where there is none.
    ///
    /// # Errors
    /// When it is not a number.
    pub fn distance(&self) -> Result<Option<f64>> {
        self.get("distance")
    }

    /// `zoom`: the zoom level of the client's map, 1 for the whole world and one more for each time
    /// it is twice as large. For leaving out what would be too small to see.
    ///
    /// # Errors
    /// When it is not a number.
    pub fn zoom(&self) -> Result<Option<f64>> {
        self.get("zoom")
    }

    /// Where the resources are to be: within `bbox`, and within the square around `position` that is
    /// `distance` away from it on each side. `own` is where the vessel is, from where the distance
    /// counts if the query has no position.
    ///
    /// ```
    /// use signalk_plugin_sdk::prelude::*;
    /// use signalk_plugin_sdk::resource::{ResourceQuery, Waypoint};
    ///
    /// fn asked_for<'m>(
    ///     marks: &'m [Waypoint],
    ///     query: &ResourceQuery<'_>,
    ///     own: Option<Position>,
    /// ) -> Result<Vec<&'m Waypoint>> {
    ///     let area = query.area(own)?;
    ///     Ok(marks.iter().filter(|mark| area.contains(mark.position())).collect())
    /// }
    ///
    /// let marks = [Waypoint::at(Position::new(60.0, 25.0))];
    /// let query = ResourceQuery::parse(r#"{"bbox": [24.5, 59.5, 25.5, 60.5]}"#)?;
    /// assert_eq!(asked_for(&marks, &query, None)?.len(), 1);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// When one of the three does not fit, or the distance counts from a vessel that is not known to
    /// be anywhere.
    pub fn area(&self, own: Option<Position>) -> Result<Area> {
        let around = match self.distance()? {
            None => None,
            Some(metres) => {
                let centre =
                    self.position()?.or(own).context("where the vessel is is not known")?;
                Some(Bounds::around(centre, metres))
            }
        };
        Ok(Area { parts: [self.bbox()?, around] })
    }

    /// The value of any other key; `None` where the query has none, or null.
    ///
    /// `?kind=reef` and `?depth=5` arrive as text and number, `?kind=["reef"]` and two of a key as
    /// lists.
    ///
    /// # Errors
    /// When it does not fit the type.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>> {
        match self.raw(key)? {
            None => Ok(None),
            Some(value) => read(value, key),
        }
    }

    /// The whole query as a JSON object, with `resourceType` added by the server.
    #[must_use]
    pub fn as_str(&self) -> &'a str {
        self.0
    }

    fn raw(&self, key: &str) -> Result<Option<&'a str>> {
        Ok(json::field(self.0, key)?)
    }

    /// A list of numbers, or the text `1,2` that some clients write where the server does not check.
    fn numbers(&self, key: &str) -> Result<Option<Vec<f64>>> {
        let Some(value) = self.raw(key)? else {
            return Ok(None);
        };
        if !value.starts_with('"') {
            return read(value, key);
        }
        let list = ["[", &json::string(value)?, "]"].concat();
        read(&list, key).map(Some)
    }
}

/// A value of the query; one that does not fit is the client's mistake, and not told to the owner.
fn read<T: DeserializeOwned>(value: &str, key: &str) -> Result<T> {
    json::from_str(value).map_err(|error| clients_mistake(&error)).context(key)
}

/// Parts of the earth's surface, all of which something is to be in. Everywhere where there are
/// none, as in its default.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Area {
    parts: [Option<Bounds>; 2],
}

impl Area {
    /// Whether a position is in it.
    #[must_use]
    pub fn contains(&self, position: Position) -> bool {
        self.parts.iter().flatten().all(|part| part.contains(position))
    }
}

/// A part of the earth's surface between two meridians and two parallels. In JSON
/// `[west, south, east, north]`.
///
/// One that lies across the antimeridian has its west in the east: from 179° to -179°.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Degrees, east positive.
    pub west: f64,
    /// Degrees, north positive.
    pub south: f64,
    /// Degrees, east positive.
    pub east: f64,
    /// Degrees, north positive.
    pub north: f64,
}

impl Bounds {
    /// Between two corners, the first of which is the western one.
    #[must_use]
    pub fn new(from: Position, to: Position) -> Self {
        Self {
            west: from.longitude,
            south: from.latitude.min(to.latitude),
            east: to.longitude,
            north: from.latitude.max(to.latitude),
        }
    }

    /// The square around a position whose sides are `metres` away from it.
    #[must_use]
    pub fn around(centre: Position, metres: f64) -> Self {
        /// Of a sphere as large as the earth.
        const METRES_PER_DEGREE: f64 = 111_195.0;
        let up = metres / METRES_PER_DEGREE;
        let (south, north) = (centre.latitude - up, centre.latitude + up);
        let along = up / cos_of_latitude(centre.latitude);
        // Near a pole every meridian is near.
        if south <= -90.0 || north >= 90.0 || !(0.0..180.0).contains(&along) {
            return Self { west: -180.0, south, east: 180.0, north };
        }
        let west = within(centre.longitude - along);
        Self { west, south, east: within(centre.longitude + along), north }
    }

    /// Whether a position is in it, or on its edge.
    #[must_use]
    pub fn contains(&self, position: Position) -> bool {
        let longitude = position.longitude;
        let is_between = match self.west <= self.east {
            true => self.west <= longitude && longitude <= self.east,
            false => longitude >= self.west || longitude <= self.east,
        };
        is_between && (self.south..=self.north).contains(&position.latitude)
    }
}

/// The same meridian as a longitude from -180° to 180°.
fn within(longitude: f64) -> f64 {
    if longitude > 180.0 {
        longitude - 360.0
    } else if longitude < -180.0 {
        longitude + 360.0
    } else {
        longitude
    }
}

impl Serialize for Bounds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [self.west, self.south, self.east, self.north].serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Bounds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let [west, south, east, north] = Deserialize::deserialize(deserializer)?;
        Ok(Self { west, south, east, north })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // As the server writes it for ?limit=5&bbox=[24.5,59.5,25.5,60.5]&position=[25,60]&distance=2000.
    const FULL: &str = r#"{"limit":5,"bbox":[24.5,59.5,25.5,60.5],"position":[25,60],"distance":2000,"zoom":9,"resourceType":"waypoints"}"#;

    #[test]
    fn the_usual_keys_are_read() {
        let query = ResourceQuery(FULL);
        assert_eq!(query.limit().unwrap(), Some(5));
        let bbox = query.bbox().unwrap().unwrap();
        assert_eq!((bbox.west, bbox.south, bbox.east, bbox.north), (24.5, 59.5, 25.5, 60.5));
        assert_eq!(query.position().unwrap(), Some(Position::new(60.0, 25.0)));
        assert_eq!(query.distance().unwrap(), Some(2000.0));
        assert_eq!(query.zoom().unwrap(), Some(9.0));
        assert_eq!(query.get::<String>("resourceType").unwrap().as_deref(), Some("waypoints"));
        let empty = ResourceQuery(r#"{"resourceType":"waypoints"}"#);
        assert_eq!(empty.limit().unwrap(), None);
        assert_eq!(empty.bbox().unwrap(), None);
        assert_eq!(empty.area(None).unwrap(), Area::default());
        assert!(ResourceQuery::parse("{}").is_ok() && ResourceQuery::parse("[]").is_err());
    }

    #[test]
    fn numbers_that_came_as_text_are_read_where_the_server_does_not_check() {
        let query = ResourceQuery(r#"{"bbox":"5.4,25.7,6.9,31.2"}"#);
        assert_eq!(query.bbox().unwrap().unwrap().north, 31.2);
    }

    #[test]
    fn what_does_not_fit_is_an_error_that_names_the_key() {
        let query = ResourceQuery(r#"{"limit":"many","bbox":[1,2,3],"position":"here"}"#);
        let error = query.limit().unwrap_err().to_string();
        assert_eq!(error, "limit: found the text \"many\", expected a whole number, not negative");
        let error = query.bbox().unwrap_err().to_string();
        assert_eq!(error, "bbox has to be [west, south, east, north]");
        assert!(query.position().unwrap_err().to_string().starts_with("position: "));
    }

    #[test]
    fn an_area_is_what_both_bbox_and_distance_allow() {
        let area = ResourceQuery(FULL).area(None).unwrap();
        assert!(area.contains(Position::new(60.01, 25.02)));
        assert!(!area.contains(Position::new(60.02, 25.0)));
        assert!(!area.contains(Position::new(60.0, 25.05)));

        let query = ResourceQuery(r#"{"distance":2000}"#);
        let own = Position::new(10.0, 179.99);
        assert!(query.area(Some(own)).unwrap().contains(Position::new(10.0, -179.995)));
        assert!(!query.area(Some(own)).unwrap().contains(Position::new(10.0, 0.0)));
        let error = query.area(None).unwrap_err().to_string();
        assert_eq!(error, "where the vessel is is not known");
    }

    #[test]
    fn bounds_may_lie_across_the_antimeridian_and_around_a_pole() {
        let bounds = Bounds::new(Position::new(-10.0, 179.0), Position::new(10.0, -179.0));
        assert!(bounds.contains(Position::new(0.0, 180.0)));
        assert!(bounds.contains(Position::new(0.0, -179.5)));
        assert!(!bounds.contains(Position::new(0.0, 0.0)));
        let pole = Bounds::around(Position::new(89.99, 0.0), 5000.0);
        assert!(pole.contains(Position::new(89.99, 180.0)));
        let text = json::to_string(&bounds).unwrap();
        assert_eq!(text, "[179.0,-10.0,-179.0,10.0]");
        assert_eq!(json::from_str::<Bounds>(&text).unwrap(), bounds);
    }
}
