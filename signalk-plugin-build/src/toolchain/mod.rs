//! A Rust toolchain that builds for WebAssembly, however this machine can come by one.

#[cfg(unix)]
mod apt;
mod clang;
#[cfg(unix)]
mod debian;
#[cfg(unix)]
mod foreign;
mod packages;
mod rust;
mod rustup;
#[cfg(unix)]
mod sysroot;

#[cfg(unix)]
pub use apt::install as install_debian_packages;
pub use clang::is_there as has_c_compiler;
pub use clang::set_up as c_compiler;
pub use rust::{BARE, TARGETS, Toolchain, WASI, host_triple};
pub use rustup::only_registries;

/// The packages from which Debian and Ubuntu get the target.
pub use packages::DEBIAN_PACKAGES;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::cache;
use crate::command;
use crate::progress::{self, Progress};

/// Makes sure that there is a toolchain for these targets, installing one where that is allowed.
///
/// The target that is there already comes first, then rustup, then Debian's packages, with a toolchain
/// folder that is built once.
///
/// # Errors
///
/// When there is none and none can be had, with what to do.
pub fn set_up(folder: &Path, targets: &[&str], progress: &dyn Progress) -> Result<Toolchain> {
    if targets.iter().all(|target| rustup::machine_has(target)) {
        return Ok(Toolchain::of_the_machine());
    }
    if rustup::may_download() {
        let text = "adding the wasm targets with rustup";
        progress::step(progress, "setup", text, || rustup::add(targets))?;
        return Ok(Toolchain::of_the_machine());
    }
    #[cfg(unix)]
    if command::is_there("apt-get") {
        return debian::set_up(folder, targets, progress);
    }
    bail!(
        "Rust's target {} is missing here, rustup is missing too or may not download \
         (RUSTUP_AUTO_INSTALL=0), and there is no apt-get to bring Debian's packages to {}: install \
         it with `rustup target add {}`",
        targets.join(" or "),
        folder.display(),
        targets.join(" "),
    )
}

/// Tells if a toolchain for this target is there: that of the machine, or one that was built.
#[must_use]
pub fn is_ready(folder: &Path, target: &str) -> bool {
    rustup::machine_has(target)
        || rust::holds_std(&folder.join("lib/rustlib").join(target).join("lib"))
}

/// The folder for a toolchain that is built, one for all plugins of a user.
///
/// # Errors
///
/// As [`cache::folder`].
pub fn folder() -> Result<PathBuf> {
    Ok(cache::folder()?.join("wasm-toolchain"))
}
