//! The time that has passed since an `#[every]` handler last ran, for those that take it.

use std::cell::Cell;
use std::time::Duration;

use super::Installed;
use crate::boundary::imports;
use crate::instance::state;

state! {
    /// When each handler ran last, on the monotonic clock. What an earlier run of the plugin has left counts for
    /// nothing, for that was before the start. Out of its cell while it is changed: if memory runs out, nothing
    /// stays borrowed.
    module static LAST: Cell<Vec<(&'static str, Duration)>> = Vec::new();
}

/// The time since a handler last ran; since the plugin started, when it runs for the first time.
#[must_use]
pub fn elapsed<P: Installed>(handler: &'static str) -> Duration {
    let now = imports::monotonic();
    let started = P::runtime().with(|runtime| runtime.started.get());
    let mut last = LAST.take();
    let before = match last.iter_mut().find(|(name, _)| *name == handler) {
        Some((_, at)) => std::mem::replace(at, now),
        None => {
            last.push((handler, now));
            Duration::ZERO
        }
    };
    LAST.set(last);
    now.saturating_sub(before.max(started))
}
