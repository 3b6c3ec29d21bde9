//! Errors: anything that `?` takes, the one that says which setting is wrong, and the one that says
//! with which status a request is answered.

mod bail;
mod config;
mod status;

use std::error::Error as StdError;
use std::fmt;

use crate::json;
use crate::net::NetError;

pub(crate) use bail::{bail, ensure};
pub use config::ConfigError;
pub use status::{StatusError, not_found};
pub(crate) use status::{clients_mistake, status_of};

/// What handlers return.
pub type Result<T = (), E = Error> = std::result::Result<T, E>;

/// Any error. `?` turns every [`std::error::Error`] into one; [`bail!`](crate::bail) and
/// [`ensure!`](crate::ensure) make one of a text, [`Context`] says more about one.
///
/// It does what `anyhow::Error` does in a tenth of the code. A handler may as well return
/// `anyhow::Result`, or a `Result` with `String` or with a boxed error. An `anyhow::Error` hides what
/// it was made of: a [`ConfigError`] or a [`StatusError`] that is to count
/// as one belongs into this `Result`.
///
/// Its text is the error and its causes: `reading the tide table: unexpected end of file`.
pub struct Error(Box<dyn StdError + Send + Sync>);

impl Error {
    /// An error that is a text.
    #[must_use]
    pub fn msg(message: impl Into<String>) -> Self {
        Self(Box::new(Message(message.into())))
    }

