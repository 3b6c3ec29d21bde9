//! When each `#[every]` handler runs next.

use std::time::Duration;

use crate::handlers::TimerHandler;

/// Nothing can run more often than the host polls.
const SHORTEST: Duration = signalk_plugin_contract::POLL_INTERVAL;
/// Polls come a little early or late; half a step is the nearest one.
const EARLY: Duration = Duration::from_millis(500);

#[derive(Debug)]
pub(super) struct Timers(Vec<Duration>);

impl Timers {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// The first run is one period after the start.
    pub(super) fn starting<P>(now: Duration, timers: &[TimerHandler<P>], plugin: &P) -> Self {
        let due =
            |timer: &TimerHandler<P>| now.saturating_add((timer.period)(plugin).max(SHORTEST));
        Self(timers.iter().map(due).collect())
    }

    pub(super) fn is_due(&self, index: usize, now: Duration) -> bool {
        self.0.get(index).is_some_and(|due| now.saturating_add(EARLY) >= *due)
    }

    /// Sets the next run: a period after the last was due, so that small delays do not add up, or
    /// after now, where that has passed already. What was missed is not made up for.
    pub(super) fn ran(&mut self, index: usize, now: Duration, period: Duration) {
        let period = period.max(SHORTEST);
        if let Some(due) = self.0.get_mut(index) {
            *due = due.saturating_add(period);
            if *due <= now {
                *due = now.saturating_add(period);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(period: Duration, polls: impl IntoIterator<Item = u64>) -> Vec<u64> {
        let mut timers = Timers(vec![period.max(SHORTEST)]);
        let mut runs = Vec::new();
        for millis in polls {
            let now = Duration::from_millis(millis);
            if timers.is_due(0, now) {
                timers.ran(0, now, period);
                runs.push(millis);
            }
        }
        runs
    }

    #[test]
    fn late_polls_do_not_add_up() {
        let polls = (1..=9).map(|n| n * 1_013);
        assert_eq!(runs(Duration::from_secs(3), polls), [3_039, 6_078, 9_117]);
    }

    #[test]
    fn a_poll_that_is_a_little_early_is_the_one() {
        assert_eq!(runs(Duration::from_secs(2), [990, 1_990, 2_990, 3_990]), [1_990, 3_990]);
    }

    #[test]
    fn after_a_long_pause_there_is_one_run_and_no_burst() {
        let polls = [1_000, 60_000, 61_000, 62_000, 63_000];
        assert_eq!(runs(Duration::from_secs(2), polls), [60_000, 62_000]);
    }

    #[test]
    fn less_than_a_second_is_a_second_and_forever_is_no_overflow() {
        assert_eq!(runs(Duration::ZERO, [1_000, 2_000]), [1_000, 2_000]);
        assert_eq!(runs(Duration::MAX, [1_000, 2_000]), [] as [u64; 0]);
    }
}
