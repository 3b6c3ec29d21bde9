//! `cargo xtask bench`: what plugins cost, beside others that do the same.

mod assemblyscript;
mod builds;
mod candidates;
mod figures;
mod table;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use signalk_plugin_tests::env::InstalledServer;
use signalk_plugin_tests::{Bus, RATE};

use crate::command;
use crate::progress;
use crate::servers::{self, Version};
use crate::toolchain::{self, WASI};
use crate::workspace::Workspace;
use candidates::Candidate;
use figures::Figures;

/// What is to be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bench {
    /// Leaves out what is built for speed, and most of the rounds.
    pub(crate) quick: bool,
}

/// How long the bus is that is handed over again and again, in seconds.
const BUS_SECONDS: u64 = 60;

/// Builds the plugins, measures them, and prints the tables.
pub(crate) fn run(workspace: &Workspace, bench: Bench) -> Result<()> {
    let toolchain = toolchain::set_up(workspace, &[WASI])?;
    let server = servers::set_up(workspace, Version::Newest)?;
    let levels: &[builds::Level] =
        if bench.quick { &[builds::Level::Size] } else { &builds::Level::ALL };
    let mut candidates = Vec::new();
    for level in levels {
        candidates.extend(builds::build(workspace, &toolchain, *level)?);
    }
    candidates.extend(assemblyscript::build(workspace, &server)?);
    candidates.push(candidates::node(workspace));
    let bus = write_bus(workspace)?;
    let figures = progress::step("bench", "measuring", || {
        measure(workspace, &server, &candidates, &bus, bench)
    })?;
    table::print(&candidates, &figures);
    Ok(())
}

/// The deltas of the bus, one a line.
fn write_bus(workspace: &Workspace) -> Result<std::path::PathBuf> {
    let file = builds::folder(workspace).join("bus.jsonl");
    let deltas = Bus::default().take((BUS_SECONDS * RATE) as usize);
    let text: String = deltas.map(|delta| format!("{delta}\n")).collect();
    fs::write(&file, text).with_context(|| format!("{} could not be written", file.display()))?;
    Ok(file)
}

fn measure(
    workspace: &Workspace,
    server: &InstalledServer,
    candidates: &[Candidate],
    bus: &Path,
    bench: Bench,
) -> Result<Figures> {
    let (rounds, microseconds) = if bench.quick { (300, 200) } else { (1_000, 200) };
    let what = json!({
        "server": server.folder,
        "candidates": candidates.iter().map(Candidate::for_runner).collect::<Vec<Value>>(),
        "deltas": figures::DELTAS.map(|(name, _)| name),
        "bus": bus,
        "rounds": rounds,
        "microseconds": microseconds,
    });
    let file = builds::folder(workspace).join("what.json");
    fs::write(&file, what.to_string())?;
    let told = command::capture(
        Command::new(&server.node)
            .arg("--no-warnings")
            .arg(workspace.root().join("bench/run.mjs"))
            .arg(&file),
    )?;
    Figures::read(&told)
}
