//! Settings that nobody is to read by chance.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// By this name the reader knows that what it finds is not to be told.
pub(crate) const NAME: &str = "signalk_plugin_sdk::config::Secret";

/// A password, a token: a text that stands in no log, no status line and no error.
///
/// The form shows it as dots. `{:?}` gives none of it, there is no `Display`, and an error about a
/// setting of the wrong kind does not quote it. [`Secret::reveal`] gives the text where it is used.
///
/// In the server's file it stands as it is: who can read that can read it, and so can everyone who is
/// an administrator of the server. With `DEBUG=signalk:wasm:*` the server itself logs whole
/// configurations.
///
/// ```
/// use signalk_plugin_sdk::config::Secret;
/// use signalk_plugin_sdk::prelude::*;
///
/// #[derive(Debug, Deserialize, JsonSchema)]
/// pub struct Config {
///     /// Token of the weather service
///     token: Secret,
/// }
///
/// let config: Config = signalk_plugin_sdk::json::from_str(r#"{"token":"hunter2"}"#)?;
/// assert_eq!(format!("{config:?}"), "Config { token: *** }");
/// assert_eq!(config.token.reveal(), "hunter2");
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether it was left empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// As the text that it is, so that a configuration can be saved.
impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(NAME, SecretVisitor)
    }
}

struct SecretVisitor;

impl<'de> Visitor<'de> for SecretVisitor {
    type Value = Secret;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Secret, D::Error> {
        String::deserialize(inner).map(Secret)
    }
}

impl JsonSchema for Secret {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "password" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[derive(Debug, Deserialize, Serialize, JsonSchema)]
    struct Config {
        /// Token
        token: Secret,
        #[serde(default)]
        other: Option<Secret>,
    }

    #[test]
    fn errors_do_not_quote_it_and_name_the_setting() {
        for wrong in ["7319", "[\"hunter2\"]", "{\"a\":\"hunter2\"}", "true", "null", "\"hunt"] {
            let error = json::from_str::<Config>(&format!("{{\"token\":{wrong}}}"))
                .unwrap_err()
                .to_string();
            for part in ["7319", "hunter2", "hunt"] {
                assert!(!error.contains(part), "{error}");
            }
        }
        let error = json::from_str::<Config>("{\"token\":7319}").unwrap_err().to_string();
        assert_eq!(
            error,
            "token: found something else (not shown, for it is secret), expected a text"
        );
        let error =
            json::from_str::<Config>("{\"token\":\"a\",\"other\":5}").unwrap_err().to_string();
        assert!(error.starts_with("other: found something else"), "{error}");
    }

    #[test]
    fn it_is_saved_as_it_is_and_shown_as_nothing() {
        let config: Config = json::from_str("{\"token\":\"hunter2\"}").unwrap();
        assert_eq!(json::to_string(&config).unwrap(), r#"{"token":"hunter2","other":null}"#);
        assert_eq!(format!("{config:?}"), "Config { token: ***, other: None }");
        assert_eq!(config.token.reveal(), "hunter2");
    }

    #[test]
    fn the_form_shows_dots() {
        let schema = crate::schema::of::<Config>();
        assert!(
            schema.contains(r#""token":{"type":"string","format":"password","title":"Token"}"#),
            "{schema}"
        );
    }

    #[test]
    fn other_formats_read_it_too() {
        let config: Config = serde_json::from_str("{\"token\":\"hunter2\"}").unwrap();
        assert_eq!(config.token.reveal(), "hunter2");
    }
}
