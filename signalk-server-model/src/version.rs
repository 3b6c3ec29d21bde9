//! The server versions whose behaviour the host reproduces.

use std::fmt;

/// A signalk-server release whose behaviour the host reproduces.
///
/// The two differ in what comes back for an update without values, in which malformed deltas are
/// refused and how much is lost with them, in the names of sources, in what a notification that was
/// silenced does next, in HTTP bodies, in the words of an error about JSON, in what a full disk leaves
/// of a configuration, and in the unit of the bearing of a radar target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub enum ServerVersion {
    /// signalk-server 2.23.0 (Node.js 20).
    V2_23,
    /// signalk-server 2.32.0 (Node.js 22).
    #[default]
    V2_32,
}

impl fmt::Display for ServerVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V2_23 => "2.23.0",
            Self::V2_32 => "2.32.0",
        })
    }
}
