//! `cargo xtask valgrind`: tests of the buffers, which are `unsafe` code, with every access to memory watched.

use std::process::Command;

use anyhow::{Context, Result, bail};
use signalk_plugin_build::command;

use crate::toolchain;
use crate::workspace::Workspace;

const SDK: &str = "signalk-plugin-sdk";

/// Which tests: the host's buffers, what the fuzzer does to them, and the recording host behind the
/// exports.
const RUNS: [(&str, &[&str], &str); 5] = [
    (SDK, &["--lib"], "memory::"),
    ("signalk-plugin-fuzz", &["--test", "replay"], "buffers"),
    (SDK, &["--test", "lifecycle"], ""),
    (SDK, &["--test", "requests"], ""),
    (SDK, &["--test", "deltas"], ""),
];

/// Runs them, one after the other.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    if !command::is_there("valgrind") {
        bail!("valgrind is not installed here (on Debian it is the package valgrind)");
    }
    let triple = toolchain::host_triple()?;
    let runner = format!("CARGO_TARGET_{}_RUNNER", triple.to_uppercase().replace('-', "_"));
    for (package, target, filter) in RUNS {
        command::run(
            Command::new(workspace.cargo().get_program())
                .current_dir(workspace.root())
                .args(["test", "--package", package])
                .args(target)
                .args(["--", "--test-threads=1", filter])
                .env(
                    &runner,
                    "valgrind --quiet --error-exitcode=9 --leak-check=full --show-leak-kinds=definite \
                     --errors-for-leak-kinds=definite --num-callers=30",
                ),
        )
        .with_context(|| format!("valgrind has found something in {package} {}", target.join(" ")))?;
    }
    Ok(())
}
