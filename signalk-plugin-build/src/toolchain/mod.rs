//! A Rust toolchain that builds for WebAssembly, however this machine can come by one.

mod clang;
#[cfg(unix)]
mod debian;
mod rustup;
#[cfg(unix)]
mod sysroot;

pub use clang::set_up as c_compiler;
#[cfg(unix)]
pub use debian::install as install_debian_packages;
pub use rustup::only_registries;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cache;
use crate::command;
use crate::progress::{self, Progress};

/// What the server runs.
pub const WASI: &str = "wasm32-wasip1";

/// What wasm-bindgen-test runs under Node.
pub const BARE: &str = "wasm32-unknown-unknown";

/// Both of them.
pub const TARGETS: [&str; 2] = [WASI, BARE];

/// How to call cargo so that it builds for WebAssembly.
#[derive(Debug, Clone)]
pub struct Toolchain {
    cargo: PathBuf,
    /// Set when clippy is not to be had as `cargo clippy`.
    cargo_clippy: Option<PathBuf>,
    env: Vec<(&'static str, OsString)>,
    without_env: &'static [&'static str],
}

impl Toolchain {
    /// The cargo of the machine's own toolchain, which has the target.
    fn of_the_machine() -> Self {
        Self {
            cargo: std::env::var_os("CARGO").map_or_else(|| "cargo".into(), PathBuf::from),
            cargo_clippy: None,
            env: Vec::new(),
            without_env: &[],
        }
    }

    /// `cargo` for this toolchain.
    #[must_use]
    pub fn cargo(&self) -> Command {
        self.with_env(Command::new(&self.cargo))
    }

    /// `cargo clippy` for this toolchain.
    #[must_use]
    pub fn clippy(&self) -> Command {
        let mut command = Command::new(self.cargo_clippy.as_ref().unwrap_or(&self.cargo));
        command.arg("clippy");
        self.with_env(command)
    }

    /// The release of Rust, `1.96.0` for example.
    ///
    /// # Errors
    ///
    /// When cargo cannot be started or does not tell.
    pub fn release(&self) -> Result<String> {
        let told = command::capture(self.cargo().arg("--version"))?;
        let release = told.split_whitespace().nth(1).map(str::to_owned);
        release.with_context(|| format!("cargo does not tell its version: {told}"))
    }

    fn with_env(&self, mut command: Command) -> Command {
        for name in self.without_env {
            command.env_remove(name);
        }
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }
}

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
        return debian::set_up(folder, progress);
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

/// The folder for a toolchain that is built, one for all plugins of a user.
///
/// # Errors
///
/// As [`cache::folder`].
pub fn folder() -> Result<PathBuf> {
    Ok(cache::folder()?.join("wasm-toolchain"))
}

/// The machine that a rustc builds for unless told otherwise.
///
/// # Errors
///
/// When it cannot be started or does not say.
pub fn host_triple(rustc: &mut Command) -> Result<String> {
    let version = command::capture(rustc.arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not say for what machine it is")?.to_owned())
}

/// The rlib of std that a target folder holds, if it is whole.
fn holds_std(libdir: &Path) -> bool {
    let Ok(entries) = libdir.read_dir() else {
        return false;
    };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}
