//! The one line that the boat's owner sees: status, or what went wrong.
//!
//! An error of a handler stays until that very handler succeeds again; then the last status comes
//! back. While one stays, a new status is kept and shown afterwards.

use std::cell::RefCell;
use std::time::Duration;

use crate::advice;
use crate::boundary::{entry, imports};
use crate::error::Error;
use crate::instance::state;

/// The owner of a function that failed or took its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Start,
    Stop,
    Migrate,
    /// A handler of deltas or of time, by its name.
    Handler(&'static str),
    /// A task, by the name that the author gave it.
    Task(&'static str),
    /// All tasks together.
    Tasks,
    /// A PUT handler, by its path.
    Put(&'static str),
    /// A handler of HTTP, by method and path.
    Endpoint(&'static str, &'static str),
    /// A provider, by what it was asked for.
    Provider(&'static str),
}

impl Who {
    fn name(self) -> [&'static str; 3] {
        let name = match self {
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Migrate => "migrate",
            Self::Tasks => "a task",
            Self::Handler(name) | Self::Task(name) | Self::Put(name) | Self::Provider(name) => name,
            Self::Endpoint(method, path) => return [method, " ", path],
        };
        [name, "", ""]
    }
}

/// The subject of an error. The success of one never takes back the error of another, whatever the
/// author's functions and tasks are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// An error that somebody returned.
    Outcome(Who),
    /// That somebody took too long.
    Slow(Who),
    /// The end of the last value of the plugin.
    Crash,
    SelfVessel,
    Capability,
    LostDeltas,
    /// That the plugin answers itself.
    Loop,
    Storage,
    Notification,
}

impl Source {
    /// The words in front of an error.
    fn name(self) -> [&'static str; 3] {
        let name = match self {
            Self::Outcome(who) | Self::Slow(who) => return who.name(),
            Self::Crash => "a crash",
            Self::SelfVessel => "own ship",
            Self::Capability => "a capability",
            Self::LostDeltas => "lost deltas",
            Self::Loop => "a loop",
            Self::Storage => "storage",
            Self::Notification => "sending a notification",
        };
        [name, "", ""]
    }
}

struct Report {
    status: String,
    /// What the author reported by hand, until the next status.
    error: Option<String>,
    /// The errors, the newest last.
    failing: Vec<(Source, String)>,
    /// Until when some of them are shown, on the monotonic clock.
    transient: Vec<(Source, Duration)>,
    /// What the server shows, and whether as an error.
    displayed: Option<(bool, String)>,
}

impl Report {
    const fn new() -> Self {
        Self {
            status: String::new(),
            error: None,
            failing: Vec::new(),
            transient: Vec::new(),
            displayed: None,
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

state! {
    start static REPORT: RefCell<Report> = Report::new();
}

fn update(change: impl FnOnce(&mut Report)) {
    REPORT.with_borrow_mut(change);
    show();
}

/// Tells the server, where what it shows is not what it has to show.
fn show() {
    let line = REPORT.with_borrow_mut(|report| {
        let (is_error, text) = report.line();
        let shown = report.displayed.as_ref().map(|(is_error, text)| (*is_error, &**text));
        if shown == Some((is_error, text)) {
            return None;
        }
        let line = (is_error, text.to_owned());
        report.displayed = Some(line.clone());
        Some(line)
    });
    match line {
        Some((true, text)) => imports::set_error(&text),
        Some((false, text)) => imports::set_status(&text),
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
pub(crate) fn set_outcome(source: Source, outcome: Result<(), Error>) {
    let text = match outcome {
        Ok(()) => {
            // Nearly always, and for every delta.
            if !is_failing(source) {
                return;
            }
            return update(|report| report.failing.retain(|(other, _)| *other != source));
        }
        Err(error) => {
            let name = source.name().concat();
            // The name of a function tells an owner nothing; one of several words says what was being
            // done.
            let is_function = !name.contains(' ');
            let text = if is_function && error.speaks_for_itself() {
                error.to_string()
            } else {
                [&*name, ": ", &*error.to_string()].concat()
            };
            advice::with_advice(text)
        }
    };
    set_error(source, text);
}

/// Shows `text` as the error of `source` until its outcome is a good one.
pub(crate) fn set_error(source: Source, text: String) {
    imports::debug(&text);
    update(|report| {
        report.failing.retain(|(other, _)| *other != source);
        report.failing.push((source, text));
    });
}

/// A handler that runs for so long is told of, for the whole server stands still meanwhile.
const TOO_LONG: Duration = Duration::from_secs(1);

/// Runs a function of the author's, and tells when it took too long until it does not any more.
pub(crate) fn timed<T>(who: Who, f: impl FnOnce() -> T) -> T {
    let began = entry::now();
    let result = f();
    took(who, entry::read_clock().saturating_sub(began));
    result
}

/// Tells where a call of `who` took too long, until one does not.
pub(crate) fn took(who: Who, time: Duration) {
    let source = Source::Slow(who);
    if time < TOO_LONG {
        return set_outcome(source, Ok(()));
    }
    let time = time.as_millis().to_string();
    let text = [
        &*who.name().concat(),
        " took ",
        &*time,
        " ms, and the whole server stood still meanwhile",
    ];
    set_error(source, text.concat());
    // A machine that was asleep for a moment is no fault of the plugin's.
    expire_later(source);
}

/// How long an error stays that may never be followed by a success: a client's, who does not ask
/// again, or a moment's.
const EXPIRES_AFTER: Duration = Duration::from_secs(60);

/// As [`set_outcome`] of an error, for a minute.
pub(crate) fn set_transient(source: Source, error: Error) {
    set_outcome(source, Err(error));
    expire_later(source);
}

/// Has the error of `source` taken back after a minute, whether or not anything succeeds.
fn expire_later(source: Source) {
    let until = imports::monotonic().saturating_add(EXPIRES_AFTER);
    REPORT.with_borrow_mut(|report| {
        report.transient.retain(|(other, _)| *other != source);
        report.transient.push((source, until));
    });
}

/// Takes back what has been shown for long enough.
pub(crate) fn expire(now: Duration) {
    while let Some(source) = REPORT.with_borrow_mut(|report| {
        let at = report.transient.iter().position(|(_, until)| *until <= now)?;
        Some(report.transient.swap_remove(at).0)
    }) {
        set_outcome(source, Ok(()));
    }
}

/// The newest error of one of these.
pub(crate) fn error_of(sources: &[Source]) -> Option<String> {
    REPORT.with_borrow(|report| {
        let found = report.failing.iter().rev().find(|(source, _)| sources.contains(source));
        found.map(|(_, text)| text.clone())
    })
}

pub(crate) fn is_failing(source: Source) -> bool {
    REPORT.with_borrow(|report| report.failing.iter().any(|(other, _)| *other == source))
}

/// Whether the author has set a status since the last reset.
pub(crate) fn has_status() -> bool {
    REPORT.with_borrow(|report| !report.status.is_empty() || report.error.is_some())
}

/// Forgets all of an earlier start, what is shown included: the next line is sent in any case. Only a
/// slow `stop` is still to be told, for the save that it held up starts the plugin at once.
pub(crate) fn renew() {
    const KEPT: Source = Source::Slow(Who::Stop);
    let mut before = REPORT.renew();
    before.failing.retain(|(source, _)| *source == KEPT);
    before.transient.retain(|(source, _)| *source == KEPT);
    let (failing, transient) = (before.failing, before.transient);
    REPORT.renew_with(Report { failing, transient, ..Report::new() });
}
