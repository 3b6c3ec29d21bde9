//! Deltas as types that borrow from the text, for the plugins that read it into some.

use serde::Deserialize;
use serde_json::value::RawValue;

/// A delta.
#[derive(Debug, Deserialize)]
pub struct Delta<'a> {
    /// The vessel.
    pub context: &'a str,
    /// The updates of each source.
    #[serde(borrow)]
    pub updates: Vec<Update<'a>>,
}

/// An update of one source.
#[derive(Debug, Deserialize)]
pub struct Update<'a> {
    /// Its values.
    #[serde(borrow, default)]
    pub values: Vec<PathValue<'a>>,
}

/// A path with its value.
#[derive(Debug, Deserialize)]
pub struct PathValue<'a> {
    /// The path.
    pub path: &'a str,
    /// The text of the value.
    #[serde(borrow)]
    pub value: &'a RawValue,
}
