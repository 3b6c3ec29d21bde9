//! The one line that the boat's owner sees: status, or what went wrong.
//!
//! An error of a handler stays until that very handler succeeds again; then the last status comes
//! back. While one stays, a new status is kept and shown afterwards.

use std::cell::RefCell;

use crate::error::{ConfigError, Error};
use crate::sys;

#[derive(Default)]
struct Report {
    status: String,
    /// What the author reported by hand, until the next status.
    error: Option<String>,
    /// The handlers that failed last time, the newest failure last.
    failing: Vec<(&'static str, String)>,
    shown: Option<Line>,
}

#[derive(Clone, PartialEq)]
enum Line {
    Status(String),
    Error(String),
}

impl Report {
    fn line(&self) -> Line {
        match (self.failing.last(), &self.error) {
            (Some((_, text)), _) | (None, Some(text)) => Line::Error(text.clone()),
            (None, None) => Line::Status(self.status.clone()),
        }
    }

    /// What has to be shown now, where it differs from what is shown.
    fn change(&mut self) -> Option<Line> {
        let line = self.line();
        if self.shown.as_ref() == Some(&line) {
            return None;
        }
        self.shown = Some(line.clone());
        Some(line)
    }
}

thread_local! {
    static REPORT: RefCell<Report> = RefCell::new(Report::default());
}

fn update(change: impl FnOnce(&mut Report)) {
    let line = REPORT.with_borrow_mut(|report| {
        change(report);
        report.change()
    });
    match line {
        Some(Line::Status(text)) => sys::set_status(&text),
        Some(Line::Error(text)) => sys::set_error(&text),
        None => {}
    }
}

pub(crate) fn status(text: &str) {
    update(|report| {
        text.clone_into(&mut report.status);
        report.error = None;
    });
}

pub(crate) fn error(text: &str) {
    update(|report| report.error = Some(text.to_owned()));
}

/// Turns the outcome of a handler into what the host shows. The only place that does.
pub(crate) fn outcome(handler: &'static str, outcome: Result<(), Error>) {
    let text = match outcome {
        Ok(()) => {
            return update(|report| report.failing.retain(|(name, _)| *name != handler));
        }
        Err(error) if error.find::<ConfigError>().is_some() => error.to_string(),
        Err(error) => format!("{handler}: {error}"),
    };
    fails(handler, text);
}

/// Shows `text` as the error of `who` until its outcome is a good one. What the runtime itself
/// reports goes by names that no handler can have.
pub(crate) fn fails(who: &'static str, text: String) {
    log::error!("{text}");
    update(|report| {
        report.failing.retain(|(name, _)| *name != who);
        report.failing.push((who, text));
    });
}

/// Whether the author has set a status since the last reset.
pub(crate) fn has_status() -> bool {
    REPORT.with_borrow(|report| !report.status.is_empty() || report.error.is_some())
}

/// Forgets all of an earlier start, what is shown included: the next line is sent in any case.
pub(crate) fn reset() {
    REPORT.with_borrow_mut(|report| *report = Report::default());
}
