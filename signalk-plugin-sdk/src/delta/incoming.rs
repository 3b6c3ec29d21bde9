//! Deltas as they come in, borrowed from the text that the server sent.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

use super::SourceDetails;
use crate::clock::Timestamp;
use crate::json::{self, Parser};
use crate::self_vessel;
use crate::types::{NoPlace, no_place};

/// A whole delta, for handlers marked `#[delta]` without a path.
///
/// Values stay unparsed until they are asked for. Nothing in it can be relied on: an update may hold
/// metadata and no values, and a field of a type that it should not have is read as an empty one.
///
/// ```
/// use signalk_plugin_sdk::delta::Delta;
///
/// let delta = Delta::parse(
///     r#"{"context":"vessels.urn:mrn:imo:mmsi:244123456","updates":[{"$source":"gps.GP",
///         "timestamp":"2026-05-01T12:00:00Z","values":[{"path":"navigation.speedOverGround","value":3.2}]}]}"#,
/// )?;
/// let mut speeds = Vec::new();
/// for value in delta.updates.iter().flat_map(|update| &update.values) {
///     if value.path == "navigation.speedOverGround" {
///         speeds.push(value.deserialize::<f64>()?); // m/s
///     }
/// }
/// assert_eq!(speeds, [Some(3.2)]);
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
    /// Tells whether it is about the own vessel, Signal K's *self*.
    #[must_use]
    pub fn is_self(&self) -> bool {
        self_vessel::is(&self.context)
    }

    /// Tells whether the plugin has sent all of it itself.
    pub(crate) fn is_echo(&self) -> bool {
        self.updates.iter().all(|update| update.is_echo)
    }

    /// Reads the JSON text of a delta, as much of it as can be read: what a plugin in JavaScript sends
    /// may have a number for its time, or metadata that is no list, and only that is then empty.
    ///
    /// # Errors
    /// When the text is not a JSON object.
    pub fn parse(json: &'a str) -> Result<Self, json::Error> {
        let mut parser = Parser::new(json);
        let mut delta = Self::default();
        parser.enter_object()?;
        while let Some(key) = parser.next_key()? {
            match &*key {
                "context" => delta.context = text(&mut parser)?,
                "updates" => delta.updates = Update::parse_list(&mut parser)?,
                _ => drop(parser.pass()?),
            }
        }
        parser.end()?;
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
    /// The JSON of its `source`, from which the server makes the reference.
    pub(crate) details: Option<&'a str>,
    /// Tells whether the plugin has sent it itself.
    pub(crate) is_echo: bool,
}

impl<'a> Update<'a> {
    /// Those elements of a list that are objects; none where there is no list.
    fn parse_list(parser: &mut Parser<'a>) -> Result<Vec<Self>, json::Error> {
        let mut updates = Vec::with_capacity(1);
        if parser.enters(b'[')? {
            while parser.next_element()? {
                if parser.enters(b'{')? {
                    updates.push(Self::parse(parser)?);
                }
            }
        }
        Ok(updates)
    }

    /// The object that was entered.
    fn parse(parser: &mut Parser<'a>) -> Result<Self, json::Error> {
        let mut update = Self::default();
        while let Some(key) = parser.next_key()? {
            match &*key {
                "$source" => update.source = text(parser)?,
                "source" => update.details = parser.value_or_null()?,
                "timestamp" => update.timestamp = text(parser)?,
                "values" => {
                    update.values =
                        pairs(parser, |path, value| PathValue { path, value, is_used: true })?;
                }
                "meta" => update.meta = pairs(parser, |path, value| PathMeta { path, value })?,
                _ => drop(parser.pass()?),
            }
        }
        Ok(update)
    }

    /// What the source says of itself.
    #[must_use]
    pub fn details(&self) -> SourceDetails<'a> {
        SourceDetails::read(self.details)
    }

    /// When it was measured, as a time; `None` where the server gave none that can be read.
    #[must_use]
    pub fn measured(&self) -> Option<Timestamp> {
        Timestamp::parse(&self.timestamp)
    }

    /// Tells whether it says nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty() && self.meta.is_empty()
    }
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
    /// Tells whether it is of the source that is used.
    pub(crate) is_used: bool,
}

impl PathValue<'_> {
    /// The value as `T`, `None` where it is null, or a position without a fix.
    ///
    /// # Errors
    /// When the value does not fit `T`.
    pub fn deserialize<T: DeserializeOwned>(&self) -> Result<Option<T>, json::Error> {
        let value = self.value.map(json::from_str).transpose();
        match self.value.and_then(no_place) {
            Some(NoPlace::Unknown) if value.is_err() => Ok(None),
            _ => value,
        }
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

/// A string; empty if something else stands there.
fn text<'a>(parser: &mut Parser<'a>) -> Result<Cow<'a, str>, json::Error> {
    Ok(parser.string_or_skip()?.unwrap_or_default())
}

