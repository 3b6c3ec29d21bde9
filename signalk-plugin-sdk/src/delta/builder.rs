//! Deltas on their way out.

use serde::Serialize;

use super::shape;
use crate::boundary::imports::DeltaVersion;
use crate::error::{Context as _, Error, Result};
use crate::json::{self, ListWriter, ObjectWriter};
use crate::{outbox, path};

/// Sends one value of the own ship, in the units of the Signal K schema (SI).
///
/// A number that is not finite is sent as null, which clears the path.
///
/// ```
/// use signalk_plugin_sdk::delta;
///
/// delta::set("environment.outside.temperature", 288.15)?; // K
/// # Ok::<(), signalk_plugin_sdk::Error>(())
/// ```
///
/// # Errors
/// When the path is no path, or the value cannot be written as JSON.
pub fn set<T: Serialize>(path: &str, value: T) -> Result<()> {
    DeltaBuilder::new().value(path, value).send()
}

/// Clears one path of the own ship, by sending null.
///
/// # Errors
/// When the path is no path.
pub fn clear(path: &str) -> Result<()> {
    set(path, ())
}

/// Sends a delta of your own type, as long as it serializes to the shape
/// `{"updates":[{"values":[{"path":…,"value":…}]}]}`.
///
/// Leave out `context` for the own ship, and `$source` and `timestamp`: the server fills them in.
///
/// # Errors
/// When the delta cannot be written as JSON, and as [`send_json`].
pub fn send<T: Serialize + ?Sized>(delta: &T, version: DeltaVersion) -> Result<()> {
    send_text(json::to_string(delta)?, version)
}

/// Sends a delta that is JSON text already. What [`send`] says about it holds here, too.
///
/// # Errors
/// When the text is not JSON, or no delta: the server would drop it, or a part of it, without a word.
pub fn send_json(delta: &str, version: DeltaVersion) -> Result<()> {
    send_text(delta.to_owned(), version)
}

fn send_text(delta: String, version: DeltaVersion) -> Result<()> {
    shape::check(&delta).context("the delta was not sent")?;
    outbox::delta(delta, version);
    Ok(())
}

/// A delta to be sent: several values and metadata in one update.
///
/// ```
/// use signalk_plugin_sdk::delta::{DeltaBuilder, Meta};
///
/// DeltaBuilder::new()
///     .value("navigation.anchor.currentRadius", 31.5)
///     .meta("navigation.anchor.currentRadius", Meta::new("m", "Distance to the anchor"))
///     .send()?;
/// # Ok::<(), signalk_plugin_sdk::Error>(())
/// ```
#[derive(Debug, Default)]
#[must_use = "a delta goes out when `send` is called"]
pub struct DeltaBuilder {
    context: Option<String>,
    version: DeltaVersion,
    timestamp: Option<String>,
    values: ListWriter,
    meta: ListWriter,
    mistake: Option<Error>,
}

impl DeltaBuilder {
    /// An empty delta about the own ship, for the v1 data model.
    pub fn new() -> Self {
        Self::default()
    }

    /// About another vessel, `vessels.urn:mrn:imo:mmsi:244123456` for example.
    pub fn context(mut self, context: &str) -> Self {
        self.mistake = self.mistake.or(shape::check_context(context).err());
        self.context = Some(context.to_owned());
        self
    }

    /// For the v2 data model, or v1.
    pub fn version(mut self, version: DeltaVersion) -> Self {
        self.version = version;
        self
    }

    /// When the values were measured (ISO 8601, UTC; see [`clock::format_rfc3339`](crate::clock::format_rfc3339)),
    /// where that was not just now.
    pub fn timestamp(mut self, timestamp: &str) -> Self {
        self.mistake = self.mistake.or(shape::check_timestamp(timestamp).err());
        self.timestamp = Some(timestamp.to_owned());
        self
    }

    /// Adds a value, in the units of the Signal K schema. A mistake is told by [`Self::send`].
    pub fn value<T: Serialize>(mut self, path: &str, value: T) -> Self {
        // The empty path is for values at the root of the context.
        let checked = if path.is_empty() { Ok(()) } else { path::check(path) };
        let added = checked.and_then(|()| pair(&mut self.values, path, &value));
        self.mistake = self.mistake.or(added.err());
        self
    }

    /// Adds metadata, a [`Meta`](super::Meta) or any object of your own.
    pub fn meta<T: Serialize>(mut self, path: &str, meta: T) -> Self {
        let added = path::check(path).and_then(|()| pair(&mut self.meta, path, &meta));
        self.mistake = self.mistake.or(added.err());
        self
    }

