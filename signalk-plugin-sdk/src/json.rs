//! Small pieces of JSON that several modules need.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A string that is borrowed where the JSON holds no escapes.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Str<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

/// `text` as a JSON string, quotes included.
pub(crate) fn text(text: &str) -> String {
    // Writing a string to a String has no way to fail.
    serde_json::to_string(text).unwrap_or_default()
}

/// Appends `value` as JSON.
pub(crate) fn append<T: Serialize + ?Sized>(
    out: &mut String,
    value: &T,
) -> Result<(), serde_json::Error> {
    out.push_str(&serde_json::to_string(value)?);
    Ok(())
}
