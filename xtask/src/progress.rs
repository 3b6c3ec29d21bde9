//! What is under way, said on standard error.

use anyhow::Result;
use signalk_plugin_build::progress::{self, Lines, Progress};

/// Says what is happening, under the name of the subject it belongs to.
pub(crate) fn say(subject: &str, text: &str) {
    Lines.say(subject, text);
}

/// Announces a step that takes a while, does it, and says how long it took.
pub(crate) fn step<T>(subject: &str, text: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    progress::step(&Lines, subject, text, work)
}
