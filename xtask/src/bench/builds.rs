//! The plugins that are measured, built as `cargo xtask build` does it.

use std::path::PathBuf;

use anyhow::Result;

use super::candidates::{Candidate, PLUGINS};
use crate::plugins::{self, Place};
use crate::toolchain::WasmToolchain;
use crate::workspace::Workspace;

/// What the compiler aims at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// Few bytes, as the workspace's profile has it.
    Size,
    /// Speed.
    Speed,
}

impl Level {
    pub(super) const ALL: [Self; 2] = [Self::Size, Self::Speed];

    /// As `opt-level` has it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Size => "z",
            Self::Speed => "3",
        }
    }
}

/// What the measurements leave.
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
    let (target, opt_level) = match level {
        Level::Size => (workspace.wasm_target(), None),
        Level::Speed => (folder.join("target"), Some(level.name())),
    };
    let place = Place { target, output: folder.join("plugins"), opt_level };
    let mut candidates = Vec::new();
    for plugin in &PLUGINS {
        let package = workspace.package(plugin.package)?;
        let built = plugins::build_one(workspace, toolchain, package, &place)?;
        candidates.push(Candidate::built(plugin, level, built.wasm, built.embedded_bytes));
    }
    Ok(candidates)
}
