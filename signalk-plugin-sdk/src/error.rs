//! Errors: anything that `?` takes, and the one that says which setting is wrong.

use std::fmt;

use serde::Serialize;

/// Any error, with the chain of its causes. `?` turns every `std::error::Error` into one.
///
/// This is [`anyhow::Error`]; make one from text with [`anyhow!`](crate::anyhow) or
/// [`bail!`](crate::bail), and say more about one with [`Context::context`](crate::Context::context).
pub use anyhow::Error;

/// What handlers return.
pub type Result<T = (), E = Error> = std::result::Result<T, E>;

/// A setting that the plugin cannot work with.
///
/// Returned from `start`, it tells the runtime that trying again is of no use before the
/// configuration was changed. The text is what the boat's owner reads on the dashboard.
///
/// ```
/// use signalk_plugin_sdk::prelude::*;
///
/// fn check(warning: f64, maximum: f64) -> Result<()> {
///     if warning >= maximum {
///         return Err(ConfigError::new(
///             "warningRadius",
///             format!("{warning} m is not less than the alarm radius of {maximum} m"),
///         )
///         .into());
///     }
///     Ok(())
/// }
/// assert_eq!(
///     check(60.0, 50.0).unwrap_err().to_string(),
///     "Configuration: warningRadius: 60 m is not less than the alarm radius of 50 m"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    field: String,
    problem: String,
}

impl ConfigError {
    /// An error about `field`, by its path in the configuration (`"anchor.latitude"`); an empty
    /// path means the configuration as a whole.
    pub fn new(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { field: field.into(), problem: problem.into() }
    }

    /// An error that says what was found in `field` and what was expected there, units included.
    ///
    /// ```
    /// use signalk_plugin_sdk::ConfigError;
    ///
    /// let error = ConfigError::expected("maxRadius", &-3, "at least 1 m");
    /// assert_eq!(error.to_string(), "Configuration: maxRadius: found -3, expected at least 1 m");
    /// ```
    pub fn expected<T: Serialize + ?Sized>(
        field: impl Into<String>,
        found: &T,
        expected: impl fmt::Display,
    ) -> Self {
        // As JSON, which is how it stands in the configuration.
        let found = crate::json::to_string(found).unwrap_or_default();
        Self::new(field, format!("found {found}, expected {expected}"))
    }

    /// The path of the setting in the configuration, empty for the whole of it.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.field.is_empty() {
            write!(f, "Configuration: {}", self.problem)
        } else {
            write!(f, "Configuration: {}: {}", self.field, self.problem)
        }
    }
}

impl std::error::Error for ConfigError {}
