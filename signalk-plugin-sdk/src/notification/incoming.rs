//! Notifications of others, as the server passes them on.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};

use super::{AlarmMethod, AlarmState};
use crate::json::Raw;

/// A notification as the server passes it on, for handlers of `notifications.*`.
///
/// ```
/// use signalk_plugin_sdk::prelude::*;
/// use signalk_plugin_sdk::notification::Notification;
///
/// struct Buzzer;
///
/// #[signalk_plugin]
/// impl Buzzer {
///     fn start() -> Result<Self> {
///         Ok(Self)
///     }
///
///     #[delta("notifications.*")]
///     fn heard(&mut self, notification: Option<Notification>) -> Result<()> {
///         if let Some(notification) = notification && notification.sounds() {
///             server::set_status(&notification.message);
///         }
///         Ok(())
///     }
/// }
/// ```
///
/// Nothing in it has to be there or be right: what cannot be read is in [`other`](Self::other), and
/// the rest is read all the same.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Notification {
    /// The state; [`AlarmState::Unknown`] if it says none, or has a word of its own.
    pub state: AlarmState,
    /// The ways in which the crew is told; the server takes the sound out of what was silenced or acknowledged.
    pub method: Vec<AlarmMethod>,
    /// The text for the crew.
    pub message: String,
    /// The name by which the server's notifications API knows it.
    pub id: Option<String>,
    /// The acts of the crew on it, if the server tells them.
    pub status: Option<Status>,
    /// All other members, and those that could not be read.
    pub other: BTreeMap<String, Raw>,
}

/// Acts of the crew on a notification, done and possible.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Status {
    /// Its sound was turned off.
    pub silenced: bool,
    /// Somebody has said that he knows of it.
    pub acknowledged: bool,
    /// When that was, ISO 8601 in UTC.
    pub acknowledged_at: Option<String>,
    /// Its sound can be turned off.
    pub can_silence: bool,
    /// It can be acknowledged.
    pub can_acknowledge: bool,
    /// It can be cleared by the notifications API.
    pub can_clear: bool,
}

impl Notification {
    /// Tells whether it makes a sound now.
    #[must_use]
    pub fn sounds(&self) -> bool {
        self.method.contains(&AlarmMethod::Sound)
    }

    /// Tells whether somebody has silenced or acknowledged it.
    #[must_use]
    pub fn is_muted(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.silenced || status.acknowledged)
    }
}

impl<'de> Deserialize<'de> for Notification {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Notification;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a notification")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Notification, A::Error> {
        let mut read = Notification { state: AlarmState::Unknown, ..Notification::default() };
        while let Some((key, value)) = members.next_entry::<String, Raw>()? {
            let is_read = match &*key {
                "state" => take(&value, &mut read.state) && read.state != AlarmState::Unknown,
                "method" => take(&value, &mut read.method),
                "message" => take(&value, &mut read.message),
                "id" => take(&value, &mut read.id),
                "status" => take(&value, &mut read.status),
                _ => false,
            };
            if !is_read {
                read.other.insert(key, value);
            }
        }
        Ok(read)
    }
}

/// Reads a member if it is what it should be.
fn take<T: DeserializeOwned>(value: &Raw, into: &mut T) -> bool {
    match value.deserialize() {
        Ok(value) => {
            *into = value;
            true
        }
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn what_a_server_passes_on_is_read() {
        let read: Notification = json::from_str(
            r#"{"state":"alarm","method":["visual"],"message":"Anchor drags",
                "id":"5b3c5e0e-6a43-4c8b-9d2c-2f4b3a1c0d9e","createdAt":"2026-01-01T00:00:00.000Z",
                "status":{"silenced":true,"acknowledged":false,"canSilence":true,
                          "canAcknowledge":true,"canClear":false,"canSnooze":true}}"#,
        )
        .unwrap();
        assert_eq!((read.state, &*read.method), (AlarmState::Alarm, &[AlarmMethod::Visual][..]));
        assert_eq!(read.message, "Anchor drags");
        assert!(read.id.as_ref().is_some_and(|id| id.starts_with("5b3c")));
        assert!(read.status.as_ref().is_some_and(|status| status.can_silence));
        assert!(read.is_muted() && !read.sounds());
        assert_eq!(read.other.keys().collect::<Vec<_>>(), ["createdAt"]);
    }

    #[test]
    fn words_of_newer_servers_do_not_stand_in_the_way_of_the_rest() {
        for (state, expected) in [
            (r#""nominal""#, AlarmState::Nominal),
            (r#""caution""#, AlarmState::Unknown),
            ("null", AlarmState::Unknown),
            ("3", AlarmState::Unknown),
        ] {
            let text = [r#"{"method":["sound","beacon"],"state":"#, state, r#","message":"m"}"#];
            let read: Notification = json::from_str(&text.concat()).unwrap();
            assert_eq!((read.state, &*read.message), (expected, "m"));
            assert_eq!(read.method, [AlarmMethod::Sound, AlarmMethod::Unknown]);
            let kept = read.other.get("state").map(Raw::as_str);
            assert_eq!(kept, (expected == AlarmState::Unknown).then_some(state));
        }
        let odd = r#"{"method":"sound","message":null,"status":"silenced","id":7}"#;
        let read: Notification = json::from_str(odd).unwrap();
        assert_eq!(read.state, AlarmState::Unknown);
        assert_eq!(read.other.len(), 4, "{:?}", read.other);
        assert!(json::from_str::<Notification>(r#""help""#).is_err());
    }

    #[test]
    fn a_state_alone_is_read_too() {
        assert_eq!(json::from_str::<AlarmState>(r#""nominal""#).unwrap(), AlarmState::Nominal);
        assert_eq!(json::from_str::<AlarmState>(r#""caution""#).unwrap(), AlarmState::Unknown);
        assert!(AlarmState::Nominal.is_normal() && AlarmState::Normal.is_normal());
        assert!(!AlarmState::Unknown.is_normal());
    }
}
