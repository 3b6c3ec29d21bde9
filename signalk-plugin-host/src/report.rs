//! All that a check finds.

use std::fmt;

use crate::problem::{Problem, Severity};

/// The problems that a check found, in the order of the rules. Its text has one line a problem.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    problems: Vec<Problem>,
}

impl Report {
    /// Everything found.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The problems that keep the plugin from working.
    pub fn errors(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|problem| problem.severity() == Severity::Error)
    }

    /// The problems that do not.
    pub fn warnings(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|problem| problem.severity() == Severity::Warning)
    }

    /// Tells whether there is any error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.errors().next().is_some()
    }

    pub(crate) fn only(&self, severity: Severity) -> Self {
        self.problems.iter().filter(|problem| problem.severity() == severity).cloned().collect()
    }

    pub(crate) fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        self.problems.extend(problems);
    }
}

impl FromIterator<Problem> for Report {
    fn from_iter<T: IntoIterator<Item = Problem>>(problems: T) -> Self {
        Self { problems: problems.into_iter().collect() }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            let severity = match problem.severity() {
                Severity::Error => "error",
                Severity::Warning => "warning",
            };
            write!(f, "{severity}: {problem}")?;
        }
        Ok(())
    }
}