    /// Returns the error as `E` or, if it is of another type, the first of its causes that is one.
    #[must_use]
    pub fn downcast_ref<E: StdError + 'static>(&self) -> Option<&E> {
        self.chain().find_map(|error| error.downcast_ref())
    }

    /// The error with a text in front, which says what was being done.
    #[must_use]
    pub fn context(self, context: impl Into<String>) -> Self {
        wrap(context.into(), self.0)
    }

    /// Tells whether its text tells a reader what it is about, without the name of the function that it
    /// comes from: it was written for people, by the plugin's author or in this crate.
    pub(crate) fn speaks_for_itself(&self) -> bool {
        let error = &*self.0;
        #[cfg(feature = "fetch")]
        if error.is::<crate::fetch::Error>() {
            return true;
        }
        error.is::<Message>()
            || error.is::<WithContext>()
            || error.is::<WrongValue>()
            || error.is::<NetError>()
            || self.downcast_ref::<ConfigError>().is_some()
    }

    /// As [`Self::downcast_ref`] of a [`ConfigError`], to say it in other words.
    pub(crate) fn config_error_mut(&mut self) -> Option<&mut ConfigError> {
        let mut error: &mut (dyn StdError + 'static) = &mut *self.0;
        while error.is::<WithContext>() {
            error = &mut *error.downcast_mut::<WithContext>()?.source;
        }
        error.downcast_mut()
    }

    fn chain(&self) -> impl Iterator<Item = &(dyn StdError + 'static)> {
        let first: &(dyn StdError + 'static) = &*self.0;
        std::iter::successors(Some(first), |&error| error.source())
    }
}

impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

impl From<Error> for Box<dyn StdError + Send + Sync> {
    fn from(error: Error) -> Self {
        error.0
    }
}

/// From what a handler may return as its error.
pub(crate) fn from_any(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
    Error(error.into())
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.chain().enumerate() {
            if index > 0 {
                f.write_str(": ")?;
            }
            fmt::Display::fmt(error, f)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Says what was being done when an error came, or what is missing where there is `None`.
///
/// ```
/// use signalk_plugin_sdk::prelude::*;
///
/// fn port(text: &str) -> Result<u16> {
///     text.parse().context("reading the port")
/// }
/// assert_eq!(port("x").unwrap_err().to_string(), "reading the port: invalid digit found in string");
/// ```
pub trait Context<T> {
    /// Puts `context` in front of the error.
    ///
    /// # Errors
    /// Where there was one, or `None`.
    fn context(self, context: impl Into<String>) -> Result<T>;

    /// As [`Self::context`], for a text that is made only where it is needed.
    ///
    /// # Errors
    /// Where there was one, or `None`.
    fn with_context(self, context: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: Into<Box<dyn StdError + Send + Sync>>> Context<T> for std::result::Result<T, E> {
    fn context(self, context: impl Into<String>) -> Result<T> {
        self.map_err(|error| wrap(context.into(), error.into()))
    }

    fn with_context(self, context: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|error| wrap(context(), error.into()))
    }
}

impl<T> Context<T> for Option<T> {
    fn context(self, context: impl Into<String>) -> Result<T> {
        self.ok_or_else(|| Error::msg(context))
    }

    fn with_context(self, context: impl FnOnce() -> String) -> Result<T> {
        self.ok_or_else(|| Error::msg(context()))
    }
}

/// A text as an error. The standard library's own brings the code that quotes text for debugging.
struct Message(String);

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Message {}

fn wrap(context: String, source: Box<dyn StdError + Send + Sync>) -> Error {
    Error(Box::new(WithContext { context, source }))
}

struct WithContext {
    context: String,
    source: Box<dyn StdError + Send + Sync>,
}

impl fmt::Display for WithContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.context)
    }
}

impl fmt::Debug for WithContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl StdError for WithContext {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}

/// A value of the data model that is not of a handler's type. It says itself where it is.
#[derive(Debug)]
pub(crate) struct WrongValue(pub(crate) json::Error);

impl fmt::Display for WrongValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl StdError for WrongValue {}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails() -> Result<(), std::num::ParseIntError> {
        "x".parse::<u8>().map(drop)
    }

    #[test]
    fn an_error_shows_its_causes_and_finds_them() {
        let error = fails().context("inner").context("outer").unwrap_err();
        assert_eq!(error.to_string(), "outer: inner: invalid digit found in string");
        assert!(error.downcast_ref::<std::num::ParseIntError>().is_some());
        assert!(error.downcast_ref::<ConfigError>().is_none());
        let wrapped: Result<()> = Err(ConfigError::new("a", "b")).context("start");
        assert!(wrapped.unwrap_err().downcast_ref::<ConfigError>().is_some());
    }

    #[test]
    fn nothing_becomes_an_error_that_says_what_is_missing() {
        let error = None::<u8>.context("no position yet").unwrap_err();
        assert_eq!(error.to_string(), "no position yet");
    }

    #[test]
    fn what_was_written_for_people_needs_no_name_of_a_function() {
        let written: [Error; 4] = [
            Error::msg("the pump is off"),
            fails().context("reading the port").unwrap_err(),
            ConfigError::new("port", "is taken").into(),
            WrongValue(json::from_str::<u8>("-1").unwrap_err().in_key("a.b")).into(),
        ];
        for error in written {
            assert!(error.speaks_for_itself(), "{error}");
        }
        assert!(!Error::from(fails().unwrap_err()).speaks_for_itself());
    }

    #[test]
    fn an_error_of_a_setting_is_found_below_what_was_said_of_it() {
        let mut error =
            Err::<(), _>(ConfigError::new("a", "b")).context("c").context("d").unwrap_err();
        error.config_error_mut().unwrap().tell("The a".into(), "is b".into());
        assert_eq!(error.to_string(), "d: c: Configuration: The a: is b");
        assert!(Error::msg("x").config_error_mut().is_none());
    }

    #[test]
    fn texts_and_boxed_errors_are_errors_too() {
        assert_eq!(from_any("text").to_string(), "text");
        assert_eq!(from_any(String::from("text")).to_string(), "text");
        let boxed: Box<dyn StdError + Send + Sync> = Box::new(fails().unwrap_err());
        assert!(from_any(boxed).downcast_ref::<std::num::ParseIntError>().is_some());
        assert_eq!(from_any(Error::msg("own")).to_string(), "own");
    }
}