/// The entries of a list that can be read; none where there is no list.
fn pairs<'a, T>(
    parser: &mut Parser<'a>,
    make: impl Fn(Cow<'a, str>, Option<&'a str>) -> T,
) -> Result<Vec<T>, json::Error> {
    let mut pairs = Vec::with_capacity(1);
    if parser.enters(b'[')? {
        while parser.next_element()? {
            if parser.enters(b'{')?
                && let Some((path, value)) = pair(parser)?
            {
                pairs.push(make(path, value));
            }
        }
    }
    Ok(pairs)
}

type Pair<'a> = (Cow<'a, str>, Option<&'a str>);

/// Reads `{"path":…,"value":…}`, whose bracket was entered; a value that is null or not there is `None`. An
/// entry whose path is no string is about nothing.
fn pair<'a>(parser: &mut Parser<'a>) -> Result<Option<Pair<'a>>, json::Error> {
    let (mut path, mut value) = (None, None);
    while let Some(key) = parser.next_key()? {
        match &*key {
            "path" => path = parser.string_or_skip()?,
            "value" => value = parser.value_or_null()?,
            _ => drop(parser.pass()?),
        }
    }
    Ok(path.map(|path| (path, value)))
}

/// Where a value came from, for handlers that take `&Origin` as their second argument. Of a PUT the server tells
/// neither who asks nor when, so there `source` and `timestamp` are empty, and the own vessel is `vessels.self`.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Origin<'a> {
    /// Whom the value is about, `vessels.urn:mrn:…` for example.
    pub context: &'a str,
    /// Whether that is the own vessel, Signal K's *self*.
    pub is_self: bool,
    /// The path, which matters where the handler names several, or a wildcard.
    pub path: &'a str,
    /// The source's reference (`$source`); empty where the server gave none.
    pub source: &'a str,
    /// When it was measured, ISO 8601 in UTC; empty where the server gave none.
    pub timestamp: &'a str,
    /// The JSON of the update's `source`.
    pub(crate) details: Option<&'a str>,
}

impl<'a> Origin<'a> {
    /// What the source says of itself.
    #[must_use]
    pub fn details(&self) -> SourceDetails<'a> {
        SourceDetails::read(self.details)
    }

    /// When it was measured, as a time; `None` where the server gave none that can be read.
    #[must_use]
    pub fn measured(&self) -> Option<Timestamp> {
        Timestamp::parse(self.timestamp)
    }
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
    fn one_odd_field_is_empty_and_the_rest_is_read() {
        let odd = ["5", "1.5", "true", "[]", "{}", "[1]", "null"];
        let with = |part: &str, odd: &str| {
            let whole = r#"{"context":"vessels.a","updates":[U,{"$source":"S","timestamp":"T",
                "values":[V,{"path":"a","value":1}],"meta":[M,{"path":"b","value":{}}]}]}"#;
            let whole = match part {
                "context" => whole.replace("\"vessels.a\"", odd),
                "S" | "T" => whole.replace(&format!("\"{part}\""), odd),
                "V" | "M" => whole.replace(&format!("[{part},"), &format!("[{odd},")),
                "path" => whole.replace("[V,", &format!("[{{\"path\":{odd},\"value\":2}},")),
                _ => whole.replace("[U,", &format!("[{odd},")),
            };
            let rest = ["[U,", "[V,", "[M,"].iter();
            rest.fold(whole, |whole, rest| whole.replace(rest, "["))
        };
        for odd in odd {
            for part in ["context", "S", "T", "U", "V", "M", "path"] {
                let text = with(part, odd);
                let delta = Delta::parse(&text).unwrap();
                assert_eq!(delta.context == "vessels.a", part != "context", "{text}");
                let last = delta.updates.last().unwrap();
                assert_eq!(last.source == "S", part != "S", "{text}");
                assert_eq!(last.timestamp == "T", part != "T", "{text}");
                assert_eq!(last.values.iter().map(|it| &*it.path).collect::<Vec<_>>(), ["a"]);
                assert_eq!(last.meta.iter().map(|it| &*it.path).collect::<Vec<_>>(), ["b"]);
            }
        }
        for text in [
            r#"{"updates":[{"values":{"path":"a","value":1},"meta":[{"path":"b","value":{}}]}]}"#,
            r#"{"updates":[{"values":"all","meta":[{"path":"b","value":{}}]}]}"#,
        ] {
            assert_eq!(Delta::parse(text).unwrap().updates[0].meta.len(), 1, "{text}");
        }
        let text =
            r#"{"updates":[{"meta":{"path":"b","value":{}},"values":[{"path":"a","value":1}]}]}"#;
        assert_eq!(Delta::parse(text).unwrap().updates[0].values.len(), 1);
        for text in [r#"{"context":"a","updates":{}}"#, r#"{"updates":5}"#, "{}"] {
            assert!(Delta::parse(text).unwrap().updates.is_empty(), "{text}");
        }
    }

    #[test]
    fn text_that_is_no_object_is_an_error() {
        for text in ["true", "[]", "5", "\"\"", "", "{", r#"{"updates":[}"#] {
            assert!(Delta::parse(text).is_err(), "{text}");
        }
    }
}
