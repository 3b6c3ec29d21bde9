//! What a handler takes from a request.

use serde::de::DeserializeOwned;

use super::Request;
use super::response::StatusError;
use crate::error::{Error, Result};
use crate::json;

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
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Query<T>(pub T);

/// The named parts of the path: a struct with a field for each `:name`, or the value itself where
/// there is one.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Path<T>(pub T);

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
        json::from_texts(request.query).map(Self).map_err(|error| bad("the query", &error))
    }
}

impl<T: DeserializeOwned> FromRequest for Path<T> {
    fn from_request(request: &Request<'_>) -> Result<Self> {
        let params = json::object(request.params).map_err(|error| bad("the path", &error))?;
        // The value itself, where there is one; or a struct of one field.
        if let [(_, value)] = params.as_slice() {
            let single = json::from_texts(value).map(Self);
            let group = || json::from_texts(request.params).map(Self);
            return single.or_else(|error| group().map_err(|_| bad("the path", &error)));
        }
        json::from_texts(request.params).map(Self).map_err(|error| bad("the path", &error))
    }
}
