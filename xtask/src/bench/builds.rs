//! The plugins that are measured, built as `cargo signalk build` does it.

use std::path::PathBuf;

use anyhow::Result;

use super::candidates::Candidate;
use crate::plugins::{self, Place};
use crate::toolchain::Toolchain;
use crate::workspace::Workspace;

/// The aim of the compiler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// Few bytes, whatever it takes.
    Size,
    /// Few bytes, with small functions where they are called: the workspace's profile.
    Profile,
    /// Speed.
    Speed,
}

impl Level {
    /// As `opt-level` has it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Size => "z",
            Self::Profile => "s",
            Self::Speed => "3",
        }
    }
}

/// The folder of what the measurements leave.
pub(super) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target().join("bench")
}

/// Builds plugins.
pub(super) fn build(
    workspace: &Workspace,
    toolchain: &Toolchain,
    level: Level,
    plugins: &[(&'static str, &'static str)],
) -> Result<Vec<Candidate>> {
    let folder = folder(workspace).join(level.name());
    let (target, profile) = match level {
        Level::Profile => (workspace.wasm_target(), Vec::new()),
        Level::Size | Level::Speed => (folder.join("target"), vec![("opt-level", level.name())]),
    };
    let place = Place { target, output: folder.join("plugins"), profile };
    let mut candidates = Vec::new();
    for plugin in plugins {
        let package = workspace.package(plugin.0)?;
        let built = plugins::build_one(workspace, toolchain, package, &place)?;
        candidates.push(Candidate::built(*plugin, level, built.wasm, built.embedded_bytes));
    }
    Ok(candidates)
}
