//! The findings of a check.

use std::fmt;
use std::path::{Path, PathBuf};

pub use signalk_plugin_host::Severity;

use crate::fix::Fix;

/// One thing that is wrong. Its message says in one sentence what was found, what follows from it, and
/// what to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The name of the rule that is broken.
    pub rule: &'static str,
    /// An error keeps the plugin from working.
    pub severity: Severity,
    /// The sentence.
    pub message: String,
    /// The file to change, and the line in it.
    pub place: Option<Place>,
    /// The change, if it is mechanical.
    pub fix: Option<Fix>,
}

impl Finding {
    pub(crate) fn error(rule: &'static str, message: impl Into<String>) -> Self {
        Self::new(rule, Severity::Error, message.into())
    }

    pub(crate) fn warning(rule: &'static str, message: impl Into<String>) -> Self {
        Self::new(rule, Severity::Warning, message.into())
    }

    pub(crate) fn new(rule: &'static str, severity: Severity, message: String) -> Self {
        Self { rule, severity, message, place: None, fix: None }
    }

    pub(crate) fn at(mut self, place: impl Into<Option<Place>>) -> Self {
        self.place = place.into();
        self
    }

    pub(crate) fn fixed_by(mut self, fix: impl Into<Option<Fix>>) -> Self {
        self.fix = fix.into();
        self
    }

    /// Tells if it keeps the plugin from working.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// The word for a severity.
#[must_use]
pub fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        _ => "warning",
    }
}

/// A file, and a line in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1 on.
    pub line: Option<usize>,
}

impl Place {
    pub(crate) fn file(file: &Path) -> Self {
        Self { file: file.to_owned(), line: None }
    }

    /// The place of a byte in a text.
    pub(crate) fn of_byte(file: &Path, text: &str, byte: usize) -> Self {
        let before = text.as_bytes().get(..byte).unwrap_or_default();
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        Self { file: file.to_owned(), line: Some(line) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}", self.file.display()),
            None => write!(f, "{}", self.file.display()),
        }
    }
}
