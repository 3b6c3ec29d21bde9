//! Whether the published crates make packages that build by themselves.

use std::process::Command;

use crate::workspace::Workspace;

/// `cargo package` for all published crates in one run: they need each other and are not on the
/// registry yet, and cargo lets the packages of one run find each other.
pub(super) fn command<'a>(cargo: &'a mut Command, workspace: &Workspace) -> &'a mut Command {
    cargo.args(["package", "--allow-dirty"]);
    for package in workspace.published() {
        cargo.args(["--package", &package.name]);
    }
    cargo
}
