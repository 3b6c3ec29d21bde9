//! A value that is good for a certain time.

use std::time::Duration;

use super::monotonic;

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

    /// The age of the value; without one, the time for which it was waited.
    #[must_use]
    pub fn age(&self) -> Duration {
        monotonic().saturating_sub(self.since)
    }

    /// Tells whether no value has come for as long as one is good.
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
