//! The options of a host.

use signalk_server_model::{ConfigStore, Server, Setup, Shared};

use crate::package::{Capability, Package};
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
    pub(crate) setup: Setup,
    pub(crate) fuel: Option<u64>,
    pub(crate) memory_limit: Option<usize>,
    pub(crate) files: Files,
    pub(crate) streams_passed_on: bool,
    pub(crate) trace: Option<CallTrace>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            setup: Setup::default(),
            fuel: Some(1_000_000_000),
            memory_limit: None,
            files: Files::default(),
            streams_passed_on: false,
            trace: None,
        }
    }
}

impl Options {
    /// The server of a package, which has seen nothing yet.
    pub(crate) fn server(&self, package: &Package, store: ConfigStore) -> Shared {
        let granted = Capability::ALL.into_iter().filter(|capability| package.has(*capability));
        let granted = granted.map(Capability::entry).collect();
        Shared::new(Server::new(package.name(), granted, self.setup.clone(), store))
    }
}
