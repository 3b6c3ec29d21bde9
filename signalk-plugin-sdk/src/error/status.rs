//! An error that says with which status a request is answered.

use std::fmt;

use super::Error;

/// An error with the HTTP status to answer with, for handlers of HTTP and of PUT.
///
/// ```
/// use signalk_plugin_sdk::http::StatusError;
///
/// let error = StatusError::new(409, "the anchor is down already");
/// assert_eq!(error.status(), 409);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct StatusError {
    status: u16,
    message: String,
}

impl StatusError {
    /// An error that is answered with `status`, from 400 to 599; another becomes 500.
    pub fn new(status: u16, message: impl Into<String>) -> Self {
        let status = if (400..600).contains(&status) { status } else { 500 };
        Self { status, message: message.into() }
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }
}

impl fmt::Display for StatusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// As `Display`: what would quote the text takes five kilobytes, and it is in every .wasm that makes
/// an error of it.
impl fmt::Debug for StatusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StatusError {}

/// An error that is answered with 404, for what a request names and is not there.
///
/// ```
/// use signalk_plugin_sdk::Result;
/// use signalk_plugin_sdk::http::{self, Path};
///
/// fn line(lines: &[String], Path(number): Path<usize>) -> Result<&String> {
///     lines.get(number).ok_or_else(|| http::not_found(format!("there is no line {number}")))
/// }
/// assert_eq!(line(&[], Path(3)).unwrap_err().to_string(), "there is no line 3");
/// ```
pub fn not_found(message: impl Into<String>) -> Error {
    StatusError::new(404, message).into()
}

/// What a client has sent is wrong.
pub(crate) fn clients_mistake(error: &impl fmt::Display) -> Error {
    StatusError::new(400, error.to_string()).into()
}

/// The status to answer with: that of a [`StatusError`], else 500.
pub(crate) fn status_of(error: &Error) -> u16 {
    error.downcast_ref::<StatusError>().map_or(500, StatusError::status)
}