    /// Sends it: at once from outside a handler, and from inside one when the handler returns.
    ///
    /// # Errors
    /// When a path, the context or the timestamp is none, or a value cannot be written as JSON; then
    /// nothing is sent.
    pub fn send(self) -> Result<()> {
        let version = self.version;
        let text = self.into_json()?;
        outbox::delta(text, version);
        Ok(())
    }

    fn into_json(self) -> Result<String> {
        if let Some(mistake) = self.mistake {
            return Err(mistake);
        }
        let mut update = ObjectWriter::new().string_if("timestamp", self.timestamp.as_deref());
        update.add("values", &self.values.end());
        if !self.meta.is_empty() {
            update.add("meta", &self.meta.end());
        }
        let mut updates = ListWriter::new();
        updates.push(&update.end());
        let delta = ObjectWriter::new().string_if("context", self.context.as_deref());
        Ok(delta.json("updates", &updates.end()).end())
    }
}

/// Appends `{"path":…,"value":…}`, all of it or nothing.
fn pair<T: Serialize>(list: &mut ListWriter, path: &str, value: &T) -> Result<()> {
    let value = json::to_string(value)?;
    list.push(&ObjectWriter::new().string("path", path).json("value", &value).end());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_values_and_metadata_go_into_one_update() {
        let json = DeltaBuilder::new()
            .value("a.b", 1.5)
            .value("a.c", "text")
            .meta("a.b", super::super::Meta::new("m", "A length"))
            .into_json()
            .unwrap();
        assert_eq!(
            json,
            r#"{"updates":[{"values":[{"path":"a.b","value":1.5},{"path":"a.c","value":"text"}],"meta":[{"path":"a.b","value":{"units":"m","description":"A length"}}]}]}"#
        );
    }

    #[test]
    fn context_and_timestamp_are_sent_where_they_are_given() {
        let json = DeltaBuilder::new()
            .context("vessels.x\"y")
            .timestamp("2026-01-01T00:00:00Z")
            .value("a", ())
            .into_json()
            .unwrap();
        assert_eq!(
            json,
            r#"{"context":"vessels.x\"y","updates":[{"timestamp":"2026-01-01T00:00:00Z","values":[{"path":"a","value":null}]}]}"#
        );
    }

    #[test]
    fn a_wrong_path_is_an_error_that_says_what_to_write() {
        for (path, hint) in [
            ("navigation/position", "dots instead of slashes"),
            ("vessels.self.navigation.position", "leave out the context"),
            ("navigation..position", "is empty"),
            (".navigation", "is empty"),
            ("navigation. position", "white space"),
            ("navigation.*", "star"),
        ] {
            let error = DeltaBuilder::new().value(path, 1).into_json().unwrap_err();
            assert!(error.to_string().contains(hint), "{path}: {error}");
        }
        assert!(DeltaBuilder::new().meta("", 1).into_json().is_err());
    }

    #[test]
    fn the_first_mistake_is_the_one_that_is_told() {
        let error = DeltaBuilder::new()
            .value("a/b", 1)
            .value("", 1)
            .value("c d", 1)
            .into_json()
            .unwrap_err();
        assert!(error.to_string().contains("a/b"), "{error}");
    }

    #[test]
    fn a_context_and_a_time_that_are_none_are_refused() {
        for context in ["", "vessels", "vessels.", ".x", "vessels. x", "vessels.*", "vessels/x"] {
            let error = DeltaBuilder::new().context(context).value("a", 1).into_json().unwrap_err();
            assert!(error.to_string().contains("is not a context"), "{context}: {error}");
        }
        for context in ["vessels.self", "vessels.urn:mrn:imo:mmsi:244123456", "aton.urn:mrn:x"] {
            assert!(DeltaBuilder::new().context(context).into_json().is_ok(), "{context}");
        }
        for time in
            ["", "x", "1700000000", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01 00:00:00Z"]
        {
            let error = DeltaBuilder::new().timestamp(time).value("a", 1).into_json().unwrap_err();
            assert!(error.to_string().contains("is not a time"), "{time}: {error}");
        }
        for time in
            ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.123456Z", "2026-01-01T00:00:00+01:00"]
        {
            assert!(DeltaBuilder::new().timestamp(time).into_json().is_ok(), "{time}");
        }
    }
}
