//! What is said about the weather.

use serde::{Deserialize, Serialize};

/// A struct of fields that may all be absent, and are then left out.
macro_rules! group {
    ($(#[$meta:meta])* pub struct $name:ident {
        $($(#[$field_meta:meta])* pub $field:ident: $type:ty,)*
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        pub struct $name {
            $(
                $(#[$field_meta])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $field: Option<$type>,
            )*
        }
    };
}

/// The weather at one time. Whether it is an observation or which kind of forecast is added by the
/// SDK.
///
/// ```
/// use signalk_plugin_sdk::weather::{WeatherData, Wind};
///
/// let data = WeatherData {
///     date: "2026-07-01T12:00:00.000Z".into(),
///     wind: Some(Wind { speed_true: Some(7.5), ..Wind::default() }),
///     ..WeatherData::default()
/// };
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WeatherData {
    /// When it was or will be so (ISO 8601, UTC); of a daily forecast, that day. To be given:
    /// [`clock::format_rfc3339`](crate::clock::format_rfc3339) writes it.
    pub date: String,
    /// The weather in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The air and the sky.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outside: Option<Outside>,
    /// The water.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub water: Option<Water>,
    /// The wind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wind: Option<Wind>,
    /// The sun.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sun: Option<Sun>,
}

group! {
    /// The air and the sky.
    pub struct Outside {
        /// The day's least temperature (K)
        pub min_temperature: f64,
        /// The day's greatest temperature (K)
        pub max_temperature: f64,
        /// What the temperature feels like (K)
        pub feels_like_temperature: f64,
        /// Precipitation (m)
        pub precipitation_volume: f64,
        /// Absolute humidity (ratio, as the server has it)
        pub absolute_humidity: f64,
        /// Visibility (m)
        pub horizontal_visibility: f64,
        /// Whether the visibility is greater than what the station can measure. Only the server's
        /// OpenAPI document has it.
        pub horizontal_visibility_over_range: bool,
        /// UV index (1 for 25 mW/m²)
        pub uv_index: f64,
        /// Cloud cover (ratio: 1 is an overcast sky)
        pub cloud_cover: f64,
        /// Temperature (K)
        pub temperature: f64,
        /// Dew point (K)
        pub dew_point_temperature: f64,
        /// Pressure (Pa)
        pub pressure: f64,
        /// Which way the pressure goes.
        pub pressure_tendency: Tendency,
        /// Relative humidity (ratio)
        pub relative_humidity: f64,
        /// What falls from the sky.
        pub precipitation_type: Precipitation,
    }
}

group! {
    /// The water.
    pub struct Water {
        /// Temperature (K)
        pub temperature: f64,
        /// Level (m)
        pub level: f64,
        /// Which way the level goes.
        pub level_tendency: Tendency,
        /// Speed of the current at the surface (m/s)
        pub surface_current_speed: f64,
        /// Where the current at the surface goes to (rad, from true north)
        pub surface_current_direction: f64,
        /// Salinity (ratio)
        pub salinity: f64,
        /// Significant height of the waves (m)
        pub wave_significant_height: f64,
        /// Period of the waves (s)
        pub wave_period: f64,
        /// Direction of the waves (rad, from true north)
        pub wave_direction: f64,
        /// Height of the swell (m)
        pub swell_height: f64,
        /// Period of the swell (s)
        pub swell_period: f64,
        /// Direction of the swell (rad, from true north)
        pub swell_direction: f64,
        /// Sea state (Beaufort). Only the server's OpenAPI document has it.
        pub sea_state: f64,
        /// Whether there is ice. Only the server's OpenAPI document has it.
        pub ice: bool,
    }
}

group! {
    /// The wind.
    pub struct Wind {
        /// Speed (m/s)
        pub speed_true: f64,
        /// Where it comes from (rad, from true north)
        pub direction_true: f64,
        /// Speed in gusts (m/s)
        pub gust: f64,
        /// Where gusts come from (rad, from true north)
        pub gust_direction: f64,
        /// Average speed (m/s). Only the server's OpenAPI document has it.
        pub average_speed: f64,
    }
}

group! {
    /// The sun.
    pub struct Sun {
        /// When it rises (ISO 8601, UTC).
        pub sunrise: String,
        /// When it sets (ISO 8601, UTC).
        pub sunset: String,
    }
}

/// Which way a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Tendency {
    /// It stays.
    Steady,
    /// It falls.
    Decreasing,
    /// It rises.
    Increasing,
    /// It is not known; `None` says the same in fewer bytes.
    #[serde(rename = "not available")]
    NotAvailable,
}

/// What falls from the sky.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Precipitation {
    /// Rain.
    Rain,
    /// A thunderstorm.
    Thunderstorm,
    /// Rain that freezes where it falls.
    #[serde(rename = "freezing rain")]
    FreezingRain,
    /// Rain and snow, or ice.
    #[serde(rename = "mixed/ice")]
    Mixed,
    /// Snow.
    Snow,
    /// A value that NMEA 2000 keeps for later.
    Reserved,
    /// It is not known; `None` says the same in fewer bytes.
    #[serde(rename = "not available")]
    NotAvailable,
}

/// A warning of bad weather.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WeatherWarning {
    /// From when it holds (ISO 8601, UTC). To be given.
    pub start_time: String,
    /// Until when it holds (ISO 8601, UTC). To be given.
    pub end_time: String,
    /// What it says.
    pub details: String,
    /// Who gave it.
    pub source: String,
    /// Of what it warns, in words of the source; `type` in JSON.
    #[serde(rename = "type")]
    pub kind: String,
}
