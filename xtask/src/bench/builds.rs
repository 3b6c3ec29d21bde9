//! The plugins that are measured, built as `cargo xtask build` does it.

use std::path::PathBuf;

use anyhow::Result;

use super::candidates::{Candidate, PLUGINS};
use crate::plugins::{self, Place};
use crate::toolchain::WasmToolchain;
use crate::workspace::Workspace;

/// The aim of the compiler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// Few bytes, as the workspace's profile has it.
    Size,
    /// Speed.
    Speed,
}

impl Level {
    /// As `opt-level` has it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Size => "z",
            Self::Speed => "3",
        }
    }
}

/// The folder of what the measurements leave.
pub(super) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target().join("bench")
}

/// Builds all plugins.
pub(super) fn build(
    workspace: &Workspace,
    toolchain: &WasmToolchain,
    level: Level,
) -> Result<Vec<Candidate>> {
    let folder = folder(workspace).join(level.name());
    let (target, profile) = match level {
        Level::Size => (workspace.wasm_target(), Vec::new()),
        Level::Speed => (folder.join("target"), vec![("OPT_LEVEL", level.name())]),
    };
    let place = Place { target, output: folder.join("plugins"), profile };
    let mut candidates = Vec::new();
    for plugin in PLUGINS {
        let package = workspace.package(plugin.0)?;
        let built = plugins::build_one(workspace, toolchain, package, &place)?;
        candidates.push(Candidate::built(plugin, level, built.wasm, built.embedded_bytes));
    }
    Ok(candidates)
}
