//! Time: one clock that never jumps, for waiting and measuring, and the wall clock.
//!
//! The wall clock of a small computer is wrong when it starts, and is set by hours or years while the
//! plugin runs. So ages within a run are measured with [`monotonic`], and what is stored with a time of
//! day goes by a [`WallClock`], which says whether that can be believed.
//!
//! In tests both are driven by [`TestHost::advance`](crate::testing::TestHost::advance).

mod iso;
mod latest;
mod timestamp;
mod wall;

use std::time::{Duration, SystemTime};

use crate::boundary::imports;

pub use iso::{format_rfc3339, parse_rfc3339};
pub use latest::Latest;
pub use timestamp::Timestamp;
pub use wall::WallClock;

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
    imports::monotonic()
}

/// The wall clock, as the server's machine has it, right or wrong: for timestamps, not for measuring.
#[must_use]
pub fn now() -> SystemTime {
    imports::wall_clock()
}

/// The wall clock as Signal K writes times, RFC 3339 in UTC: `2026-01-01T00:00:00.000Z`. For other
/// times than the present there is [`format_rfc3339`].
///
/// ```
/// use signalk_plugin_sdk::clock;
///
/// let now = clock::now_rfc3339();
/// assert!(clock::parse_rfc3339(&now).is_some_and(|time| time <= clock::now()));
/// ```
#[must_use]
pub fn now_rfc3339() -> String {
    format_rfc3339(now())
}

/// The wall clock in s since 1970; 0 before that.
#[must_use]
pub fn unix_seconds() -> u64 {
    now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}
