//! A toolchain from Debian's packages, for machines on which rustup may not download.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{Toolchain, sysroot};
use crate::command;
use crate::progress::{self, Progress};

const CARGO: &str = "/usr/bin/cargo";
const CARGO_CLIPPY: &str = "/usr/bin/cargo-clippy";

/// Debian's rustc calls the linker by this link; where it leads tells the version of LLVM.
const LINKER_LINK: &str = "/usr/bin/rust-lld";

/// What does not depend on the version of LLVM.
const PACKAGES: [&str; 6] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "rust-web-clippy",
    // Brings the linker link and llvm-ar.
    "rust-web-llvm",
    "wasi-libc",
];

/// The reason for which they are needed.
pub(super) const FOR_WASM: &str = "to build for WebAssembly";

/// `cargo run` points this at the libraries of the toolchain that runs the caller; Debian's own
/// programs must not pick those up.
const FOREIGN_ENV: &[&str] = &["LD_LIBRARY_PATH", "RUSTUP_TOOLCHAIN", "RUSTC_WRAPPER"];

/// Installs what is missing and keeps the toolchain folder in step with Debian's packages.
pub(super) fn set_up(folder: &Path, progress: &dyn Progress) -> Result<Toolchain> {
    let llvm = install_packages(progress)?;
    let recipe = sysroot::Recipe {
        llvm_ar: format!("/usr/bin/llvm-ar-{llvm}").into(),
        packages: versions(&[PACKAGES.as_slice(), &[&format!("lld-{llvm}")]].concat())?,
    };
    sysroot::keep_current(folder, &recipe, progress)?;
    let bin = folder.join("bin");
    Ok(Toolchain {
        cargo: CARGO.into(),
        cargo_clippy: Some(CARGO_CLIPPY.into()),
        env: vec![
            ("CARGO", CARGO.into()),
            ("RUSTC", bin.join("rustc").into()),
            ("RUSTDOC", bin.join("rustdoc").into()),
            // clippy-driver takes its sysroot from here.
            ("SYSROOT", folder.into()),
        ],
        without_env: FOREIGN_ENV,
    })
}

/// A command of Debian's own toolchain, free of what the calling toolchain put in the environment.
pub(super) fn native(program: impl Into<PathBuf>) -> Command {
    let mut command = Command::new(program.into());
    for name in FOREIGN_ENV {
        command.env_remove(name);
    }
    command
}

/// Installs the packages that are missing, and gives back the version of LLVM that they use.
fn install_packages(progress: &dyn Progress) -> Result<String> {
    install(&PACKAGES, FOR_WASM, progress)?;
    let llvm = linker_version()?;
    install(&[&format!("lld-{llvm}")], FOR_WASM, progress)?;
    Ok(llvm)
}

fn linker_version() -> Result<String> {
    let leads_to = fs::read_link(LINKER_LINK).with_context(|| {
        format!("{LINKER_LINK}, which rust-web-llvm should bring, is not there")
    })?;
    let text = leads_to.to_string_lossy();
    let Some(version) = version_in(&text) else {
        bail!("{LINKER_LINK} leads to {text}, which names no version of LLVM");
    };
    Ok(version.to_owned())
}

/// The number behind the first `lld-` or `llvm-` of a path.
fn version_in(path: &str) -> Option<&str> {
    let behind = path.split_once("lld-").or_else(|| path.split_once("llvm-"))?.1;
    let digits = behind.find(|c: char| !c.is_ascii_digit());
    let version = digits.map_or(behind, |end| &behind[..end]);
    (!version.is_empty()).then_some(version)
}

/// Installs those of the packages that are missing; `purpose` says what they are needed for.
///
/// # Errors
///
/// When only root could, or apt-get fails.
pub fn install(packages: &[&str], purpose: &str, progress: &dyn Progress) -> Result<()> {
    let missing = missing(packages)?;
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    if !is_root()? {
        bail!(
            "Debian's packages {names} are needed {purpose} here and only root can \
             install them: run `apt-get update && apt-get install --no-install-recommends {names}` \
             as root, then the same command again"
        );
    }
    progress::step(progress, "setup", &format!("installing Debian's packages {names}"), || {
        command::run_quietly(&mut apt_get(&["update"]))?;
        command::run_quietly(
            apt_get(&["install", "--yes", "--no-install-recommends"]).args(&missing),
        )
        .with_context(|| format!("apt-get could not install {names}"))
    })
}

fn apt_get(arguments: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").args(arguments);
    command
}

fn is_root() -> Result<bool> {
    Ok(command::capture(Command::new("id").arg("-u"))?.trim() == "0")
}

fn missing<'a>(packages: &[&'a str]) -> Result<Vec<&'a str>> {
    let installed = installed(packages)?;
    Ok(packages
        .iter()
        .copied()
        .filter(|name| !installed.iter().any(|(found, _)| found == name))
        .collect())
}

/// One line `package version` for each, so that an upgrade can be told.
fn versions(packages: &[&str]) -> Result<String> {
    let mut lines: Vec<String> = installed(packages)?
        .into_iter()
        .map(|(name, version)| format!("{name} {version}\n"))
        .collect();
    lines.sort();
    Ok(lines.concat())
}

/// Names and versions of those packages that are installed.
fn installed(packages: &[&str]) -> Result<Vec<(String, String)>> {
    // dpkg-query ends with an error as soon as one package is unknown to it, having listed the rest.
    let listing = Command::new("dpkg-query")
        .args(["-W", "-f", "${db:Status-Status} ${Package} ${Version}\n"])
        .args(packages)
        .output()
        .context("dpkg-query cannot be started, though apt-get is here")?;
    Ok(String::from_utf8_lossy(&listing.stdout)
        .lines()
        .filter_map(|line| line.strip_prefix("installed "))
        .filter_map(|line| line.split_once(' '))
        .map(|(name, version)| (name.to_owned(), version.to_owned()))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_llvm_is_read_from_where_the_linker_link_leads() {
        assert_eq!(version_in("lld-22"), Some("22"));
        assert_eq!(version_in("../lib/llvm-19/bin/lld"), Some("19"));
        assert_eq!(version_in("/usr/bin/lld"), None);
        assert_eq!(version_in("lld-"), None);
    }
}
