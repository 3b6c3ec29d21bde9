//! From a value to how bad it is.

use super::State;

/// Limits of a value, and how bad it is beyond each. Once beyond a limit, the value has to come back
/// by the hysteresis before that ends, so that an alarm does not come and go with every wave.
///
/// ```
/// use signalk_plugin_sdk::notification::{Levels, State};
///
/// // Of the voltage of a battery.
/// let mut levels = Levels::new(0.2)
///     .below(12.0, State::Warn)
///     .below(11.5, State::Alarm)
///     .above(14.8, State::Alarm);
/// assert_eq!(levels.judge(12.5), State::Normal);
/// assert_eq!(levels.judge(11.9), State::Warn);
/// assert_eq!(levels.judge(12.1), State::Warn);
/// assert_eq!(levels.judge(12.3), State::Normal);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Levels {
    hysteresis: f64,
    limits: Vec<Limit>,
}

#[derive(Debug, Clone, PartialEq)]
struct Limit {
    at: f64,
    is_upper: bool,
    state: State,
    is_beyond: bool,
}

impl Levels {
    /// No limits yet; the hysteresis is in the unit of the value.
    #[must_use]
    pub const fn new(hysteresis: f64) -> Self {
        Self { hysteresis, limits: Vec::new() }
    }

    /// With a state for values above `limit`.
    #[must_use]
    pub fn above(self, limit: f64, state: State) -> Self {
        self.with(Limit { at: limit, is_upper: true, state, is_beyond: false })
    }

    /// With a state for values below `limit`.
    #[must_use]
    pub fn below(self, limit: f64, state: State) -> Self {
        self.with(Limit { at: limit, is_upper: false, state, is_beyond: false })
    }

    fn with(mut self, limit: Limit) -> Self {
        self.limits.push(limit);
        self
    }

    /// The worst state of those limits that the value is beyond. What is no number changes nothing.
    pub fn judge(&mut self, value: f64) -> State {
        for limit in &mut self.limits {
            let back = if limit.is_beyond { self.hysteresis.max(0.0) } else { 0.0 };
            let over = if limit.is_upper { value - limit.at } else { limit.at - value };
            if !over.is_nan() {
                limit.is_beyond = over > -back;
            }
        }
        self.state()
    }

    /// What the last value was judged to be; [`State::Normal`] before the first.
    #[must_use]
    pub fn state(&self) -> State {
        let beyond = self.limits.iter().filter(|limit| limit.is_beyond);
        beyond.map(|limit| limit.state).max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_begins_past_its_limit_and_ends_the_hysteresis_before_it() {
        let mut levels = Levels::new(5.0).above(45.0, State::Warn).above(50.0, State::Alarm);
        for (value, state) in [
            (45.0, State::Normal),
            (45.1, State::Warn),
            (50.0, State::Warn),
            (50.1, State::Alarm),
            (45.1, State::Alarm),
            (45.0, State::Warn),
            (f64::NAN, State::Warn),
            (40.1, State::Warn),
            (40.0, State::Normal),
            (f64::INFINITY, State::Alarm),
            (f64::NAN, State::Alarm),
        ] {
            assert_eq!(levels.judge(value), state, "at {value}");
            assert_eq!(levels.state(), state);
        }
    }

    #[test]
    fn the_other_side_of_a_range_has_no_hysteresis_of_this_one() {
        let mut levels = Levels::new(1.0).below(11.0, State::Alarm).above(15.0, State::Alarm);
        assert_eq!(levels.judge(10.9), State::Alarm);
        assert_eq!(levels.judge(14.5), State::Normal);
        assert_eq!(Levels::default().judge(1e9), State::Normal);
    }
}
