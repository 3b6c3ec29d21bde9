//! `cargo xtask bench`: what plugins cost, beside others that do the same.

mod assemblyscript;
mod builds;
mod candidates;
mod expected;
mod figures;
mod hour;
mod runner;
mod start;
mod table;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use signalk_plugin_tests::{Bus, RATE};

use crate::progress;
use crate::servers::{self, Version};
use crate::toolchain::{self, WASI};
use crate::workspace::Workspace;
use builds::Level;
use candidates::Candidate;
use expected::Expected;
use runner::Runner;

/// The choice of what to measure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Bench {
    /// Leaves out what is built for speed, the hour and the starts, and most of the rounds.
    pub(crate) quick: bool,
    /// Holds the figures against those that are kept.
    pub(crate) check: bool,
    /// Keeps the figures.
    pub(crate) write: bool,
}

/// The length (s) of the bus that is handed over again and again.
const BUS_SECONDS: u64 = 60;

const ROUNDS: u64 = 1_000;

const QUICK_ROUNDS: u64 = 300;

/// Builds the plugins, measures them, and prints the tables.
pub(crate) fn run(workspace: &Workspace, bench: Bench) -> Result<()> {
    let toolchain = toolchain::set_up(workspace, &[WASI])?;
    let rust = toolchain.release()?;
    let server = servers::set_up(workspace, Version::Newest)?;
    let mut candidates =
        builds::build(workspace, &toolchain, Level::Profile, &candidates::PLUGINS)?;
    candidates.extend(assemblyscript::build(workspace, &server)?);
    candidates.push(Candidate::node(workspace));
    let mut others = Vec::new();
    if !bench.quick {
        for (level, plugins) in [
            (Level::Speed, candidates::PLUGINS.as_slice()),
            (Level::Size, candidates::TRADE.as_slice()),
        ] {
            others.push(builds::build(workspace, &toolchain, level, plugins)?);
        }
    }
    let bus = write_bus(workspace)?;
    let runner = Runner { workspace, server: &server };

    let rounds = if bench.quick { QUICK_ROUNDS } else { ROUNDS };
    // Each in a process of its own, so that the others are the same whatever else is measured.
    let figures = progress::step("bench", "measuring what a delta costs", || {
        let mut figures = figures::measure(&runner, &candidates, &bus, rounds)?;
        for built in &others {
            figures.add(figures::measure(&runner, built, &bus, rounds)?);
        }
        Ok(figures)
    })?;
    candidates.extend(others.into_iter().flatten());
    table::print_deltas(&candidates, &figures);
    let found = Expected::from_run(&rust, &candidates, &figures);
    if bench.write {
        found.write(workspace)?;
    }
    if !bench.quick {
        table::print_trade(&candidates, &figures);
        let hours = progress::step("bench", "an hour of a busy bus", || {
            hour::measure(&runner, &candidates, &bus)
        })?;
        table::print_hour(&hours);
        let starts = progress::step("bench", "starting plugins on the server", || {
            start::measure(workspace, &server, &candidates)
        })?;
        table::print_starts(&starts);
        if bench.check {
            hour::check(&hours)?;
        }
    }
    if bench.check {
        Expected::read(workspace)?.check(&found)?;
        println!("\nAs expected.");
    }
    Ok(())
}

/// The deltas of the bus, one a line.
fn write_bus(workspace: &Workspace) -> Result<PathBuf> {
    let file = builds::folder(workspace).join("bus.jsonl");
    let mut text = String::new();
    let mut bus = Bus::default();
    while bus.sent() < BUS_SECONDS * RATE {
        let delta = bus.next().context("the bus has no end")?;
        text.push_str(&format!("{delta}\n"));
    }
    fs::write(&file, text).with_context(|| format!("{} could not be written", file.display()))?;
    Ok(file)
}
