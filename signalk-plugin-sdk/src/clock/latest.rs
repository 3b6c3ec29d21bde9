//! A value that goes stale.

use std::time::Duration;

use super::monotonic;

/// The latest of the values that come in, which goes stale after a certain time.
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
    max_age: Duration,
    since: Duration,
}

impl<T> Latest<T> {
    /// No value yet. The time for which one was waited counts from now on.
    #[must_use]
    pub fn new(max_age: Duration) -> Self {
        Self { value: None, max_age, since: monotonic() }
    }

    /// One came.
    pub fn set(&mut self, value: T) {
        *self = Self { value: Some(value), since: monotonic(), ..*self };
    }

    /// The age of the value; without one, the time for which it was waited.
    #[must_use]
    pub fn age(&self) -> Duration {
        monotonic().saturating_sub(self.since)
    }

    /// Tells whether the last value, or the beginning, is as old as `max_age`.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.age() >= self.max_age
    }

    /// Returns the value, unless it is stale.
    #[must_use]
    pub fn get(&self) -> Option<&T> {
        self.value.as_ref().filter(|_| !self.is_stale())
    }
}
