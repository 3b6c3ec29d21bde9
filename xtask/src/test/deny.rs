//! What comes from outside: licences, sources, and what is known to be broken.

use std::process::Command;

use anyhow::Result;
use signalk_plugin_build::command;

use super::count::{self, Count};
use crate::toolchain;
use crate::tools::Tool;
use crate::workspace::Workspace;

const DENY: Tool<'_> = Tool {
    package: "cargo-deny",
    version: "0.20.2",
    program: "cargo-deny",
    // It runs for a second: optimised, its building takes twice as long.
    options: &["--locked", "--debug"],
    patience: "two minutes",
};

/// Checks `Cargo.lock` against `deny.toml`. The advisories are in a git repository, which not every
/// machine can or may reach (`RUSTUP_AUTO_INSTALL=0` stands for the latter): that is said then, and no
/// failure.
pub(super) fn check(workspace: &Workspace) -> Result<Count> {
    let program = DENY.set_up(workspace)?;
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
