//! What comes from outside: licences, sources, and what is known to be broken.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::count::{self, Count};
use crate::command;
use crate::progress;
use crate::toolchain;
use crate::workspace::Workspace;

const VERSION: &str = "0.20.2";

/// Checks `Cargo.lock` against `deny.toml`. The advisories are in a git repository, which not every
/// machine can or may reach (`RUSTUP_AUTO_INSTALL=0` stands for the latter): that is said then, and no
/// failure.
pub(super) fn check(workspace: &Workspace) -> Result<Count> {
    let program = set_up(workspace)?;
    let deny = || {
        let mut deny = Command::new(&program);
        deny.current_dir(workspace.root());
        deny
    };
    let mut count = count::checks([deny().args(["check", "licenses", "sources", "bans"])])?;
    if toolchain::only_registries() {
        println!(
            "NOT CHECKED: the advisories, for their repository is not to be reached from here"
        );
        return Ok(count);
    }
    match command::run_quietly(deny().args(["fetch", "db"]).env("GIT_TERMINAL_PROMPT", "0")) {
        Ok(()) => {
            count += count::checks([deny().args(["check", "--disable-fetch", "advisories"])])?;
        }
        Err(_) => println!(
            "NOT CHECKED: the advisories, for the repository that holds them cannot be reached"
        ),
    }
    Ok(count)
}

/// Installs cargo-deny, where it is not there yet.
fn set_up(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.tools().join(format!("cargo-deny-{VERSION}"));
    let program = folder.join("bin").join("cargo-deny");
    if program.exists() {
        return Ok(program);
    }
    let text = format!("building cargo-deny {VERSION} (about two minutes)");
    progress::step("setup", &text, || {
        let build = workspace.tools().join("build-deny");
        command::run(
            Command::new(workspace.cargo().get_program())
                // It runs for a second: optimised, its building takes twice as long.
                .args(["install", "cargo-deny", "--locked", "--debug"])
                .args(["--version", &format!("={VERSION}"), "--root"])
                .arg(&folder)
                .arg("--target-dir")
                .arg(&build),
        )?;
        Ok(fs::remove_dir_all(build)?)
    })?;
    Ok(program)
}
