//! When what has failed is tried again: a start, a connection, a port.

use std::time::Duration;

/// How long to wait after so many failures in a row: 1 s, 2 s, 4 s … 60 s.
pub(crate) fn wait_after(failures: u32) -> Duration {
    const LONGEST: u64 = 60;
    let seconds = 1u64.checked_shl(failures.saturating_sub(1)).unwrap_or(LONGEST);
    Duration::from_secs(seconds.min(LONGEST))
}
