//! What is under way, said on standard error.

use std::time::Instant;

use anyhow::Result;

/// Says what is happening, under the name of the subject it belongs to.
pub(crate) fn say(subject: &str, text: &str) {
    eprintln!("[{subject}] {text}");
}

/// Announces a step that takes a while, does it, and says how long it took.
pub(crate) fn step<T>(subject: &str, text: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    say(subject, &format!("{text}…"));
    let began = Instant::now();
    let done = work()?;
    say(subject, &format!("{text}: done in {:.1} s", began.elapsed().as_secs_f64()));
    Ok(done)
}
