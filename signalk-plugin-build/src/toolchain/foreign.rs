//! Debian's programs, free of what the toolchain that calls them put in the environment.

use std::path::PathBuf;
use std::process::Command;

/// `cargo run` points this at the libraries of the toolchain that runs the caller; Debian's own
/// programs must not pick those up.
pub(super) const FOREIGN_ENV: &[&str] = &["LD_LIBRARY_PATH", "RUSTUP_TOOLCHAIN", "RUSTC_WRAPPER"];

/// A command of Debian's own toolchain, free of what the calling toolchain put in the environment.
pub(super) fn native(program: impl Into<PathBuf>) -> Command {
    let mut command = Command::new(program.into());
    for name in FOREIGN_ENV {
        command.env_remove(name);
    }
    command
}
