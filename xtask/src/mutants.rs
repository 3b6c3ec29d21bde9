//! Changes the SDK's code in many ways, one at a time, and says which changes no test notices.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use signalk_plugin_build::command;

use crate::progress;
use crate::tools::Tool;
use crate::workspace::Workspace;

const MUTANTS: Tool<'_> = Tool {
    package: "cargo-mutants",
    version: "27.1.0",
    program: "cargo-mutants",
    options: &["--locked"],
    patience: "three minutes",
};

/// Seconds for each change: a build of the SDK and of the tests, and the tests.
const SECONDS_EACH: usize = 90;

/// What is changed where no file is named.
const SDK: &str = "signalk-plugin-sdk/src/**/*.rs";

/// Runs the native tests against each change: those of the SDK, and those of `tests/tests` that need no built plugin.
/// A change that survives may still be noticed by the tests in the embedded host, for which plugins would have to be
/// built anew for each. `.cargo/mutants.toml` lists the changes that make no difference.
pub(crate) fn run(workspace: &Workspace, files: &[String]) -> Result<()> {
    for file in files {
        ensure!(Path::new(file).is_file(), "there is no file {file}");
    }
    let program = MUTANTS.set_up(workspace)?;
    let mutants = || {
        let mut mutants = Command::new(&program);
        mutants.current_dir(workspace.root()).arg("mutants");
        match files {
            [] => mutants.args(["--file", SDK]),
            files => mutants.args(files.iter().flat_map(|file| ["--file", file])),
        };
        mutants
    };
    let listed = mutants().arg("--list").output().context("cargo-mutants cannot be started")?;
    let count = String::from_utf8_lossy(&listed.stdout).lines().count();
    ensure!(count > 0, "there is nothing to change: {}", String::from_utf8_lossy(&listed.stderr));
    let minutes = count * SECONDS_EACH / 60;
    progress::say("mutants", &format!("{count} changes, about {minutes} minutes"));
    command::run(mutants().args(["--output"]).arg(workspace.target()).args([
        "--test-package",
        "signalk-plugin-sdk",
        "--test-package",
        "signalk-plugin-tests",
    ]))
}
