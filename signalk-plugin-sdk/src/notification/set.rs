//! One alarm for each of several targets.

use std::borrow::Cow;
use std::time::Duration;

use super::alarm::{TellingRules, standing_state};
use super::{AlarmMethod, AlarmState, about, standing};
use crate::error::{Error, Result};

/// An [`Alarm`](super::Alarm) for each target of a kind: ships on a collision course, batteries,
/// engines. Each has a path of its own below that of the set. A target whose alarm ends is
/// forgotten.
///
/// ```
/// use signalk_plugin_sdk::notification::{AlarmSet, AlarmState};
///
/// let mut alarms = AlarmSet::new("navigation.collision");
/// alarms.update("244999999", AlarmState::Warn, "close", "MV Anna passes at 200 m in 12 min")?;
/// alarms.update("211000000", AlarmState::Alarm, "close", "Blue Note passes at 20 m in 5 min")?;
/// assert_eq!(alarms.state(), AlarmState::Alarm);
///
/// // Only this ship is still in sight.
/// alarms.retain("Out of sight", |target| target == "244999999")?;
/// assert_eq!(alarms.state(), AlarmState::Warn);
/// # Ok::<(), signalk_plugin_sdk::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmSet {
    path: Cow<'static, str>,
    told_by: TellingRules,
}

impl AlarmSet {
    /// Of a path, as [`raise`](super::raise) takes it. That of a target is one part longer.
    #[must_use]
    pub fn new(path: impl Into<Cow<'static, str>>) -> Self {
        Self { path: path.into(), told_by: TellingRules::new() }
    }

    /// As [`Alarm::refresh_every`](super::Alarm::refresh_every), for each target.
    #[must_use]
    pub const fn refresh_every(mut self, period: Duration) -> Self {
        self.told_by.every = Some(period);
        self
    }

    /// As [`Alarm::methods`](super::Alarm::methods), for each target.
    #[must_use]
    pub fn methods(mut self, state: AlarmState, methods: &'static [AlarmMethod]) -> Self {
        self.told_by.set_methods(state, methods);
        self
    }

    /// As [`Alarm::update`](super::Alarm::update), for one target. What a part of a path cannot hold,
    /// dots for example, is written as in an address: `%2E`.
    ///
    /// # Errors
    /// As [`raise`](super::raise), and if the target is empty.
    pub fn update(
        &mut self,
        target: &str,
        state: AlarmState,
        reason: &str,
        message: &str,
    ) -> Result<()> {
        self.told_by.update(&self.about(target)?, state, reason, message)
    }

    /// Says that all is well with a target, if its alarm stands, and forgets it.
    ///
    /// # Errors
    /// As [`Self::update`].
    pub fn clear(&mut self, target: &str, message: &str) -> Result<()> {
        self.update(target, AlarmState::Normal, "", message)
    }

    /// Keeps the alarms of those targets that are still there, and clears those of all others.
    ///
    /// # Errors
    /// As [`Self::update`].
    pub fn retain(&mut self, message: &str, is_there: impl Fn(&str) -> bool) -> Result<()> {
        for (target, _) in self.standing()? {
            if !is_there(&target) {
                self.clear(&target, message)?;
            }
        }
        Ok(())
    }

    /// Clears the alarms of all targets.
    ///
    /// # Errors
    /// As [`Self::update`].
    pub fn clear_all(&mut self, message: &str) -> Result<()> {
        self.retain(message, |_| false)
    }

    /// The worst state of all targets.
    #[must_use]
    pub fn state(&self) -> AlarmState {
        let all = self.standing().unwrap_or_default();
        all.into_iter().map(|(_, state)| state).max().unwrap_or_default()
    }

    /// The state in which the alarm of a target stands; [`AlarmState::Normal`] if it does not.
    #[must_use]
    pub fn state_of(&self, target: &str) -> AlarmState {
        self.about(target).map(|about| standing_state(&about)).unwrap_or_default()
    }

    /// The targets whose alarms stand, and their states.
    fn standing(&self) -> Result<Vec<(String, AlarmState)>> {
        let above = [about(&self.path)?, "."].concat();
        let mine = |(path, state): (String, AlarmState)| {
            let part = path.strip_prefix(&above)?;
            (!part.contains('.')).then(|| (target(part), state))
        };
        Ok(standing::all().into_iter().filter_map(mine).collect())
    }

    fn about(&self, target: &str) -> Result<String> {
        if target.is_empty() {
            let text = ["an alarm below \"", &*self.path, "\" has an empty target"].concat();
            return Err(Error::msg(text));
        }
        Ok([about(&self.path)?, ".", &*part(target)].concat())
    }
}

/// A part of a path that stands for a target.
fn part(target: &str) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    let mut part = String::with_capacity(target.len());
    for character in target.chars() {
        // All of these are one byte long.
        let is_special = matches!(character, '\0'..=' ' | '.' | '/' | '*' | '%' | '\x7f');
        if is_special {
            let code = character as usize;
            part.push('%');
            part.extend(
                [code / 16, code % 16].map(|digit| DIGITS.get(digit).copied().unwrap_or('0')),
            );
        } else {
            part.push(character);
        }
    }
    part
}

/// The target that a part of a path stands for.
fn target(part: &str) -> String {
    let mut pieces = part.split('%');
    let mut target = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let code = piece.get(..2).and_then(|code| u8::from_str_radix(code, 16).ok());
        match (code, piece.get(2..)) {
            (Some(code), Some(rest)) => {
                target.push(char::from(code));
                target.push_str(rest);
            }
            _ => {
                target.push('%');
                target.push_str(piece);
            }
        }
    }
    target
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_path_stands_for_one_target() {
        for (name, expected) in [
            ("244999999", "244999999"),
            ("urn:mrn:imo:mmsi:244999999", "urn:mrn:imo:mmsi:244999999"),
            ("bank-1.0", "bank-1%2E0"),
            ("Motor links/achtern", "Motor%20links%2Fachtern"),
            ("50 %", "50%20%25"),
            ("Ærø", "Ærø"),
        ] {
            assert_eq!(part(name), expected);
            assert_eq!(target(expected), name);
        }
        // Raised by somebody who does not write them this way.
        for odd in ["50%", "%zz", "%é"] {
            assert_eq!(target(odd), odd);
        }
    }
}
