//! What is known of one other vessel.

use std::time::Duration;

use signalk_plugin_sdk::motion::ClosestApproach;
use signalk_plugin_sdk::notification::{AlarmState, Zones};

/// A vessel that AIS tells of.
pub(crate) struct Target {
    name: String,
    closest: ClosestApproach,
    /// From the present distance, the closest one (m) and the time until then (s) to how bad that is. Each has to come
    /// back a good deal before it ends: course and speed of AIS are not steady enough for less.
    here: Zones,
    near: Zones,
    soon: Zones,
    state: AlarmState,
    /// How often it was looked at since it got worse than `state`.
    looks: u8,
    /// When the position arrived that was judged last.
    newest: Option<Duration>,
}

impl Target {
    /// Of which nothing is known yet. An alarm sounds once more when two thirds of the time have gone.
    pub(crate) fn new(distance: f64, minutes: f64) -> Self {
        let time = minutes * 60.0;
        Self {
            name: String::new(),
            closest: ClosestApproach::default(),
            here: Zones::new(distance / 4.0).below(distance, AlarmState::Alarm),
            near: Zones::new(distance / 4.0).below(distance, AlarmState::Alarm),
            soon: Zones::new(time / 4.0)
                .below(time, AlarmState::Warn)
                .below(time / 3.0, AlarmState::Alarm),
            state: AlarmState::Normal,
            looks: 0,
            newest: None,
        }
    }

    /// How bad it is that the vessel comes as close as this. Of one odd position nobody is woken: what is worse has to
    /// last for three looks.
    pub(crate) fn approaches(&mut self, name: String, closest: ClosestApproach) -> AlarmState {
        const ENOUGH_LOOKS: u8 = 3;
        self.name = name;
        self.closest = closest;
        let ahead = closest.from_now_on();
        let here = self.here.state_of(closest.distance_now);
        let near = self.near.state_of(ahead.distance);
        let soon = self.soon.state_of(ahead.time_to);
        // One that is near now is, whatever it does next: of two that go side by side the closest is now past, now to come.
        let state = here.max(near.min(soon));
        self.looks = if state > self.state { self.looks + 1 } else { 0 };
        if state < self.state || self.looks >= ENOUGH_LOOKS {
            (self.state, self.looks) = (state, 0);
        }
        self.state
    }

    /// Tells whether a position arrived that was not judged before.
    pub(crate) fn is_new(&mut self, arrived: Option<Duration>) -> bool {
        std::mem::replace(&mut self.newest, arrived) != arrived
    }

    pub(crate) fn into_name(self) -> String {
        self.name
    }

    pub(crate) fn closest(&self) -> ClosestApproach {
        self.closest
    }

    /// How close it comes from now on, in metres.
    pub(crate) fn distance(&self) -> f64 {
        self.closest.from_now_on().distance
    }

    /// Tells whether it comes closer within the next hour.
    pub(crate) fn is_soon(&self) -> bool {
        (0.0..3_600.0).contains(&self.closest.time_to)
    }

    /// A sentence for the crew.
    pub(crate) fn text(&self) -> String {
        let ClosestApproach { distance, time_to, .. } = self.closest.from_now_on();
        let name = &self.name;
        match time_to {
            0.0 => format!("{name} is {distance:.0} m away and parts"),
            _ if time_to < 60.0 => {
                format!("{name} passes at {distance:.0} m in less than a minute")
            }
            _ => format!("{name} passes at {distance:.0} m in {:.0} min", time_to / 60.0),
        }
    }
}
