//! Debian's packages.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command;
use crate::progress::{self, Progress};

/// The reason for which a compiler is needed.
pub(super) const FOR_WASM: &str = "to build for WebAssembly";

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
pub(super) fn versions(packages: &[&str]) -> Result<String> {
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
