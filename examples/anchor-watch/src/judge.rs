//! The judgement of a distance, whatever a single fix says.

use signalk_plugin_sdk::clock;
use signalk_plugin_sdk::notification::{AlarmState, Zones};
use std::time::Duration;

/// A fix that comes sooner after another, and says nearly the same (m), is another sentence of it.
const SAME_FIX: Duration = Duration::from_millis(500);
const SAME_DISTANCE: f64 = 0.5;

/// A fix counts without another that agrees when none has come for so long.
const PATIENCE: Duration = Duration::from_secs(5);

/// Judges the distance to the anchor. A distance counts once the fix after it agrees: what one fix
/// alone says neither raises nor ends an alarm.
pub(crate) struct Judge {
    zones: Zones,
    /// The distance that counts (m): that of a boat at its anchor, before the first fix.
    distance: f64,
    /// Those of the last fix and of the one before.
    last: Option<Fix>,
    before: Option<Fix>,
}

#[derive(Clone, Copy)]
struct Fix {
    distance: f64,
    at: Duration,
}

impl Judge {
    pub(crate) fn new(zones: Zones) -> Self {
        Self { zones, distance: 0.0, last: None, before: None }
    }

    /// Takes the distance of a fix, and answers how bad it is. A fix that others have confirmed
    /// already counts at once.
    pub(crate) fn take(&mut self, distance: f64, is_confirmed: bool) -> AlarmState {
        let now = clock::monotonic();
        let is_same = self.last.is_some_and(|last| {
            now.saturating_sub(last.at) < SAME_FIX
                && (distance - last.distance).abs() < SAME_DISTANCE
        });
        if !is_same {
            self.before = self.last;
            self.last = Some(Fix { distance, at: now });
        }
        if is_confirmed {
            self.before = self.last;
        }
        self.judge()
    }

    /// Answers how bad it is, though no other fix has come.
    pub(crate) fn wait(&mut self) -> AlarmState {
        let has_waited =
            self.last.is_some_and(|last| clock::monotonic().saturating_sub(last.at) >= PATIENCE);
        if has_waited {
            self.before = self.last;
        }
        self.judge()
    }

    fn judge(&mut self) -> AlarmState {
        if let (Some(last), Some(before)) = (self.last, self.before) {
            // Where both agree it gets; what only one of them says leaves it where it is.
            let nearest = last.distance.min(before.distance);
            let farthest = last.distance.max(before.distance);
            self.distance = self.distance.max(nearest).min(farthest);
        }
        self.zones.state_of(self.distance)
    }

    /// By distance alone, whether or not the position is lost just now.
    pub(crate) fn state(&self) -> AlarmState {
        self.zones.state()
    }
}
