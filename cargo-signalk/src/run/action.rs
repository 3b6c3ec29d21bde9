//! The buttons of the page, one each.

use std::time::Duration;

use serde_json::Value;

/// Something to be done to the plugin or around it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Action {
    /// Enables it.
    Start,
    /// Disables it.
    Stop,
    /// Stops and starts it, as a save of its settings does.
    Restart,
    /// Ends it without a word, and starts it with the server.
    KillPower,
    /// Has its next call end in a trap.
    Crash,
    /// Lets time pass at once.
    Pass(Duration),
    /// Sets the clock of the computer by so many seconds.
    SetClockBy(i64),
    /// Leaves no room on the disk, or some again.
    FillDisk(bool),
    /// Sends a value, JSON, as an instrument would.
    Send { path: String, value: Value },
    /// Asks the plugin's PUT handler to set a value.
    Put { context: String, path: String, value: Value },
    /// Acknowledges a notification.
    Acknowledge(String),
    /// Silences a notification.
    Silence(String),
}
