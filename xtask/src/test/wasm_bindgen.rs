//! The test runner of wasm-bindgen, in the version that Cargo.lock has.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use signalk_plugin_build::command;

use crate::tools::Tool;
use crate::workspace::Workspace;

/// Installs the runner, where it is not there yet, and makes sure that it finds a Node.js.
pub(super) fn set_up(workspace: &Workspace) -> Result<PathBuf> {
    if !command::is_there("node") {
        bail!("Node.js is not installed here, and the tests of the SDK's boundary run under it");
    }
    let version = workspace
        .locked_version("wasm-bindgen")?
        .context("Cargo.lock has no wasm-bindgen, which the tests of the SDK's boundary need")?;
    Tool {
        package: "wasm-bindgen-cli",
        version: &version,
        program: "wasm-bindgen-test-runner",
        options: &[],
        patience: "three minutes",
    }
    .set_up(workspace)
}
