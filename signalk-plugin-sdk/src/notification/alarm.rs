//! A notification that is raised when something has changed, and not with every value.

use std::borrow::Cow;

use super::{State, raise};
use crate::error::Result;

/// One notification, told when its state or its reason changes. A handler may tell it with every
/// value: the log of the server and the crew get it once. So the message stays that of the moment in
/// which it was told; what goes on changing belongs in the status.
///
/// ```
/// use signalk_plugin_sdk::notification::{Alarm, State};
///
/// let mut alarm = Alarm::new("environment.depth.belowKeel");
/// alarm.tell(State::Alarm, "shallow", "Shallow: 1.9 m below the keel")?;
/// alarm.tell(State::Alarm, "shallow", "Shallow: 1.8 m below the keel")?; // not told again
/// alarm.tell(State::Alarm, "silent", "No depth for 30 s")?;
/// alarm.clear("12.0 m below the keel")?;
/// # Ok::<(), signalk_plugin_sdk::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    path: Cow<'static, str>,
    told: Option<(State, &'static str)>,
}

impl Alarm {
    /// Of a path, as [`raise`] takes it. Nothing is told yet.
    #[must_use]
    pub fn new(path: impl Into<Cow<'static, str>>) -> Self {
        Self { path: path.into(), told: None }
    }

    /// Raises the notification where the state or the reason is not that of the last time. The reason
    /// is a word that tells one cause from another, and is not shown; [`State::Normal`] needs none.
    ///
    /// # Errors
    /// As [`raise`]; then it counts as not told.
    pub fn tell(&mut self, state: State, reason: &'static str, message: &str) -> Result<()> {
        let reason = if state == State::Normal { "" } else { reason };
        if self.told != Some((state, reason)) {
            raise(&self.path, state, message)?;
            self.told = Some((state, reason));
        }
        Ok(())
    }

    /// Says that all is well, where that is not what was told last.
    ///
    /// # Errors
    /// As [`raise`].
    pub fn clear(&mut self, message: &str) -> Result<()> {
        self.tell(State::Normal, "", message)
    }

    /// What was told last; [`State::Normal`] before anything was.
    #[must_use]
    pub fn state(&self) -> State {
        self.told.unwrap_or_default().0
    }
}
