//! Time: one clock that never jumps, for waiting and measuring, and the wall clock.
//!
//! In tests both are driven by [`TestHost::advance`](crate::testing::TestHost::advance).

use std::time::{Duration, SystemTime};

use crate::sys;

/// Time since some fixed moment of this instance. It never runs backwards, whatever the crew or a
/// GPS does to the wall clock, so ages and waits are to be measured with it.
///
/// ```
/// use std::time::Duration;
/// use signalk_plugin_sdk::clock;
///
/// let seen = clock::monotonic();
/// let age: Duration = clock::monotonic() - seen;
/// assert!(age < Duration::from_secs(60));
/// ```
#[must_use]
pub fn monotonic() -> Duration {
    sys::monotonic()
}

/// The wall clock, as the server's machine has it: for timestamps, not for measuring.
#[must_use]
pub fn now() -> SystemTime {
    sys::wall_clock()
}
