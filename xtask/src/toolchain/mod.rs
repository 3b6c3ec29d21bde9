//! A Rust toolchain that builds for WebAssembly, however this machine can come by one.

mod chromium;
mod clang;
mod debian;
mod faketime;
mod rustup;
mod sysroot;

pub(crate) use chromium::set_up as browser;
pub(crate) use clang::set_up as c_compiler;
pub(crate) use faketime::set_up as wall_clock;
pub(crate) use rustup::only_registries;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command;
use crate::progress;
use crate::workspace::Workspace;

/// What the server runs.
pub(crate) const WASI: &str = "wasm32-wasip1";

/// What wasm-bindgen-test runs under Node.
pub(crate) const BARE: &str = "wasm32-unknown-unknown";

/// Both targets that this workspace builds for.
pub(crate) const TARGETS: [&str; 2] = [WASI, BARE];

/// How to call cargo so that it builds for WebAssembly.
pub(crate) struct WasmToolchain {
    cargo: PathBuf,
    /// Set when clippy is not to be had as `cargo clippy`.
    cargo_clippy: Option<PathBuf>,
    env: Vec<(&'static str, OsString)>,
    without_env: &'static [&'static str],
}

impl WasmToolchain {
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
    pub(crate) fn cargo(&self) -> Command {
        self.with_env(Command::new(&self.cargo))
    }

    /// `cargo clippy` for this toolchain.
    pub(crate) fn clippy(&self) -> Command {
        let mut command = Command::new(self.cargo_clippy.as_ref().unwrap_or(&self.cargo));
        command.arg("clippy");
        self.with_env(command)
    }

    /// The release of Rust, `1.96.0` for example.
    pub(crate) fn release(&self) -> Result<String> {
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
/// The target that is there already comes first, then rustup, then Debian's packages.
pub(crate) fn set_up(workspace: &Workspace, targets: &[&str]) -> Result<WasmToolchain> {
    if targets.iter().all(|target| rustup::machine_has(target)) {
        return Ok(WasmToolchain::of_the_machine());
    }
    if rustup::may_download() {
        progress::step("setup", "adding the wasm targets with rustup", || rustup::add(targets))?;
        return Ok(WasmToolchain::of_the_machine());
    }
    if command::is_there("apt-get") {
        return debian::set_up(&toolchain_folder(workspace));
    }
    bail!(
        "Rust's target {} is missing here, rustup is missing too or may not download \
         (RUSTUP_AUTO_INSTALL=0), and there is no apt-get to bring Debian's packages: install it \
         with `rustup target add {}`",
        targets.join(" or "),
        targets.join(" "),
    )
}

fn toolchain_folder(workspace: &Workspace) -> PathBuf {
    workspace.target().join("wasm-toolchain")
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
