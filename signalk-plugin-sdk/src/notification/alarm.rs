//! A notification that is raised when something has changed, and not with every value.

use std::borrow::Cow;
use std::time::Duration;

use super::{AlarmMethod, AlarmState, about, send, standing};
use crate::clock;
use crate::error::Result;

/// One notification, told when its state or its reason changes. A handler may tell it with every
/// value: the log of the server and the crew get it once.
///
/// The message stays that of the moment in which it was told, unless [`Alarm::refresh_every`] refreshes it.
/// A notification that was never raised is not cleared either, so a plugin that finds all well says
/// nothing. One that an earlier run of the plugin has raised counts as raised, after a crash too.
///
/// ```
/// use signalk_plugin_sdk::notification::{Alarm, AlarmState};
///
/// let mut alarm = Alarm::new("environment.depth.belowKeel");
/// alarm.update(AlarmState::Alarm, "shallow", "Shallow: 1.9 m below the keel")?;
/// alarm.update(AlarmState::Alarm, "shallow", "Shallow: 1.8 m below the keel")?; // not told again
/// alarm.update(AlarmState::Alarm, "silent", "No depth for 30 s")?;
/// alarm.clear("12.0 m below the keel")?;
/// # Ok::<(), signalk_plugin_sdk::Error>(())
/// ```
///
/// # Sound
/// A crew that acknowledges or silences a warning does so for the server, which keeps the
/// notification mute from then on. An alarm that gets worse, or as bad for another reason, is
/// therefore told over [`AlarmState::Normal`], whereupon the server lets it sound again. One that gets
/// better, or whose message is refreshed, stays as mute as the crew made it.
///
/// Server 2.23 forgets an acknowledgement only when its once-a-minute cleaning finds the
/// notification normal. No plugin can make it sound before that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    path: Cow<'static, str>,
    told_by: TellingRules,
}

impl Alarm {
    /// Of a path, as [`raise`](super::raise) takes it. Nothing is told yet.
    #[must_use]
    pub fn new(path: impl Into<Cow<'static, str>>) -> Self {
        Self { path: path.into(), told_by: TellingRules::new() }
    }

    /// Refreshes the message while the state lasts: at most this often, and only if it has changed.
    /// A refresh does not sound again.
    ///
    /// ```
    /// use std::time::Duration;
    /// use signalk_plugin_sdk::notification::Alarm;
    ///
    /// let alarm = Alarm::new("navigation.anchor").refresh_every(Duration::from_secs(30));
    /// ```
    #[must_use]
    pub const fn refresh_every(mut self, period: Duration) -> Self {
        self.told_by.every = Some(period);
        self
    }

    /// Tells a state by these methods instead of the [usual ones](AlarmState::default_methods).
    ///
    /// ```
    /// use signalk_plugin_sdk::notification::{Alarm, AlarmMethod, AlarmState};
    ///
    /// let alarm = Alarm::new("navigation.anchor")
    ///     .methods(AlarmState::Warn, &[AlarmMethod::Visual, AlarmMethod::Sound]);
    /// ```
    #[must_use]
    pub fn methods(mut self, state: AlarmState, methods: &'static [AlarmMethod]) -> Self {
        self.told_by.set_methods(state, methods);
        self
    }

    /// Raises the notification if its state or its reason has changed. The reason tells one cause
    /// from another, and is not shown; [`AlarmState::Normal`] needs none.
    ///
    /// # Errors
    /// As [`raise`](super::raise); then it counts as not told.
    pub fn update(&mut self, state: AlarmState, reason: &str, message: &str) -> Result<()> {
        self.told_by.update(about(&self.path)?, state, reason, message)
    }

    /// Says that all is well, if the notification stands.
    ///
    /// # Errors
    /// As [`raise`](super::raise).
    pub fn clear(&mut self, message: &str) -> Result<()> {
        self.update(AlarmState::Normal, "", message)
    }

    /// The state in which the notification stands; [`AlarmState::Normal`] if it does not.
    #[must_use]
    pub fn state(&self) -> AlarmState {
        about(&self.path).map(standing_state).unwrap_or_default()
    }
}

/// When and by which methods a notification is told; common to one alarm and a set of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TellingRules {
    pub(super) every: Option<Duration>,
    methods: Vec<(AlarmState, &'static [AlarmMethod])>,
}

impl TellingRules {
    pub(super) const fn new() -> Self {
        Self { every: None, methods: Vec::new() }
    }

    pub(super) fn set_methods(&mut self, state: AlarmState, methods: &'static [AlarmMethod]) {
        self.methods.retain(|(of, _)| *of != state);
        self.methods.push((state, methods));
    }

    pub(super) fn update(
        &self,
        about: &str,
        state: AlarmState,
        reason: &str,
        message: &str,
    ) -> Result<()> {
        let is_told = standing::look(about, |standing| match standing {
            None => state.is_normal(),
            Some(standing) => {
                let is_same = standing.state == state && standing.reason == reason;
                is_same && standing.is_sure && !self.wants_refresh(standing, message)
            }
        });
        if is_told {
            return Ok(());
        }
        let chosen = self.methods.iter().find(|(of, _)| *of == state);
        let methods = chosen.map_or(state.default_methods(), |(_, methods)| *methods);
        send(about, state, methods, message, Some(reason))
    }

    fn wants_refresh(&self, standing: &standing::Standing, message: &str) -> bool {
        let Some(period) = self.every else { return false };
        let age = clock::monotonic().saturating_sub(standing.at);
        age >= period && standing.message != message
    }
}

pub(super) fn standing_state(about: &str) -> AlarmState {
    standing::look(about, |standing| standing.map(|one| one.state)).unwrap_or_default()
}
