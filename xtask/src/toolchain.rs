//! The toolchain of this workspace, kept below its target folder.

use std::ffi::OsString;
use std::process::Command;

use anyhow::Result;
use signalk_plugin_build::progress::Lines;
use signalk_plugin_build::toolchain;

pub(crate) use signalk_plugin_build::toolchain::{BARE, TARGETS, Toolchain, WASI, only_registries};

use crate::workspace::Workspace;

/// Makes sure that there is a toolchain for these targets, installing one where that is allowed.
pub(crate) fn set_up(workspace: &Workspace, targets: &[&str]) -> Result<Toolchain> {
    toolchain::set_up(&workspace.target().join("wasm-toolchain"), targets, &Lines)
}

/// The environment in which cargo can build C for WebAssembly, installing a compiler where that is
/// allowed.
pub(crate) fn c_compiler() -> Result<Vec<(&'static str, OsString)>> {
    toolchain::c_compiler(&Lines)
}

/// Installs those of Debian's packages that are missing.
pub(crate) fn install_debian_packages(packages: &[&str], purpose: &str) -> Result<()> {
    toolchain::install_debian_packages(packages, purpose, &Lines)
}

/// The target of this machine's own programs.
pub(crate) fn host_triple() -> Result<String> {
    toolchain::host_triple(&mut Command::new("rustc"))
}
