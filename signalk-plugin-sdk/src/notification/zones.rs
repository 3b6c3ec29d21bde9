//! Maps a value to an alarm state, with hysteresis.

use super::AlarmState;

/// Maps a value to an alarm state, by limits as Signal K's zones have them.
///
/// Once beyond a limit, the value has to come back by the hysteresis before that ends, so that an alarm
/// does not come and go with every wave. A [`delta::Zone`](crate::delta::Zone) is what clients are shown
/// of it in a path's metadata.
///
/// ```
/// use signalk_plugin_sdk::notification::{AlarmState, Zones};
///
/// // Of the voltage of a battery.
/// let mut zones = Zones::new(0.2)
///     .below(12.0, AlarmState::Warn)
///     .below(11.5, AlarmState::Alarm)
///     .above(14.8, AlarmState::Alarm);
/// assert_eq!(zones.state_of(12.5), AlarmState::Normal);
/// assert_eq!(zones.state_of(11.9), AlarmState::Warn);
/// assert_eq!(zones.state_of(12.1), AlarmState::Warn);
/// assert_eq!(zones.state_of(12.3), AlarmState::Normal);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Zones {
    hysteresis: f64,
    limits: Vec<Limit>,
}

#[derive(Debug, Clone, PartialEq)]
struct Limit {
    at: f64,
    is_upper: bool,
    state: AlarmState,
    is_beyond: bool,
}

impl Zones {
    /// No limits yet; the hysteresis is in the unit of the value.
    #[must_use]
    pub const fn new(hysteresis: f64) -> Self {
        Self { hysteresis, limits: Vec::new() }
    }

    /// With a state for values above `limit`.
    #[must_use]
    pub fn above(self, limit: f64, state: AlarmState) -> Self {
        self.with(Limit { at: limit, is_upper: true, state, is_beyond: false })
    }

    /// With a state for values below `limit`.
    #[must_use]
    pub fn below(self, limit: f64, state: AlarmState) -> Self {
        self.with(Limit { at: limit, is_upper: false, state, is_beyond: false })
    }

    fn with(mut self, limit: Limit) -> Self {
        self.limits.push(limit);
        self
    }

    /// Returns the worst state of those limits that the value is beyond. NaN changes nothing.
    pub fn state_of(&mut self, value: f64) -> AlarmState {
        for limit in &mut self.limits {
            let back = if limit.is_beyond { self.hysteresis.max(0.0) } else { 0.0 };
            let over = if limit.is_upper { value - limit.at } else { limit.at - value };
            if !over.is_nan() {
                limit.is_beyond = over > -back;
            }
        }
        self.state()
    }

    /// Returns the state of the last value; [`AlarmState::Normal`] before the first.
    #[must_use]
    pub fn state(&self) -> AlarmState {
        let beyond = self.limits.iter().filter(|limit| limit.is_beyond);
        beyond.map(|limit| limit.state).max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_begins_past_its_limit_and_ends_the_hysteresis_before_it() {
        let mut zones =
            Zones::new(5.0).above(45.0, AlarmState::Warn).above(50.0, AlarmState::Alarm);
        for (value, state) in [
            (45.0, AlarmState::Normal),
            (45.1, AlarmState::Warn),
            (50.0, AlarmState::Warn),
            (50.1, AlarmState::Alarm),
            (45.1, AlarmState::Alarm),
            (45.0, AlarmState::Warn),
            (f64::NAN, AlarmState::Warn),
            (40.1, AlarmState::Warn),
            (40.0, AlarmState::Normal),
            (f64::INFINITY, AlarmState::Alarm),
            (f64::NAN, AlarmState::Alarm),
        ] {
            assert_eq!(zones.state_of(value), state, "at {value}");
            assert_eq!(zones.state(), state);
        }
    }

    #[test]
    fn the_other_side_of_a_range_has_no_hysteresis_of_this_one() {
        let mut zones =
            Zones::new(1.0).below(11.0, AlarmState::Alarm).above(15.0, AlarmState::Alarm);
        assert_eq!(zones.state_of(10.9), AlarmState::Alarm);
        assert_eq!(zones.state_of(14.5), AlarmState::Normal);
        assert_eq!(Zones::default().state_of(1e9), AlarmState::Normal);
    }
}
