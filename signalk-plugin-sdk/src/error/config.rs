//! A wrong setting.

use std::error::Error as StdError;
use std::fmt;

use serde::Serialize;

use crate::json;

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
#[derive(Clone, PartialEq, Eq)]
pub struct ConfigError {
    field: String,
    /// The label in the form, once that was looked up.
    label: Option<String>,
    problem: String,
}

impl ConfigError {
    /// An error about `field`, by its path in the configuration (`"anchor.latitude"`,
    /// `"engines[3].id"`); an empty path means the configuration as a whole. The owner reads the labels
    /// of the form instead, `Engines, 4th: Id`, where `start` returns it.
    pub fn new(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { field: field.into(), label: None, problem: problem.into() }
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
        let found = json::to_string(found).unwrap_or_default();
        Self::new(field, format!("found {found}, expected {expected}"))
    }

    /// Returns [`Self::expected`] as an error unless a condition holds: for settings that depend on one
    /// another. Limits of a single one belong in its type, `#[schemars(range(min = 1.0))]`; the form
    /// shows them, and nothing outside of them gets to `start`.
    ///
    /// ```
    /// use signalk_plugin_sdk::ConfigError;
    ///
    /// let (warning, alarm) = (60, 50);
    /// let outcome = ConfigError::ensure(warning < alarm, "warning", &warning, "less than alarm");
    /// assert_eq!(
    ///     outcome.unwrap_err().to_string(),
    ///     "Configuration: warning: found 60, expected less than alarm"
    /// );
    /// ```
    ///
    /// # Errors
    /// Where the condition does not hold.
    pub fn ensure<T: Serialize + ?Sized>(
        holds: bool,
        field: &str,
        found: &T,
        expected: &str,
    ) -> Result<(), Self> {
        if holds { Ok(()) } else { Err(Self::expected(field, found, expected)) }
    }

    /// Returns a setting that may be left out where it cannot be, as where another one needs it; or the error that
    /// says so. What is always needed is a field that is no `Option`.
    ///
    /// ```
    /// use signalk_plugin_sdk::ConfigError;
    ///
    /// let (name, port) = (None::<String>, Some(10110));
    /// assert_eq!(ConfigError::require(port, "port", "the gateway's"), Ok(10110));
    /// assert_eq!(
    ///     ConfigError::require(name, "host", "the gateway's name or address").unwrap_err().to_string(),
    ///     "Configuration: host: is not set, expected the gateway's name or address"
    /// );
    /// ```
    ///
    /// # Errors
    /// Where there is none.
    pub fn require<T>(value: Option<T>, field: &str, expected: &str) -> Result<T, Self> {
        value.ok_or_else(|| Self::new(field, ["is not set, expected ", expected].concat()))
    }

    /// The path of the setting in the configuration, empty for the whole of it.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    pub(crate) fn problem(&self) -> &str {
        &self.problem
    }

    /// As it is told to the owner.
    pub(crate) fn tell(&mut self, label: String, problem: String) {
        self.label = Some(label);
        self.problem = problem;
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Configuration: ")?;
        let label = self.label.as_ref().unwrap_or(&self.field);
        if !label.is_empty() {
            f.write_str(label)?;
            f.write_str(": ")?;
        }
        f.write_str(&self.problem)
    }
}

impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl StdError for ConfigError {}
