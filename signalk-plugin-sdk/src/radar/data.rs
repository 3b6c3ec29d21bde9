//! What is said about a radar.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::json::Raw;

/// What a radar does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RadarStatus {
    /// It is off.
    #[default]
    Off,
    /// It is ready.
    Standby,
    /// It transmits.
    Transmit,
    /// It warms up.
    Warming,
}

/// Which radar it is. The SDK adds its `id`.
///
/// 2.32 has the first four fields; 2.23 has the others as well, of which it takes status, spokes,
/// range and controls for given. What one server does not know it passes on to its clients.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RadarInfo {
    /// What people call it, or its model.
    pub name: String,
    /// Who made it.
    pub brand: String,
    /// Its model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Its address in the network.
    pub radar_ip_address: String,
    /// What it does (2.23).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<RadarStatus>,
    /// How many spokes one turn has (2.23).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spokes_per_revolution: Option<u32>,
    /// How many samples the longest spoke has (2.23).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_spoke_len: Option<u32>,
    /// Its range (m) (2.23).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<f64>,
    /// The values of its controls by name, such as `{"auto":false,"value":50}` for `gain` (2.23).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub controls: Option<BTreeMap<String, Raw>>,
    /// Where its spokes come from, if not from this server (2.23).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_url: Option<String>,
    /// What else a radar says, such as `legend` or `controlUrl`: written beside the rest, and kept when it is read.
    #[serde(flatten)]
    pub more: BTreeMap<String, Raw>,
}

/// What a radar does just now. The SDK adds its `id` and, where there is none, the time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RadarState {
    /// When this was so (ISO 8601, UTC); the time of the request, where it is `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
    /// What it does.
    pub status: RadarStatus,
    /// The values of its controls by id, each of the type that the capabilities say.
    pub controls: BTreeMap<String, Raw>,
    /// The controls that are of no use at present.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disabled_controls: Vec<DisabledControl>,
    /// What else a radar says, written beside the rest, and kept when it is read.
    #[serde(flatten)]
    pub more: BTreeMap<String, Raw>,
}

/// A control that is of no use at present.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DisabledControl {
    /// Its id.
    pub control_id: String,
    /// Why.
    pub reason: String,
}

/// What gain and the filters against sea and rain are set to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// Whether the radar sees to it itself.
    pub auto: bool,
    /// How much, in steps of the radar's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
}

/// A target that the radar tracks (ARPA).
///
/// Of the angles, the typings of both servers say that they are degrees, and the API's document of
/// 2.32 that they are radians. The SDK passes them on as they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    /// Its number, from 1 to 99 as a rule.
    pub id: u32,
    /// Whether it is still seen.
    pub status: TargetStatus,
    /// Where it is, seen from the own ship.
    pub position: TargetPosition,
    /// Where it goes. In the typings it is never absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub motion: Option<TargetMotion>,
    /// How near it comes. In the typings it is never absent; 2.32 has it absent where the ships part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub danger: Option<TargetDanger>,
    /// Who chose it.
    pub acquisition: Acquisition,
    /// The guard zone that chose it, 1 or 2 (2.32).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_zone: Option<u32>,
    /// Since when it is tracked (ISO 8601, UTC).
    pub first_seen: String,
    /// When it was last seen (ISO 8601, UTC).
    pub last_seen: String,
}

/// Whether a [`Target`] is still seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TargetStatus {
    /// It is tracked.
    Tracking,
    /// It is not seen any more.
    Lost,
    /// It is not yet known well enough.
    Acquiring,
}

/// Who chose a [`Target`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Acquisition {
    /// Somebody.
    Manual,
    /// The radar.
    Auto,
}

/// Where a [`Target`] is, seen from the own ship.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TargetPosition {
    /// Its bearing from true north; see [`Target`] for the unit.
    pub bearing: f64,
    /// Its distance (m).
    pub distance: f64,
    /// Its latitude (degrees, north positive), where the own ship's is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    /// Its longitude (degrees, east positive), where the own ship's is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
}

/// Where a [`Target`] goes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TargetMotion {
    /// Its course over ground from true north; see [`Target`] for the unit.
    pub course: f64,
    /// Its speed over ground (m/s).
    pub speed: f64,
}

/// How near a [`Target`] comes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TargetDanger {
    /// The least distance (m).
    pub cpa: f64,
    /// The time until then (s); negative, where it is over.
    pub tcpa: f64,
}

macro_rules! arpa {
    ($($(#[$meta:meta])* $field:ident: $type:ty,)*) => {
        /// How targets are tracked.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub struct ArpaSettings {
            $($(#[$meta])* pub $field: $type,)*
            /// Settings of the radar's own.
            #[serde(flatten)]
            pub more: BTreeMap<String, Raw>,
        }

        /// What of [`ArpaSettings`] is to be changed.
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        pub struct ArpaChanges {
            $(
                $(#[$meta])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $field: Option<$type>,
            )*
            /// Settings of the radar's own.
            #[serde(flatten)]
            pub more: BTreeMap<String, Raw>,
        }

        impl ArpaSettings {
            /// The settings with the changes in them.
            #[must_use]
            pub fn changed(mut self, changes: &ArpaChanges) -> Self {
                $(self.$field = changes.$field.unwrap_or(self.$field);)*
                self.more.extend(changes.more.clone());
                self
            }
        }
    };
}

arpa! {
    /// Whether targets are tracked.
    enabled: bool,
    /// How many at most.
    max_targets: u32,
    /// Which least distance is a danger (m).
    cpa_threshold: f64,
    /// Which time until then is a danger (s).
    tcpa_threshold: f64,
    /// After which time without being seen a target is lost (s).
    lost_target_timeout: f64,
    /// How readily the radar chooses targets itself: 0 for not at all, to 3.
    auto_acquisition: u32,
}
