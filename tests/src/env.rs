//! Where the tests find what `cargo xtask` prepared for them.

use std::path::PathBuf;

use anyhow::{Context, Result};

/// Folder with one folder for each built plugin, named after its package, holding `package.json`
/// and the .wasm.
pub const PLUGINS: &str = "SIGNALK_TEST_PLUGINS";

/// Folder whose `node_modules` has signalk-server 2.32.0.
pub const SERVER_2_32: &str = "SIGNALK_TEST_SERVER_2_32";

/// The Node.js that runs signalk-server 2.32.0.
pub const NODE_2_32: &str = "SIGNALK_TEST_NODE_2_32";

/// Folder whose `node_modules` has signalk-server 2.23.0.
pub const SERVER_2_23: &str = "SIGNALK_TEST_SERVER_2_23";

/// The Node.js that runs signalk-server 2.23.0.
pub const NODE_2_23: &str = "SIGNALK_TEST_NODE_2_23";

/// The browser, Chromium or one that takes its options.
pub const CHROMIUM: &str = "SIGNALK_TEST_CHROMIUM";

/// The library that sets the wall clock of a process: Debian's package libfaketime.
pub const FAKETIME: &str = "SIGNALK_TEST_FAKETIME";

/// A signalk-server that is installed somewhere, and the Node.js to run it with.
#[derive(Debug, Clone)]
pub struct InstalledServer {
    /// Folder whose `node_modules` has the package signalk-server.
    pub folder: PathBuf,
    /// The Node.js binary.
    pub node: PathBuf,
}

impl InstalledServer {
    /// signalk-server 2.32.0, the newest that the tests run against.
    ///
    /// # Errors
    ///
    /// Where [`SERVER_2_32`] or [`NODE_2_32`] is not set.
    pub fn v2_32() -> Result<Self> {
        Self::of(SERVER_2_32, NODE_2_32)
    }

    /// signalk-server 2.23.0, the oldest that runs WebAssembly plugins.
    ///
    /// # Errors
    ///
    /// Where [`SERVER_2_23`] or [`NODE_2_23`] is not set.
    pub fn v2_23() -> Result<Self> {
        Self::of(SERVER_2_23, NODE_2_23)
    }

    fn of(folder: &str, node: &str) -> Result<Self> {
        Ok(Self { folder: path_in(folder)?, node: path_in(node)? })
    }
}

/// The folder of a built plugin.
///
/// # Errors
///
/// Where [`PLUGINS`] is not set.
pub fn plugin_folder(package: &str) -> Result<PathBuf> {
    Ok(path_in(PLUGINS)?.join(package))
}

/// The browser.
///
/// # Errors
///
/// If [`CHROMIUM`] is not set.
pub fn chromium() -> Result<PathBuf> {
    path_in(CHROMIUM)
}

/// The library that sets the wall clock of a process.
///
/// # Errors
///
/// If [`FAKETIME`] is not set.
pub fn faketime() -> Result<PathBuf> {
    path_in(FAKETIME)
}

fn path_in(variable: &str) -> Result<PathBuf> {
    let path = std::env::var_os(variable).with_context(|| {
        format!(
            "{variable} is not set: these tests need what `cargo xtask test` prepares, so run \
             that, or `cargo xtask test --only server` for the real servers alone"
        )
    })?;
    Ok(path.into())
}
