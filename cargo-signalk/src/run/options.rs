//! The choices of the command line.

use std::path::PathBuf;

use crate::building::BuildArgs;
use crate::feed::FeedArgs;

/// The choices of the user.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) build: BuildArgs,
    pub(crate) feed: FeedArgs,
    pub(crate) speed: f64,
    pub(crate) state: Option<PathBuf>,
    /// 0 for any that is free.
    pub(crate) port: u16,
    pub(crate) opens: bool,
    pub(crate) json: bool,
}
