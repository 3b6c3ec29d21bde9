//! `cargo xtask fuzz`: the targets of `fuzz/` under libFuzzer, which is guided by what code is run.
//!
//! What cargo-fuzz would do, without having to be installed. Its instrumentation is LLVM's and so is
//! there in a stable toolchain, too; AddressSanitizer takes a nightly one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use signalk_plugin_build::command;

use crate::progress;
use crate::toolchain;
use crate::workspace::Workspace;

/// How long each target runs, unless the command line says otherwise.
pub(crate) const MINUTES: u64 = 1;

/// What is to be run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fuzz {
    /// All, where none is named.
    pub(crate) targets: Vec<String>,
    pub(crate) most: Most,
    /// For large numbers: several times as fast, without AddressSanitizer, and blind to what is
    /// compared.
    pub(crate) fast: bool,
}

/// When a target has run enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Most {
    Cases(u64),
    Minutes(u64),
}

/// Counts each edge of the program's flow.
const COVERAGE: [&str; 5] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    // Else parts of the program are without it.
    "-Ccodegen-units=1",
];

/// Shows the fuzzer what is compared.
const COMPARES: &str = "-Cllvm-args=-sanitizer-coverage-trace-compares";

/// What the fuzzer is built to watch.
#[derive(Debug, Clone, Copy)]
enum Watch {
    /// Coverage, compares, and memory by AddressSanitizer, which takes a nightly toolchain.
    Memory,
    /// Coverage and compares.
    Compares,
    /// Coverage alone.
    Coverage,
}

/// Runs the targets one after the other; ends at the first that finds something.
pub(crate) fn run(workspace: &Workspace, fuzz: &Fuzz) -> Result<()> {
    let folder = workspace.root().join("fuzz");
    let targets = targets(&folder, &fuzz.targets)?;
    let watch = match fuzz.fast {
        true => Watch::Coverage,
        false if has_nightly() => Watch::Memory,
        false => Watch::Compares,
    };
    let program = build(workspace, watch)?;
    for target in &targets {
        let found = folder.join("crashes").join(target);
        let grown = workspace.target().join("fuzz/corpus").join(target);
        fs::create_dir_all(&found)?;
        fs::create_dir_all(&grown)?;
        let mut command = Command::new(&program);
        command
            .env("FUZZ_TARGET", target)
            // An impossible size is asked for on purpose.
            .env("ASAN_OPTIONS", "allocator_may_return_null=1")
            .arg(format!("-dict={}", folder.join("json.dict").display()))
            .arg(format!("-artifact_prefix={}/", found.display()))
            .args(["-max_len=4096", "-timeout=20", "-print_final_stats=1"])
            .arg(match fuzz.most {
                Most::Cases(cases) => format!("-runs={cases}"),
                Most::Minutes(minutes) => format!("-max_total_time={}", minutes.saturating_mul(60)),
            })
            // What is new goes into the first.
            .args([&grown, &folder.join("corpus").join(target)]);
        progress::step("fuzz", target, || command::run(&mut command)).with_context(|| {
            format!(
                "{target}: see {}; the tests of signalk-plugin-fuzz replay it from now on",
                found.display()
            )
        })?;
        // Only where it is empty.
        let _ = fs::remove_dir(found);
    }
    Ok(())
}

/// The targets that are named, or all: each has a corpus.
fn targets(folder: &Path, named: &[String]) -> Result<Vec<String>> {
    let mut all = Vec::new();
    for entry in folder.join("corpus").read_dir()? {
        all.push(entry?.file_name().to_string_lossy().into_owned());
    }
    all.sort();
    if let Some(unknown) = named.iter().find(|name| !all.contains(name)) {
        bail!("there is no fuzz target `{unknown}`; the targets are {}", all.join(", "));
    }
    Ok(if named.is_empty() { all } else { named.to_vec() })
}

fn has_nightly() -> bool {
    let listed = command::capture(Command::new("rustup").args(["toolchain", "list"]));
    listed.is_ok_and(|list| list.lines().any(|line| line.starts_with("nightly")))
}

/// Builds the fuzzer with all targets in it.
fn build(workspace: &Workspace, watch: Watch) -> Result<PathBuf> {
    let target = workspace.target().join("fuzz");
    let (folder, kind, more): (_, _, &[&str]) = match watch {
        Watch::Memory => {
            ("nightly", "nightly, with AddressSanitizer", &[COMPARES, "-Zsanitizer=address"])
        }
        Watch::Compares => ("stable", "stable, without AddressSanitizer", &[COMPARES]),
        Watch::Coverage => ("fast", "stable, with coverage alone", &[]),
    };
    let target = target.join(folder);
    let mut cargo = match watch {
        Watch::Memory => {
            let mut cargo = Command::new("rustup");
            // What the machine lacks is not to be downloaded.
            cargo.args(["run", "nightly", "cargo"]).env("RUSTUP_AUTO_INSTALL", "0");
            cargo
        }
        Watch::Compares | Watch::Coverage => workspace.cargo(),
    };
    let flags = [&COVERAGE, more].concat().join(" ");
    let triple = toolchain::host_triple()?;
    progress::step("fuzz", &format!("building the fuzzer ({kind})"), || {
        command::run(
            cargo
                .current_dir(workspace.root())
                .args(["build", "--profile", "fuzz", "--package", "signalk-plugin-fuzz"])
                .args(["--features", "libfuzzer", "--bin", "fuzz"])
                // Named, so that the flags are not for build scripts and macros.
                .args(["--target", &triple, "--target-dir"])
                .arg(&target)
                .env("RUSTFLAGS", &flags)
                .env_remove("CARGO_ENCODED_RUSTFLAGS"),
        )
        .context("the fuzzer takes a C++ compiler; is one installed?")
    })?;
    Ok(target.join(triple).join("fuzz/fuzz"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_that_is_not_there_is_refused_with_the_names_of_those_that_are() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
        let error = targets(&folder, &["jason".to_owned()]).unwrap_err().to_string();
        assert!(error.contains("`jason`") && error.contains("http, json, lines"), "{error}");
        assert_eq!(targets(&folder, &["json".to_owned()]).unwrap(), ["json"]);
        assert!(targets(&folder, &[]).unwrap().len() > 5);
    }
}
