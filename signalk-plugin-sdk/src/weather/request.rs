//! What clients ask for.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::Result;
use crate::json::{self, Raw};
use crate::types::Position;

/// Asks for what the weather was.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ObservationRequest {
    /// Where. The server does not see to it that it lies on earth; see [`Position::is_valid`].
    pub position: Position,
    /// How many entries at most (`?count=`), one or more. The SDK cuts an answer that is longer.
    pub max_count: Option<usize>,
    /// The first day to tell of (`?date=`), as `2026-07-01`. The server lets a text through that has
    /// more than a date in it.
    pub start_date: Option<String>,
    /// Everything else that the client's query had, by key: texts, or lists of them.
    pub custom: BTreeMap<String, Raw>,
}

impl ObservationRequest {
    /// A request for all that there is.
    #[must_use]
    pub fn new(position: Position) -> Self {
        Self { position, max_count: None, start_date: None, custom: BTreeMap::new() }
    }

    pub(super) fn parse(text: &str) -> Result<Self> {
        let mut request: Json = json::from_str(text)?;
        // What another plugin of the server asks for is taken for a client's query, and read as such:
        // the position becomes 0, 0 and the real request ends up among the rest.
        let inner: Option<Position> = request.custom("position");
        if let Some(position) = inner {
            request.position = position;
            request.options = request.custom("options").unwrap_or_default();
        }
        let Options { max_count, start_date, custom } = request.options;
        // Whatever number the client wrote; less than one is no number of entries.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let max_count = max_count.filter(|count| *count >= 1.0).map(|count| count as usize);
        let custom = custom.unwrap_or_default();
        Ok(Self { position: request.position, max_count, start_date, custom })
    }
}

/// Asks for what the weather will be.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ForecastRequest {
    /// Which forecast.
    pub kind: ForecastType,
    /// Where. The server does not see to it that it lies on earth; see [`Position::is_valid`].
    pub position: Position,
    /// How many days or times at most (`?count=`), one or more. The SDK cuts an answer that is longer.
    pub max_count: Option<usize>,
    /// The first day to tell of (`?date=`), as `2026-07-01`. The server lets a text through that has
    /// more than a date in it.
    pub start_date: Option<String>,
    /// Everything else that the client's query had, by key: texts, or lists of them.
    pub custom: BTreeMap<String, Raw>,
}

impl ForecastRequest {
    /// A request for all that there is.
    #[must_use]
    pub fn new(kind: ForecastType, position: Position) -> Self {
        Self::of(kind, ObservationRequest::new(position))
    }

    pub(super) fn parse(text: &str) -> Result<Self> {
        let Kind { kind } = json::from_str(text)?;
        Ok(Self::of(kind, ObservationRequest::parse(text)?))
    }

    fn of(kind: ForecastType, request: ObservationRequest) -> Self {
        let ObservationRequest { position, max_count, start_date, custom } = request;
        Self { kind, position, max_count, start_date, custom }
    }
}

/// Which forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ForecastType {
    /// One entry for each day.
    Daily,
    /// One entry for each of a row of times, by the hour for example.
    Point,
}

impl ForecastType {
    /// The word for it in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Point => "point",
        }
    }
}

/// Asks for warnings.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct WarningRequest {
    /// Where. The server does not see to it that it lies on earth; see [`Position::is_valid`].
    pub position: Position,
}

impl WarningRequest {
    /// A request for all that there is.
    #[must_use]
    pub fn new(position: Position) -> Self {
        Self { position }
    }

    pub(super) fn parse(text: &str) -> Result<Self> {
        // The server drops what else a plugin asked with, so its position is nowhere to be found.
        let Json { position, .. } = json::from_str(text)?;
        Ok(Self { position })
    }
}

#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "type")]
    kind: ForecastType,
}

#[derive(Deserialize)]
struct Json {
    position: Position,
    #[serde(default)]
    options: Options,
}

impl Json {
    /// What the request has beside the server's own keys, where it is of that type.
    fn custom<T: serde::de::DeserializeOwned>(&self, key: &str) -> Option<T> {
        self.options.custom.as_ref()?.get(key)?.deserialize().ok()
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    max_count: Option<f64>,
    start_date: Option<String>,
    custom: Option<BTreeMap<String, Raw>>,
}
