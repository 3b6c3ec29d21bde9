//! Settings of which one is chosen.

use signalk_plugin_sdk::prelude::*;

/// Without doc comments.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[allow(missing_docs)]
pub enum Plain {
    Day,
    Night,
    Dusk,
}

/// With doc comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Documented {
    /// By day
    Day,
    /// By night
    ///
    /// When it is dark.
    Night,
}

/// By other names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Renamed {
    NorthEast,
    #[serde(rename = "s")]
    South,
}

/// Named by its only key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum External {
    /// Switched off
    Off,
    /// Over TCP
    Tcp {
        /// Host
        host: String,
        /// Port
        port: u16,
    },
    /// A frequency (Hz)
    Frequency(f64),
    /// An engine
    Engine(super::Engine),
}

/// Named by a key among the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind")]
#[allow(missing_docs)]
pub enum Internal {
    Nothing,
    Circle {
        /// Radius (m)
        #[schemars(range(min = 10.0))]
        radius: f64,
    },
    Box {
        /// Width (m)
        width: f64,
        /// Height (m)
        height: Option<f64>,
    },
}

/// Named by a key beside what is in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "with")]
#[allow(missing_docs)]
pub enum Adjacent {
    Never,
    Every(u8),
    Between { from: u8, to: u8 },
}

/// Known by what is in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
#[allow(missing_docs)]
pub enum Untagged {
    Number(f64),
    Text(String),
    Place { latitude: f64, longitude: f64 },
}

/// Short, to stand in several places.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub enum Short {
    Off,
    Frequency(f64),
    Named { name: String },
}

/// Flattened into a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "shape")]
#[allow(missing_docs)]
pub enum Shape {
    Point,
    Circle { radius: f64 },
}
