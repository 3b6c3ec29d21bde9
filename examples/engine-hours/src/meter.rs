//! The running time of one engine.

use std::time::Duration;

use signalk_plugin_sdk::prelude::*;

/// An engine of which nothing was heard for longer may have been off meanwhile.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// What was counted, as it is stored. Times are in seconds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Meter {
    pub(crate) run_time: f64,
    /// The running time at the last service.
    pub(crate) serviced_at: f64,
    /// When it was last heard to run, on the monotonic clock; `None` while it stands still.
    #[serde(skip)]
    heard: Option<Duration>,
}

impl Meter {
    /// Counts the time since it was last heard, if it ran then.
    pub(crate) fn hear(&mut self, is_running: bool, now: Duration) {
        if let Some(before) = self.heard {
            let passed = now.saturating_sub(before);
            if passed <= LONGEST_PAUSE {
                self.run_time += passed.as_secs_f64();
            }
        }
        self.heard = is_running.then_some(now);
    }

    pub(crate) fn is_running(&self, now: Duration) -> bool {
        self.heard.is_some_and(|heard| now.saturating_sub(heard) <= LONGEST_PAUSE)
    }

    pub(crate) fn since_service(&self) -> f64 {
        self.run_time - self.serviced_at
    }
}
