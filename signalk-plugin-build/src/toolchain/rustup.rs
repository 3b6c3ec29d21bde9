//! The machine's own rustc, and rustup where it may download.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::rust::holds_std;
use crate::command;

/// The owner's word on whether rustup may download; read here and never set.
const AUTO_INSTALL: &str = "RUSTUP_AUTO_INSTALL";

/// Whether the machine's rustc has the standard library of a target.
pub(super) fn machine_has(target: &str) -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let libdir = command::capture(Command::new(rustc).args([
        "--print",
        "target-libdir",
        "--target",
        target,
    ]));
    libdir.is_ok_and(|libdir| holds_std(Path::new(libdir.trim())))
}

/// Whether there is a rustup, and nobody has forbidden it to download.
pub(super) fn may_download() -> bool {
    !only_registries() && command::is_there("rustup")
}

/// Tells if the owner of the machine lets only package registries be reached.
#[must_use]
pub fn only_registries() -> bool {
    std::env::var_os(AUTO_INSTALL).is_some_and(|value| value == "0")
}

/// Lets rustup download the targets.
pub(super) fn add(targets: &[&str]) -> Result<()> {
    command::run_quietly(Command::new("rustup").args(["target", "add"]).args(targets)).with_context(
        || {
            format!(
                "rustup could not add {}; where it cannot download, {AUTO_INSTALL}=0 lets this \
                 set-up use Debian's packages instead",
                targets.join(" and ")
            )
        },
    )
}
