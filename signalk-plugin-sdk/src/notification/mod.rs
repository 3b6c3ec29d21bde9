//! Notifications: what the server turns into alarms, banners and sounds.
//!
//! [`Levels`] judges a value, and [`Alarm`] tells the crew of changes only.
//!
//! Format: <https://signalk.org/specification/1.7.0/doc/notifications.html>.

mod alarm;
mod levels;

use serde::{Deserialize, Serialize};

use crate::delta;
use crate::error::Result;
use crate::{json, outbox};

pub use alarm::Alarm;
pub use levels::Levels;

/// How bad it is. The states are those that the server takes from a plugin; to say that all is
/// well again, [`clear`] the notification.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum State {
    /// All is well.
    #[default]
    Normal,
    /// Something to know.
    Alert,
    /// Something that may need doing soon.
    Warn,
    /// Something that needs doing now.
    Alarm,
    /// Danger to life.
    Emergency,
}

/// How the crew is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Method {
    /// On the screen.
    Visual,
    /// By a sound.
    Sound,
}

impl State {
    /// What is usual: a sound from [`State::Alarm`] upwards, the screen from [`State::Alert`].
    #[must_use]
    pub fn usual_methods(self) -> &'static [Method] {
        match self {
            Self::Normal => &[],
            Self::Alert | Self::Warn => &[Method::Visual],
            Self::Alarm | Self::Emergency => &[Method::Visual, Method::Sound],
        }
    }
}

#[derive(Serialize)]
struct Value<'a> {
    state: State,
    method: &'a [Method],
    message: &'a str,
}

/// Raises or updates the notification of `path`, with the methods that are usual for the state.
///
/// `path` is what it is about, `navigation.anchor` for example; `notifications.` is put in front
/// where it is not there already.
///
/// ```
/// use signalk_plugin_sdk::notification::{self, State};
///
/// notification::raise("navigation.anchor", State::Alarm, "Anchor drags: 62 m of 50 m")?;
/// notification::clear("navigation.anchor", "Back within 50 m")?;
/// # Ok::<(), signalk_plugin_sdk::Error>(())
/// ```
///
/// # Errors
/// When the path is no path. A refusal by the server is shown as an error on its dashboard.
pub fn raise(path: &str, state: State, message: &str) -> Result<()> {
    raise_with(path, state, state.usual_methods(), message)
}

/// As [`raise`], with methods of your own choice; none of them for a silent notification.
///
/// # Errors
/// As [`raise`].
pub fn raise_with(path: &str, state: State, method: &[Method], message: &str) -> Result<()> {
    let path = match path.strip_prefix("notifications.") {
        Some(rest) => {
            delta::check(rest)?;
            path.to_owned()
        }
        None => {
            delta::check(path)?;
            format!("notifications.{path}")
        }
    };
    let value = json::to_string(&Value { state, method, message })?;
    outbox::notification(path, value);
    Ok(())
}

/// Says that all is well again: state `normal`, no method, and a message for the log.
///
/// # Errors
/// As [`raise`].
pub fn clear(path: &str, message: &str) -> Result<()> {
    raise(path, State::Normal, message)
}
