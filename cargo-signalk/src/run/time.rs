//! The time that passes for the plugin: that of the machine, or many times as fast.

use std::time::{Duration, Instant};

/// The most that passes in one go, so that commands are heard in between.
const STRETCH: Duration = Duration::from_secs(60);

/// Begins at 0.
pub(super) struct Time {
    began: Instant,
    speed: f64,
    /// The sum of all jumps.
    skipped: Duration,
    reached: Duration,
}

impl Time {
    pub(super) fn starting_now(speed: f64) -> Self {
        Self { began: Instant::now(), speed, skipped: Duration::ZERO, reached: Duration::ZERO }
    }

    /// The time up to which the plugin has come.
    pub(super) fn reached(&self) -> Duration {
        self.reached
    }

    /// The time that it should come to now.
    pub(super) fn next_stretch(&self) -> Duration {
        let now = self.began.elapsed().mul_f64(self.speed).saturating_add(self.skipped);
        now.min(self.reached.saturating_add(STRETCH)).max(self.reached)
    }

    pub(super) fn reach(&mut self, time: Duration) {
        self.reached = self.reached.max(time);
    }

    /// Lets so much pass at once.
    pub(super) fn skip(&mut self, duration: Duration) {
        self.skipped = self.skipped.saturating_add(duration);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_jump_is_made_in_stretches() {
        let mut time = Time::starting_now(0.01);
        time.skip(Duration::from_secs(100));
        assert_eq!(time.next_stretch(), STRETCH);
        time.reach(STRETCH);
        assert!(time.next_stretch() >= Duration::from_secs(100));
        assert!(time.next_stretch() < Duration::from_secs(101));
    }
}
