//! The state of a plugin.

use std::fmt;

/// The state that the server's plugin list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PluginState {
    /// Not started, or stopped.
    Stopped,
    /// `plugin_start` is running.
    Starting,
    /// `plugin_start` returned 0.
    Running,
    /// Start or stop failed. Saving a configuration does not start the plugin again, only disabling
    /// and enabling it does.
    Error,
}

impl fmt::Display for PluginState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stopped => "stopped",
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Error => "error",
        })
    }
}
