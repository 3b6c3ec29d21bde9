//! The status line of the dashboard.

/// Whether a status reads as fine or as an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StatusKind {
    /// Set by `sk_set_status`.
    Status,
    /// Set by `sk_set_error`.
    Error,
}

/// What the dashboard shows for the plugin (`PROVIDERSTATUS` on the stream).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProviderStatus {
    /// Whether `message` is a status or an error.
    pub kind: StatusKind,
    /// The text.
    pub message: String,
    /// When it was set, on the wall clock of the host.
    pub timestamp: String,
    /// The last error before this message, if any, even when it is no error any more.
    pub last_error: Option<String>,
}

/// The line of one plugin; empty at first.
#[derive(Debug, Default)]
pub struct StatusLine(Option<ProviderStatus>);

impl StatusLine {
    /// Does what `setPluginStatus` and `setPluginError` do: an empty text deletes the entry, the last error with it.
    pub(crate) fn set(&mut self, kind: StatusKind, message: String, timestamp: String) {
        if message.is_empty() {
            self.0 = None;
            return;
        }
        let last_error = self.0.take().and_then(|before| {
            let was_other_error = before.kind == StatusKind::Error && before.message != message;
            if was_other_error { Some(before.message) } else { before.last_error }
        });
        self.0 = Some(ProviderStatus { kind, message, timestamp, last_error });
    }

    /// The line that is shown.
    #[must_use]
    pub fn shown(&self) -> Option<&ProviderStatus> {
        self.0.as_ref()
    }
}
