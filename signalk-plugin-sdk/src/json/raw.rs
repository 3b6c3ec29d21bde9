//! JSON that is kept as it came.

use std::fmt;

use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor};
use serde::ser::{Error as _, Serializer};
use serde::{Deserialize, Serialize};

use super::parser::{Parser, check_readable};
use super::ser::Writer;
use super::{Error, foreign, from_str, to_string};

/// A piece of JSON of any shape, kept as text: for what a plugin passes on without looking at it,
/// or reads later.
///
/// ```
/// use signalk_plugin_sdk::json::{self, Raw};
/// use signalk_plugin_sdk::serde::Deserialize;
///
/// #[derive(Deserialize)]
/// # #[serde(crate = "signalk_plugin_sdk::serde")]
/// struct Feature {
///     id: u32,
///     properties: Raw,
/// }
///
/// let feature: Feature = json::from_str(r#"{"id":7,"properties":{"depth": 2.5}}"#)?;
/// assert_eq!(feature.properties.as_str(), r#"{"depth": 2.5}"#);
/// # Ok::<(), signalk_plugin_sdk::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Raw(Box<str>);

impl Raw {
    /// Takes a text that is JSON.
    ///
    /// # Errors
    /// When it is not.
    pub fn parse(text: &str) -> Result<Self, Error> {
        check_readable(text)?;
        Ok(Self(text.into()))
    }

    /// Writes a value.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn from_value<T: Serialize + ?Sized>(value: &T) -> Result<Self, Error> {
        Ok(Self(to_string(value)?.into()))
    }

    /// Reads it as a type of your own.
    ///
    /// # Errors
    /// When it does not fit the type.
    pub fn deserialize<T: DeserializeOwned>(&self) -> Result<T, Error> {
        from_str(&self.0)
    }

    /// The text, white space between its parts included.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `null`.
impl Default for Raw {
    fn default() -> Self {
        Self("null".into())
    }
}

/// Written value by value, so that every format has it as what it is and not as a text.
impl Serialize for Raw {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // It was checked when it was made, so an error is the serializer's.
        serde_transcode::transcode(&mut Parser::new(&self.0), serializer).map_err(S::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(foreign::OWN_RAW, RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    /// From this crate's reader: the text itself.
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Raw, E> {
        Ok(Raw(text.into()))
    }

    /// From any other: what it holds, written anew.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Raw, D::Error> {
        let mut out = String::new();
        serde_transcode::transcode(inner, &mut Writer::new(&mut out)).map_err(D::Error::custom)?;
        Ok(Raw(out.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[derive(Debug, Deserialize, Serialize, PartialEq)]
    struct Outer {
        inner: Raw,
        #[serde(flatten)]
        rest: BTreeMap<String, Raw>,
    }

    const TEXT: &str =
        r#"{"inner":{"b":[1,-2,2.5,"\u00e9\n",null],"a":true},"more":{"x":[]},"n":1}"#;

    #[test]
    fn it_is_kept_as_it_came_and_written_as_it_is() {
        let list: Vec<Raw> = from_str(r#"[ {"a" : 1e2}, "x", null ]"#).unwrap();
        let texts: Vec<_> = list.iter().map(Raw::as_str).collect();
        assert_eq!(texts, [r#"{"a" : 1e2}"#, r#""x""#, "null"]);
        assert_eq!(to_string(&list).unwrap(), r#"[{"a":100.0},"x",null]"#);
        assert_eq!(list[1].deserialize::<String>().unwrap(), "x");
        assert!(list[1].deserialize::<u8>().is_err());
    }

    #[test]
    fn what_is_left_over_can_be_kept_and_other_formats_have_it_too() {
        let outer: Outer = from_str(TEXT).unwrap();
        assert_eq!(outer.rest["more"].as_str(), r#"{"x":[]}"#);
        let value = serde_json::to_value(&outer).unwrap();
        assert_eq!(value, serde_json::from_str::<serde_json::Value>(TEXT).unwrap());
        let again: Outer = serde_json::from_value(value).unwrap();
        assert_eq!(again.rest, outer.rest);
        assert_eq!(
            again.inner.deserialize::<BTreeMap<String, Raw>>().unwrap()["a"].as_str(),
            "true"
        );
    }

    #[test]
    fn what_is_nested_too_deeply_to_be_written_is_not_kept() {
        let nested = |depth: usize| ["[".repeat(depth), "]".repeat(depth)].concat();
        let fits = Raw::parse(&nested(127)).unwrap();
        assert_eq!(to_string(&fits).unwrap(), nested(127));
        for text in [nested(128), nested(100_000)] {
            assert!(Raw::parse(&text).unwrap_err().to_string().contains("nested too deeply"));
            assert!(from_str::<Raw>(&text).unwrap_err().to_string().contains("nested too deeply"));
        }
        let quoted = format!("[\"{}\\\"[\"]", "[".repeat(200));
        assert_eq!(Raw::parse(&quoted).unwrap().as_str(), quoted);
    }

    #[test]
    fn what_is_not_json_is_refused() {
        assert!(Raw::parse("{").is_err());
        assert!(from_str::<Vec<Raw>>("[1,}").is_err());
        assert_eq!(Raw::from_value("a\"b").unwrap().as_str(), r#""a\"b""#);
        assert_eq!(Raw::default().as_str(), "null");
    }
}
