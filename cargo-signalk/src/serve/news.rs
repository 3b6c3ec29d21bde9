//! The messages to the thread that looks after everything.

/// An event while the server runs.
pub(super) enum News {
    /// These files of the plugin.
    Changed(Vec<String>),
    /// A line of the server's log.
    Line(String),
    /// Something about where the data comes from.
    Data(String),
    /// The user wants it to end.
    Interrupted,
}
