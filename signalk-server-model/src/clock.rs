//! The clock that a test drives.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

/// Shared by the server, the plugin's clocks and the event log. It moves only when the caller advances
/// it or when the plugin sleeps.
#[derive(Debug, Clone)]
pub struct Clock {
    elapsed_ns: Arc<AtomicU64>,
    /// By how much the wall clock was set since.
    set_by_ns: Arc<AtomicI64>,
    wall_start: SystemTime,
}

impl Clock {
    /// About 100 years: what any `Instant` or `SystemTime` can still be moved by.
    const LATEST_NS: u64 = 3_155_760_000_000_000_000;

    /// A clock that stands at 0, with the wall clock where it is to begin.
    #[must_use]
    pub fn new(wall_start: SystemTime) -> Self {
        Self { elapsed_ns: Arc::default(), set_by_ns: Arc::default(), wall_start }
    }

    /// Time since the server started.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        Duration::from_nanos(self.elapsed_ns.load(Ordering::Relaxed))
    }

    /// Moves on to a time, never back.
    pub fn move_to(&self, elapsed: Duration) {
        let ns = u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX).min(Self::LATEST_NS);
        self.elapsed_ns.fetch_max(ns, Ordering::Relaxed);
    }

    /// Moves on by so much.
    pub fn move_by(&self, duration: Duration) {
        self.move_to(self.elapsed().saturating_add(duration));
    }

    /// The wall clock.
    #[must_use]
    pub fn wall(&self) -> SystemTime {
        let set_by = self.set_by_ns.load(Ordering::Relaxed);
        let by = Duration::from_nanos(set_by.unsigned_abs());
        let start = match set_by {
            0.. => self.wall_start.checked_add(by),
            _ => self.wall_start.checked_sub(by),
        };
        start.and_then(|start| start.checked_add(self.elapsed())).unwrap_or(self.wall_start)
    }

    /// Sets the wall clock by so many seconds, up to 290 years in all.
    pub fn set_wall_by(&self, seconds: i64) {
        let before = self.set_by_ns.load(Ordering::Relaxed);
        let after = before.saturating_add(seconds.saturating_mul(1_000_000_000));
        self.set_by_ns.store(after, Ordering::Relaxed);
    }

    /// Sets the wall clock to a time, up to 290 years from where it began.
    pub fn set_wall(&self, time: SystemTime) {
        let ns = |duration: Duration| i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX);
        let unset = self.wall_start + self.elapsed();
        let by = match time.duration_since(unset) {
            Ok(later) => ns(later),
            Err(earlier) => -ns(earlier.duration()),
        };
        self.set_by_ns.store(by, Ordering::Relaxed);
    }

    /// The wall clock as a Signal K timestamp: RFC 3339 in UTC with milliseconds.
    #[must_use]
    pub fn timestamp(&self) -> String {
        humantime::format_rfc3339_millis(self.wall()).to_string()
    }
}
