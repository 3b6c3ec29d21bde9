//! The real Signal K servers that the tests and the demo run, kept below the target folder.

use anyhow::Result;
use signalk_plugin_build::progress::Lines;
use signalk_plugin_build::servers;
pub(crate) use signalk_plugin_build::servers::{Version, npm_install};
use signalk_plugin_tests::env::InstalledServer;

use crate::workspace::Workspace;

/// Both servers.
pub(crate) struct Servers {
    pub(crate) newest: InstalledServer,
    pub(crate) oldest: InstalledServer,
}

/// Installs both servers, where they are not there yet.
pub(crate) fn set_up_both(workspace: &Workspace) -> Result<Servers> {
    Ok(Servers {
        newest: set_up(workspace, Version::Newest)?,
        oldest: set_up(workspace, Version::Oldest)?,
    })
}

/// Installs a server, where it is not there yet.
pub(crate) fn set_up(workspace: &Workspace, version: Version) -> Result<InstalledServer> {
    let installed = servers::set_up(&workspace.target().join("servers"), version, &Lines)?;
    Ok(InstalledServer { folder: installed.folder, node: installed.node })
}
