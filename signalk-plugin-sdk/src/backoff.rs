//! When what has failed is tried again: a start, a connection, a port, a service.

use std::time::Duration;

use crate::boundary::imports;

/// How long to wait after so many failures in a row: 1 s, 2 s, 4 s … 60 s.
pub(crate) fn wait_after(failures: u32) -> Duration {
    const LONGEST: u64 = 60;
    let seconds = 1u64.checked_shl(failures.saturating_sub(1)).unwrap_or(LONGEST);
    Duration::from_secs(seconds.min(LONGEST))
}

/// The time to wait before the next try: twice as long after each failure, up to a limit. Up to a
/// quarter is added by chance, so that a hundred boats that lost a service at once do not come back to
/// it at once.
///
/// ```
/// use std::time::Duration;
/// use signalk_plugin_sdk::task::Backoff;
///
/// let minute = Duration::from_secs(60);
/// let mut backoff = Backoff::new(minute, 60 * minute);
/// assert!(backoff.is_ready());
/// backoff.failed(None);
/// assert!(!backoff.is_ready());
/// backoff.succeeded();
/// assert!(backoff.is_ready());
/// ```
#[derive(Debug, Clone)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
    /// The last wait without what chance added.
    wait: Duration,
    /// On the monotonic clock.
    until: Duration,
}

/// 1, 2, 4 … 60 minutes.
impl Default for Backoff {
    fn default() -> Self {
        Self::new(Duration::from_secs(60), Duration::from_secs(3600))
    }
}

impl Backoff {
    /// With the wait after the first failure, and the longest.
    #[must_use]
    pub const fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest, wait: Duration::ZERO, until: Duration::ZERO }
    }

    /// It failed, and perhaps whoever did has said how long to leave it alone
    /// (`retry_after` of an error of `fetch`); a day at the most.
    pub fn failed(&mut self, at_least: Option<Duration>) {
        const DAY: Duration = Duration::from_secs(86_400);
        let now = imports::monotonic();
        self.wait = self.wait.saturating_mul(2).max(self.first).min(self.longest);
        // The clock of no two machines stands at the same microsecond.
        let dice = (now.subsec_micros() + now.subsec_millis()) % 1_000;
        let chance = (self.wait / 4_000).saturating_mul(dice);
        let wait = self.wait.saturating_add(chance).max(at_least.unwrap_or_default().min(DAY));
        self.until = now.saturating_add(wait);
    }

    /// It succeeded: the next failure is the first again.
    pub fn succeeded(&mut self) {
        (self.wait, self.until) = Default::default();
    }

    /// Tells whether the wait is over, so that it may be tried.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        imports::monotonic() >= self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_of_any_length_are_borne() {
        for first in
            [Duration::ZERO, Duration::from_nanos(1), Duration::from_secs(60), Duration::MAX]
        {
            for longest in [Duration::ZERO, Duration::from_secs(60), Duration::MAX] {
                let mut backoff = Backoff::new(first, longest);
                for _ in 0..200 {
                    backoff.failed(Some(Duration::MAX));
                    assert!(!backoff.is_ready());
                }
                backoff.succeeded();
                assert!(backoff.is_ready());
            }
        }
    }

    #[test]
    fn each_wait_is_twice_the_last_and_a_little_more() {
        let mut backoff = Backoff::new(Duration::from_secs(60), Duration::from_secs(500));
        for seconds in [60, 120, 240, 480, 500, 500] {
            backoff.failed(None);
            let wait = (backoff.until - imports::monotonic()).as_secs_f64();
            let expected = f64::from(seconds);
            assert!((expected - 1.0..expected * 1.25).contains(&wait), "{wait} {expected}");
        }
        backoff.succeeded();
        assert!(backoff.is_ready());
        backoff.failed(Some(Duration::from_secs(100)));
        assert!(backoff.until - imports::monotonic() > Duration::from_secs(99));
        backoff.failed(Some(Duration::MAX));
        assert!(backoff.until - imports::monotonic() <= Duration::from_secs(86_400));
    }
}
