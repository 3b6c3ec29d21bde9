//! Deltas as they come in, borrowed from the text that the server sent.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

use crate::{json, own_ship};

/// A whole delta, for handlers marked `#[delta]` without a path.
///
/// Values stay unparsed until they are asked for.
///
/// ```
/// use signalk_plugin_sdk::delta::Delta;
///
/// let delta = Delta::parse(
///     r#"{"context":"vessels.urn:mrn:imo:mmsi:244123456","updates":[{"$source":"gps.GP",
///         "timestamp":"2026-05-01T12:00:00Z","values":[{"path":"navigation.speedOverGround","value":3.2}]}]}"#,
/// )?;
/// let value = &delta.updates[0].values[0];
/// assert_eq!(value.path, "navigation.speedOverGround");
/// assert_eq!(value.get::<f64>()?, Some(3.2)); // m/s
/// # Ok::<(), signalk_plugin_sdk::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Delta<'a> {
    /// Whom the data is about, `vessels.urn:mrn:…` for example. The server never sends
    /// `vessels.self`.
    pub context: Cow<'a, str>,
    /// What each source says.
    pub updates: Vec<Update<'a>>,
}

impl<'a> Delta<'a> {
    /// Whether it is about the own ship.
    #[must_use]
    pub fn is_own_ship(&self) -> bool {
        own_ship::is(&self.context)
    }

    /// Reads the JSON text of a delta.
    ///
    /// # Errors
    /// When the text is not JSON, or not shaped like a delta.
    pub fn parse(json: &'a str) -> Result<Self, json::Error> {
        let mut delta = Self::default();
        for (key, value) in json::object(json)? {
            match &*key {
                "context" => delta.context = json::string(value)?,
                "updates" => {
                    for update in json::list(value)? {
                        delta.updates.push(Update::parse(update)?);
                    }
                }
                _ => {}
            }
        }
        Ok(delta)
    }
}

/// What one source said at one time.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Update<'a> {
    /// The source's reference, `gps.GP` or `can0.115` for example; empty where the server gave none.
    pub source: Cow<'a, str>,
    /// When it was measured, as ISO 8601 in UTC; empty where the server gave none.
    pub timestamp: Cow<'a, str>,
    /// The values; none where the update carries metadata only.
    pub values: Vec<PathValue<'a>>,
    /// Metadata of paths: units, descriptions, zones.
    pub meta: Vec<PathMeta<'a>>,
}

impl<'a> Update<'a> {
    fn parse(json: &'a str) -> Result<Self, json::Error> {
        let mut update = Self::default();
        for (key, value) in json::object(json)? {
            match &*key {
                "$source" => update.source = json::string(value)?,
                "timestamp" => update.timestamp = json::string(value)?,
                "values" => {
                    for entry in json::list(value)? {
                        let (path, value) = pair(entry)?;
                        update.values.push(PathValue { path, value });
                    }
                }
                "meta" => {
                    for entry in json::list(value)? {
                        let (path, value) = pair(entry)?;
                        update.meta.push(PathMeta { path, value });
                    }
                }
                _ => {}
            }
        }
        Ok(update)
    }
}

/// Reads `{"path":…,"value":…}`; a value that is null or not there is `None`.
fn pair(json: &str) -> Result<(Cow<'_, str>, Option<&str>), json::Error> {
    let mut pair = (Cow::Borrowed(""), None);
    for (key, value) in json::object(json)? {
        match &*key {
            "path" => pair.0 = json::string(value)?,
            "value" => pair.1 = Some(value).filter(|value| *value != "null"),
            _ => {}
        }
    }
    Ok(pair)
}

/// A path and its value.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct PathValue<'a> {
    /// The path below the context, `navigation.position` for example. It is empty for values at
    /// the root of the context, such as the vessel's name.
    pub path: Cow<'a, str>,
    /// The value's JSON; `None` where it is null: cleared, or timed out.
    pub value: Option<&'a str>,
}

impl PathValue<'_> {
    /// The value as `T`, `None` where it is null.
    ///
    /// # Errors
    /// When the value does not fit `T`.
    pub fn get<T: DeserializeOwned>(&self) -> Result<Option<T>, json::Error> {
        self.value.map(json::from_str).transpose()
    }
}

/// A path and its metadata.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct PathMeta<'a> {
    /// The path below the context.
    pub path: Cow<'a, str>,
    /// The metadata's JSON, an object; see [`Meta`](super::Meta) for what is usual in it.
    pub value: Option<&'a str>,
}

/// Where a value came from, for handlers that take `&Origin` as their second argument.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Origin<'a> {
    /// Whom the value is about, `vessels.urn:mrn:…` for example.
    pub context: &'a str,
    /// Whether that is the own ship.
    pub is_own_ship: bool,
    /// The path, which matters where the handler names several, or a wildcard.
    pub path: &'a str,
    /// The source's reference (`$source`); empty where the server gave none.
    pub source: &'a str,
    /// When it was measured, ISO 8601 in UTC; empty where the server gave none.
    pub timestamp: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_leaves_out_or_sends_as_null_is_empty() {
        let delta = Delta::parse(
            r#"{"context":"vessels.a","updates":[null,{"$source":null,"values":null},
               {"values":[null,{"path":"x","value":null},{"path":"y"}],"meta":[{"path":"x","value":{"units":"m"}}]}]}"#,
        )
        .unwrap();
        assert_eq!(delta.updates.len(), 2);
        assert!(delta.updates[0].values.is_empty());
        assert_eq!(delta.updates[0].source, "");
        let values = &delta.updates[1].values;
        assert_eq!(values.len(), 2);
        assert!(values.iter().all(|value| value.value.is_none()));
        assert_eq!(delta.updates[1].meta[0].path, "x");
    }

    #[test]
    fn text_is_borrowed_and_values_stay_as_they_came() {
        let json =
            r#"{"updates":[{"values":[{"path":"x","value":{"a": 1e3}}]}],"context":"vessels.a"}"#;
        let delta = Delta::parse(json).unwrap();
        let value = &delta.updates[0].values[0];
        assert!(matches!(value.path, Cow::Borrowed("x")));
        assert_eq!(value.value.unwrap(), r#"{"a": 1e3}"#);
    }

    #[test]
    fn text_that_is_no_delta_is_an_error() {
        assert!(Delta::parse("true").is_err());
        assert!(Delta::parse(r#"{"context":5}"#).is_err());
        assert!(Delta::parse(r#"{"context":"a","updates":{}}"#).is_err());
    }
}
