//! Values that many paths share.

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

    /// Whether both coordinates are numbers within their ranges.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        (-90.0..=90.0).contains(&self.latitude) && (-180.0..=180.0).contains(&self.longitude)
    }
}
