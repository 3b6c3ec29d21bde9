//! Reports of work that is under way, for whoever shows them.

use std::time::{Duration, Instant};

use anyhow::Result;

/// Shows what is under way.
pub trait Progress {
    /// Says what is happening, under the name of the subject it belongs to.
    fn say(&self, subject: &str, text: &str);

    /// Announces a step that takes a while.
    fn begun(&self, subject: &str, text: &str) {
        self.say(subject, &format!("{text}…"));
    }

    /// Says that the step which was announced last is done.
    fn done(&self, subject: &str, text: &str, took: Duration) {
        self.say(subject, &format!("{text}: done in {:.1} s", took.as_secs_f64()));
    }

    /// Ends the step which was announced last without a word: its error is told elsewhere.
    fn failed(&self) {}
}

/// Announces a step that takes a while, does it, and says how long it took.
///
/// # Errors
///
/// That of the work.
pub fn step<T>(
    progress: &dyn Progress,
    subject: &str,
    text: &str,
    work: impl FnOnce() -> Result<T>,
) -> Result<T> {
    progress.begun(subject, text);
    let began = Instant::now();
    let done = work();
    match done {
        Ok(_) => progress.done(subject, text, began.elapsed()),
        Err(_) => progress.failed(),
    }
    done
}

/// Writes plain lines to standard error.
#[derive(Debug, Clone, Copy, Default)]
pub struct Lines;

impl Progress for Lines {
    fn say(&self, subject: &str, text: &str) {
        eprintln!("[{subject}] {text}");
    }
}

/// Shows nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn say(&self, _: &str, _: &str) {}
}
