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

/// The wall clock in s since 1970; 0 before that.
#[must_use]
pub fn unix_seconds() -> u64 {
    now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// ISO 8601 with milliseconds, in UTC, as Signal K has it: `2026-01-01T00:00:00.000Z`. A time before
/// 1970 becomes that year's beginning.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use signalk_plugin_sdk::clock;
///
/// let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_767_225_600_500);
/// assert_eq!(clock::timestamp(time), "2026-01-01T00:00:00.500Z");
/// ```
#[must_use]
pub fn timestamp(time: SystemTime) -> String {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let (seconds, millis) = (since.as_secs(), since.subsec_millis());
    let (days, of_day) = (seconds / 86_400, seconds % 86_400);
    // Days since 1970 to a date, by the 400-year cycle of the Gregorian calendar counted from
    // March, so that the leap day is the last of its year.
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

/// The latest of the values that come in, which is good for a certain time.
///
/// ```
/// use std::time::Duration;
/// use signalk_plugin_sdk::clock::Latest;
///
/// let mut depth = Latest::new(Duration::from_secs(30));
/// assert_eq!(depth.get(), None);
/// depth.set(4.5);
/// assert_eq!(depth.get(), Some(&4.5));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Latest<T> {
    value: Option<T>,
    good_for: Duration,
    since: Duration,
}

impl<T> Latest<T> {
    /// No value yet; how long it has been waited for counts from now on.
    #[must_use]
    pub fn new(good_for: Duration) -> Self {
        Self { value: None, good_for, since: monotonic() }
    }

    /// One came.
    pub fn set(&mut self, value: T) {
        *self = Self { value: Some(value), since: monotonic(), ..*self };
    }

    /// How old the value is; without one, for how long it was waited for.
    #[must_use]
    pub fn age(&self) -> Duration {
        monotonic().saturating_sub(self.since)
    }

    /// Whether no value has come for as long as one is good.
    #[must_use]
    pub fn is_overdue(&self) -> bool {
        self.age() >= self.good_for
    }

    /// The value, while it is good.
    #[must_use]
    pub fn get(&self) -> Option<&T> {
        self.value.as_ref().filter(|_| !self.is_overdue())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_written_as_the_server_writes_them() {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        assert_eq!(timestamp(at(0)), "1970-01-01T00:00:00.000Z");
        assert_eq!(timestamp(at(951_782_400)), "2000-02-29T00:00:00.000Z");
        assert_eq!(timestamp(at(1_767_225_599)), "2025-12-31T23:59:59.000Z");
        assert_eq!(timestamp(at(4_107_542_400)), "2100-03-01T00:00:00.000Z");
    }
}
