//! The one line that the boat's owner sees: status, or what went wrong.
//!
//! An error of a handler stays until that very handler succeeds again; then the last status comes
//! back. While one stays, a new status is kept and shown afterwards.

use std::cell::RefCell;
use std::time::Duration;

use crate::error::{ConfigError, Error};
use crate::sys;

struct Report {
    status: String,
    /// What the author reported by hand, until the next status.
    error: Option<String>,
    /// The handlers that failed last time, the newest failure last.
    failing: Vec<(&'static str, String)>,
    /// Until when some of them are shown, on the monotonic clock.
    passing: Vec<(&'static str, Duration)>,
    /// What the server shows, and whether as an error.
    shown: Option<(bool, String)>,
}

impl Report {
    const fn new() -> Self {
        Self {
            status: String::new(),
            error: None,
            failing: Vec::new(),
            passing: Vec::new(),
            shown: None,
        }
    }

    /// What has to be shown, and whether as an error.
    fn line(&self) -> (bool, &str) {
        match (self.failing.last(), &self.error) {
            (Some((_, text)), _) | (None, Some(text)) => (true, text),
            (None, None) => (false, &self.status),
        }
    }
}

thread_local! {
    static REPORT: RefCell<Report> = const { RefCell::new(Report::new()) };
}

fn update(change: impl FnOnce(&mut Report)) {
    REPORT.with_borrow_mut(change);
    show();
}

/// Tells the server, where what it shows is not what it has to show.
fn show() {
    let line = REPORT.with_borrow_mut(|report| {
        let (is_error, text) = report.line();
        let shown = report.shown.as_ref().map(|(is_error, text)| (*is_error, &**text));
        if shown == Some((is_error, text)) {
            return None;
        }
        let line = (is_error, text.to_owned());
        report.shown = Some(line.clone());
        Some(line)
    });
    match line {
        Some((true, text)) => sys::set_error(&text),
        Some((false, text)) => sys::set_status(&text),
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
            // Nearly always, and for every delta.
            if !is_failing(handler) {
                return;
            }
            return update(|report| report.failing.retain(|(name, _)| *name != handler));
        }
        Err(error) if error.find::<ConfigError>().is_some() => error.to_string(),
        Err(error) => [handler, ": ", &*error.to_string()].concat(),
    };
    fails(handler, text);
}

/// Shows `text` as the error of `who` until its outcome is a good one. What the runtime itself
/// reports goes by names that no handler can have.
pub(crate) fn fails(who: &'static str, text: String) {
    sys::debug(&text);
    update(|report| {
        report.failing.retain(|(name, _)| *name != who);
        report.failing.push((who, text));
    });
}

/// Whose error it is when somebody took too long: a name that no handler can have.
pub(crate) const SLOW: &str = "a slow handler";
/// A handler that runs for so long is told of, for the whole server stands still meanwhile.
const TOO_LONG: Duration = Duration::from_secs(1);

/// Tells where a call of `who` took too long; whether it did.
pub(crate) fn took(who: &str, time: Duration) -> bool {
    let is_too_long = time >= TOO_LONG;
    if is_too_long {
        let time = time.as_millis().to_string();
        let text = [who, " took ", &*time, " ms, and the whole server stood still meanwhile"];
        fails(SLOW, text.concat());
        // A machine that was asleep for a moment is no fault of the plugin's.
        let_pass(SLOW);
    }
    is_too_long
}

/// How long an error stays that may never be followed by a success: a client's, who does not ask
/// again, or a moment's.
const PASSES_AFTER: Duration = Duration::from_secs(60);

/// As [`outcome`] of an error, for a minute.
pub(crate) fn passing(who: &'static str, error: Error) {
    outcome(who, Err(error));
    let_pass(who);
}

/// Has the error of `who` taken back after a minute, whether or not anything succeeds.
pub(crate) fn let_pass(who: &'static str) {
    let until = sys::monotonic().saturating_add(PASSES_AFTER);
    REPORT.with_borrow_mut(|report| {
        report.passing.retain(|(name, _)| *name != who);
        report.passing.push((who, until));
    });
}

/// Takes back what has been shown for long enough.
pub(crate) fn pass(now: Duration) {
    while let Some(who) = REPORT.with_borrow_mut(|report| {
        let at = report.passing.iter().position(|(_, until)| *until <= now)?;
        Some(report.passing.swap_remove(at).0)
    }) {
        outcome(who, Ok(()));
    }
}

/// The newest error of one of these.
pub(crate) fn error_of(who: &[&str]) -> Option<String> {
    REPORT.with_borrow(|report| {
        let found = report.failing.iter().rev().find(|(name, _)| who.contains(name));
        found.map(|(_, text)| text.clone())
    })
}

pub(crate) fn is_failing(who: &str) -> bool {
    REPORT.with_borrow(|report| report.failing.iter().any(|(name, _)| *name == who))
}

/// Whether the author has set a status since the last reset.
pub(crate) fn has_status() -> bool {
    REPORT.with_borrow(|report| !report.status.is_empty() || report.error.is_some())
}

/// Forgets all of an earlier start, what is shown included: the next line is sent in any case.
pub(crate) fn reset() {
    REPORT.with_borrow_mut(|report| *report = Report::new());
}
