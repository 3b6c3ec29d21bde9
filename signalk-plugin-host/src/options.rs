//! What a server is like.

use std::time::{Duration, SystemTime};

use signalk_server_model::ServerVersion;

use crate::trace::CallTrace;

/// What the directory behind `/` is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Files {
    /// As on the server: there for an instance that was made by enabling the plugin, deleted for one
    /// that was enabled when the server started.
    #[default]
    AsServer,
    /// Always there.
    Present,
    /// Always deleted after loading, so that every file operation fails with "not found".
    Absent,
}

#[derive(Debug, Clone)]
pub(crate) struct Options {
    pub(crate) version: ServerVersion,
    pub(crate) wall_clock: SystemTime,
    pub(crate) self_urn: String,
    pub(crate) fuel: Option<u64>,
    pub(crate) memory_limit: Option<usize>,
    pub(crate) answers_self_path: bool,
    pub(crate) files: Files,
    pub(crate) streams_passed_on: bool,
    pub(crate) trace: Option<CallTrace>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            version: ServerVersion::default(),
            wall_clock: SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600),
            self_urn: "urn:mrn:signalk:uuid:b7590868-1d62-47d9-989c-32321b349fb9".to_owned(),
            fuel: Some(1_000_000_000),
            memory_limit: None,
            answers_self_path: false,
            files: Files::default(),
            streams_passed_on: false,
            trace: None,
        }
    }
}
