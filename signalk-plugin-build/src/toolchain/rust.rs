//! A toolchain: a cargo that builds for WebAssembly.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::command;

/// The target of plugins.
pub const WASI: &str = signalk_plugin_contract::TARGET;

/// The target of wasm-bindgen-test under Node.
pub const BARE: &str = "wasm32-unknown-unknown";

/// Both of them.
pub const TARGETS: [&str; 2] = [WASI, BARE];

/// A toolchain: a cargo that builds for WebAssembly.
#[derive(Debug, Clone)]
pub struct Toolchain {
    pub(super) cargo: PathBuf,
    /// Set when clippy is not to be had as `cargo clippy`.
    pub(super) cargo_clippy: Option<PathBuf>,
    pub(super) env: Vec<(&'static str, OsString)>,
    pub(super) without_env: &'static [&'static str],
}

impl Toolchain {
    /// The cargo of the machine's own toolchain, which has the target.
    pub(super) fn of_the_machine() -> Self {
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

/// Tells if a folder for a target holds the rlib of std.
pub(super) fn holds_std(libdir: &Path) -> bool {
    let Ok(entries) = libdir.read_dir() else {
        return false;
    };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}
