//! Notifications: what the server turns into alarms, banners and sounds.
//!
//! [`Zones`] turns a value into an [`AlarmState`], [`Alarm`] tells the crew of changes only, and
//! [`AlarmSet`] does so for several targets. [`Notification`] reads what others have raised.
//!
//! Format: <https://signalk.org/specification/1.7.0/doc/notifications.html>.

mod alarm;
mod incoming;
mod set;
mod standing;
mod zones;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::{clock, json, outbox, path};

pub use alarm::Alarm;
pub use incoming::{Notification, Status};
pub use set::AlarmSet;
pub use zones::Zones;

pub use crate::alarm_state::{AlarmMethod, AlarmState};

use standing::Standing;

#[derive(Serialize)]
struct Value<'a> {
    state: AlarmState,
    method: Vec<AlarmMethod>,
    message: &'a str,
}

/// Raises or updates the notification of `path`, with the methods that are usual for the state.
///
/// `path` is what it is about, `navigation.anchor` for example; `notifications.` is put in front
/// if it is not there already.
///
/// Each call is sent, so this is for what happens once; an [`Alarm`] takes every value and tells of
/// changes only. A state that is worse than the one raised before goes over [`AlarmState::Normal`], as
/// an [`Alarm`] does, so that it sounds though the crew has acknowledged or silenced the other.
///
/// ```
/// use signalk_plugin_sdk::notification::{self, AlarmState};
///
/// notification::raise("navigation.anchor", AlarmState::Alarm, "Anchor drags: 62 m of 50 m")?;
/// notification::clear("navigation.anchor", "Back within 50 m")?;
/// # Ok::<(), signalk_plugin_sdk::Error>(())
/// ```
///
/// # Errors
/// When the path is no path, or the state is [`AlarmState::Unknown`]. A refusal by the server is shown as
/// an error on its dashboard.
pub fn raise(path: &str, state: AlarmState, message: &str) -> Result<()> {
    raise_with(path, state, state.default_methods(), message)
}

/// As [`raise`], with methods of your own choice; none of them for a silent notification.
///
/// # Errors
/// As [`raise`].
pub fn raise_with(
    path: &str,
    state: AlarmState,
    method: &[AlarmMethod],
    message: &str,
) -> Result<()> {
    send(about(path)?, state, method, message, None)
}

/// Says that all is well again: state `normal`, no method, and a message for the log. It is sent
/// also if nothing was raised; [`Alarm::clear`] is not.
///
/// # Errors
/// As [`raise`].
pub fn clear(path: &str, message: &str) -> Result<()> {
    raise(path, AlarmState::Normal, message)
}

/// The path without `notifications.`.
fn about(path: &str) -> Result<&str> {
    let about = path.trim_start_matches("notifications.");
    if about == "notifications" {
        return Err(Error::msg(
            "\"notifications\" alone is no path of a notification: write what it is about, such as \
             \"navigation.anchor\"",
        ));
    }
    path::check(about)?;
    Ok(about)
}

/// Sends a notification. Without a reason it has that of the one that stands.
fn send(
    about: &str,
    state: AlarmState,
    method: &[AlarmMethod],
    message: &str,
    reason: Option<&str>,
) -> Result<()> {
    let state = match state {
        AlarmState::Unknown => {
            return Err(Error::msg(
                [about, ": a state that is not known cannot be raised"].concat(),
            ));
        }
        AlarmState::Nominal => AlarmState::Normal,
        state => state,
    };
    let known = method.iter().filter(|method| **method != AlarmMethod::Unknown);
    let value = json::to_string(&Value { state, method: known.copied().collect(), message })?;

    let (has_to_sound_again, reason) = standing::look(about, |standing| {
        let old_reason = standing.map_or("", |standing| &*standing.reason);
        let reason = reason.unwrap_or(old_reason);
        let anew = standing.is_some_and(|standing| {
            let is_worse = state > standing.state || !standing.is_sure;
            let is_another = state == standing.state && reason != old_reason;
            !state.is_normal() && (is_worse || is_another)
        });
        (anew, reason.to_owned())
    });
    outbox::account_for_notifications(not_sent);
    let path = ["notifications.", about].concat();
    if has_to_sound_again {
        // The server forgets what the crew did about a notification only when it leaves `normal`.
        let normal = r#"{"state":"normal","method":[],"message":""}"#;
        outbox::notification(path.clone(), normal.to_owned());
    }
    outbox::notification(path, value);
    standing::note(Standing {
        about: about.to_owned(),
        state,
        reason,
        message: message.to_owned(),
        at: clock::monotonic(),
        is_sure: true,
    });
    Ok(())
}

/// As [`raise`], without an account of what stands: for one that the crew has no reason to mute, in
/// plugins that raise none themselves.
pub(crate) fn raise_plainly(about: &str, state: AlarmState, message: &str) -> Result<()> {
    let method = state.default_methods().to_vec();
    let value = json::to_string(&Value { state, method, message })?;
    outbox::notification(["notifications.", about].concat(), value);
    Ok(())
}

/// Notes that a notification was not sent, though it was raised: the handler has panicked after it,
/// or the server has refused it.
fn not_sent(path: &str) {
    if let Ok(about) = about(path) {
        standing::doubt(about);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boundary::entry;
    use crate::boundary::imports::native;
    use signalk_server_model::Event;

    fn sent() -> Vec<String> {
        let events = native::with(|server| server.log.take());
        let states = events.into_iter().filter_map(|it| match it.event {
            Event::Notification { value, .. } => Some(value["state"].as_str()?.to_owned()),
            _ => None,
        });
        states.collect()
    }

    /// Does something as a handler that panics after it.
    fn swallowed(work: impl FnOnce() -> Result<()>) {
        let entry = entry::begin();
        work().unwrap();
        outbox::renew();
        drop(entry);
    }

    #[test]
    fn what_a_crash_has_swallowed_is_told_by_the_next_run_and_sounds() {
        native::reset();
        crate::instance::reset();
        let mut alarm = Alarm::new("test");
        alarm.update(AlarmState::Warn, "near", "").unwrap();
        swallowed(|| alarm.update(AlarmState::Alarm, "drags", ""));
        assert_eq!(sent(), ["warn"]);
        alarm.update(AlarmState::Alarm, "drags", "").unwrap();
        assert_eq!(sent(), ["normal", "alarm"]);
        alarm.update(AlarmState::Alarm, "drags", "").unwrap();
        assert_eq!(sent(), [""; 0]);

        swallowed(|| alarm.clear(""));
        alarm.clear("").unwrap();
        assert_eq!(sent(), ["normal"]);
        swallowed(|| alarm.update(AlarmState::Alarm, "drags", ""));
        alarm.clear("").unwrap();
        alarm.clear("").unwrap();
        assert_eq!(sent(), ["normal"]);
    }
}
