//! Notices that the boat has come to rest, for an anchor that is dropped by itself.

use signalk_plugin_sdk::{Position, clock};
use std::time::Duration;

/// At rest is a boat that stays within this radius (m) for this time, and below this speed (m/s).
const RADIUS: f64 = 15.0;
const TIME: Duration = Duration::from_secs(120);
const SPEED: f64 = 0.5;

/// A boat that moved this far (m) from where the anchor was raised is under way.
const UNDER_WAY: f64 = 200.0;

/// Watches a boat without an anchor.
pub(crate) struct Rest {
    /// The place where it has been, and since when.
    stay: Option<(Position, Duration)>,
    /// The place where the anchor was raised, until the boat has left. It is not to be dropped again there.
    raised_at: Option<Position>,
    was_raised: bool,
}

impl Rest {
    pub(crate) const fn new(was_raised: bool) -> Self {
        Self { stay: None, raised_at: None, was_raised }
    }

    /// Takes a fix, and answers whether the boat has come to rest.
    pub(crate) fn has_come(&mut self, position: Position, speed: Option<f64>) -> bool {
        if self.was_raised {
            let raised_at = *self.raised_at.get_or_insert(position);
            self.was_raised = raised_at.distance_to(position) < UNDER_WAY;
        }
        let now = clock::monotonic();
        let moves = speed.is_some_and(|speed| speed >= SPEED);
        match self.stay {
            Some((place, since)) if !moves && place.distance_to(position) <= RADIUS => {
                !self.was_raised && now.saturating_sub(since) >= TIME
            }
            _ => {
                self.stay = Some((position, now));
                false
            }
        }
    }
}
