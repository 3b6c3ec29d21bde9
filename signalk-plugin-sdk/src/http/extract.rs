//! What a handler takes from a request.

use std::borrow::Cow;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};

use super::Request;
use super::texts::from_texts;
use crate::error::{Error, Result, StatusError, WrongValue};
use crate::{captures, json};

/// Something that a handler can take as a parameter.
#[diagnostic::on_unimplemented(
    message = "a handler of HTTP cannot take `{Self}`",
    label = "take `Json<{Self}>`, `Query<{Self}>`, `Path<{Self}>` or `&Request`"
)]
pub trait FromRequest: Sized {
    /// Takes it.
    ///
    /// # Errors
    /// When the request does not have it, or has something else; a [`StatusError`] says with which
    /// status to answer.
    fn from_request(request: &Request<'_>) -> Result<Self>;
}

/// The body of a request as a type of your own, or an answer as JSON.
///
/// A body that does not fit is answered with 400 and an error that names the field.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Json<T>(pub T);

/// The query (`?most=10&kind=a`) as a type of your own, whose fields may be numbers and booleans;
/// a key that is given several times fits a list.
///
/// A key without a value (`?most=`) is an empty text; where that does not fit, the key counts as not
/// given, so that it is `None` for an `Option<u32>`.
///
/// The fields of `#[serde(flatten)]`, and of enums with `tag` or `untagged`, are read by serde before it
/// knows their type, and so are texts: numbers and booleans among them take [`from_text`].
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Query<T>(pub T);

/// The named parts of the path: a struct with a field for each `:name`, or the value itself where
/// there is one. Handlers of deltas take it, too, with `#[delta("propulsion.:id.revolutions")]`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Path<T>(pub T);

/// What a handler of deltas takes from the path of a value.
pub trait FromPath: Sized {
    /// Takes it from a path that fits one of the patterns.
    ///
    /// # Errors
    /// When a part does not fit the type.
    fn from_path(patterns: &[&str], path: &str) -> Result<Self>;
}

impl<T: DeserializeOwned> FromPath for Path<T> {
    fn from_path(patterns: &[&str], path: &str) -> Result<Self> {
        let parts = captures::parts_of(patterns, path);
        Self::from_parts(&parts).map_err(|error| WrongValue(error.in_key(path)).into())
    }
}

fn bad(what: &str, error: &json::Error) -> Error {
    StatusError::new(400, format!("{what}: {error}")).into()
}

impl<T: DeserializeOwned> FromRequest for Json<T> {
    fn from_request(request: &Request<'_>) -> Result<Self> {
        json::from_str(request.body).map(Self).map_err(|error| bad("the body", &error))
    }
}

impl<T: DeserializeOwned> FromRequest for Query<T> {
    fn from_request(request: &Request<'_>) -> Result<Self> {
        let mut query = Cow::Borrowed(request.query);
        let mut first = None;
        loop {
            let error = match from_texts(&query) {
                Ok(value) => return Ok(Self(value)),
                Err(error) => error,
            };
            let rest = without_empty(&query, error.path());
            let first = first.get_or_insert(error);
            match rest {
                Some(rest) => query = Cow::Owned(rest),
                None => return Err(bad("the query", first)),
            }
        }
    }
}

/// The query without a key that has an empty value; `None` where there is no such key.
fn without_empty(query: &str, key: &str) -> Option<String> {
    let mut entries = json::object(query).ok()?;
    let at = entries.iter().position(|(name, value)| name == key && *value == "\"\"")?;
    entries.remove(at);
    Some(json::object_of(entries.iter().map(|(name, value)| (&**name, *value))))
}

/// A number or a boolean out of a text, for a field of a [`Query`] or [`Path`] that serde hands over as
/// a text.
///
/// ```
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Search {
///     name: Option<String>,
///     #[serde(flatten)]
///     part: Part,
/// }
///
/// #[derive(Deserialize)]
/// struct Part {
///     #[serde(deserialize_with = "signalk_plugin_sdk::http::from_text")]
///     first: usize,
///     #[serde(default, deserialize_with = "signalk_plugin_sdk::http::from_text")]
///     most: Option<usize>, // also for `?most=`
/// }
/// ```
///
/// # Errors
/// When the text is not what the field takes.
pub fn from_text<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> std::result::Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    let json = if text.is_empty() { "null".to_owned() } else { json::quoted(&text) };
    from_texts(&json).map_err(D::Error::custom)
}

impl<T: DeserializeOwned> FromRequest for Path<T> {
    fn from_request(request: &Request<'_>) -> Result<Self> {
        Self::from_parts(request.params).map_err(|error| bad("the path", &error))
    }
}

impl<T: DeserializeOwned> Path<T> {
    /// Reads it from an object of strings.
    fn from_parts(parts: &str) -> Result<Self, json::Error> {
        let list = json::object(parts)?;
        // The value itself, where there is one; or a struct of one field.
        if let [(_, value)] = list.as_slice() {
            let single = from_texts(value).map(Self);
            return single.or_else(|error| from_texts(parts).map(Self).map_err(|_| error));
        }
        from_texts(parts).map(Self)
    }
}
