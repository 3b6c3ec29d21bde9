//! The test runner of wasm-bindgen, in the version that Cargo.lock has.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command;
use crate::progress;
use crate::workspace::Workspace;

const RUNNER: &str = "wasm-bindgen-test-runner";

/// Installs the runner, where it is not there yet, and makes sure that it finds a Node.js.
pub(super) fn set_up(workspace: &Workspace) -> Result<PathBuf> {
    if !command::is_there("node") {
        bail!("Node.js is not installed here, and the tests of the SDK's boundary run under it");
    }
    let version = workspace
        .locked_version("wasm-bindgen")?
        .context("Cargo.lock has no wasm-bindgen, which the tests of the SDK's boundary need")?;
    let folder = workspace.tools().join(format!("wasm-bindgen-cli-{version}"));
    let runner = folder.join("bin").join(RUNNER);
    if runner.exists() {
        return Ok(runner);
    }
    let text = format!("building wasm-bindgen-cli {version} (about three minutes)");
    progress::step("setup", &text, || {
        let build = workspace.tools().join("build");
        // cargo puts the programs in place when all are built.
        command::run(
            Command::new(workspace.cargo().get_program())
                .args(["install", "wasm-bindgen-cli", "--version", &format!("={version}")])
                .arg("--root")
                .arg(&folder)
                .arg("--target-dir")
                .arg(&build),
        )?;
        Ok(fs::remove_dir_all(build)?)
    })?;
    Ok(runner)
}
