//! The state of an alarm, and the ways to tell the crew.

use serde::{Deserialize, Serialize};

/// The severity of a notification, from good to bad, or of a zone of a value's
/// [metadata](crate::delta::Meta).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum AlarmState {
    /// As good as it can be: a zone to be shown as such on a gauge, and what some instruments say
    /// instead of normal. A notification is sent as [`Self::Normal`], for the server takes this from
    /// no plugin.
    Nominal,
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
    /// A word that this SDK does not know, of a newer server or another plugin. It counts as worse
    /// than all others, can be read, and cannot be raised; a zone is sent as [`Self::Alert`].
    /// Whether a notification sounds is in its methods.
    #[serde(other)]
    Unknown,
}

/// A way to tell the crew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum AlarmMethod {
    /// On the screen.
    Visual,
    /// By a sound.
    Sound,
    /// A word that this SDK does not know, of a newer server or another plugin. It can be read, and
    /// is not sent.
    #[serde(other)]
    Unknown,
}

impl AlarmState {
    /// Tells whether there is nothing to tell the crew.
    #[must_use]
    pub fn is_normal(self) -> bool {
        self <= Self::Normal
    }

    /// The usual ways: a sound from [`Self::Alarm`] upwards, the screen from [`Self::Alert`].
    #[must_use]
    pub fn default_methods(self) -> &'static [AlarmMethod] {
        match self {
            Self::Nominal | Self::Normal => &[],
            Self::Alert | Self::Warn => &[AlarmMethod::Visual],
            Self::Alarm | Self::Emergency | Self::Unknown => {
                &[AlarmMethod::Visual, AlarmMethod::Sound]
            }
        }
    }
}
