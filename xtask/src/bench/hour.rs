//! The memory of instances, after an hour of a busy bus.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::candidates::{ALL, Candidate, EVERY_DELTA, ONE, SCAN, TYPED};
use super::runner::Runner;

/// The plugins that are looked at.
const PLUGINS: [&str; 5] = [TYPED, ONE, EVERY_DELTA, ALL, SCAN];

/// Those of the SDK.
const OURS: [&str; 3] = [ONE, EVERY_DELTA, ALL];

const MINUTES: u64 = 60;

/// The memory of an instance, in bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hour {
    pub(super) started: u64,
    pub(super) minute: u64,
    pub(super) hour: u64,
}

/// Hands the bus over to each of them, built for size.
pub(super) fn measure<'a>(
    runner: &Runner<'_>,
    candidates: &'a [Candidate],
    bus: &Path,
) -> Result<Vec<(&'a str, Hour)>> {
    let of = |id: &&str| candidates.iter().find(|candidate| candidate.id == *id);
    let candidates: Vec<_> = PLUGINS.iter().filter_map(of).collect();
    let told = runner.run(
        "hour.mjs",
        &json!({
            "server": runner.server(),
            "candidates": candidates.iter().map(|it| it.for_runner()).collect::<Vec<_>>(),
            "bus": bus,
            "minutes": MINUTES,
        }),
    )?;
    let read = |candidate: &&'a Candidate| {
        let told = told.as_array().into_iter().flatten();
        let figures = told.clone().find(|told| told["name"] == candidate.name());
        Some((candidate.id, Hour::of(figures?)?))
    };
    let hours = candidates.iter().map(read).collect::<Option<Vec<_>>>();
    hours.with_context(|| format!("the runner told something else than memory: {told}"))
}

/// Checks that all that the SDK needs is there after a minute.
pub(super) fn check(hours: &[(&str, Hour)]) -> Result<()> {
    for (id, Hour { minute, hour, .. }) in hours.iter().filter(|(id, _)| OURS.contains(id)) {
        ensure!(hour == minute, "{id} grew from {minute} to {hour} bytes after the first minute");
    }
    Ok(())
}

impl Hour {
    fn of(told: &Value) -> Option<Self> {
        let of = |key: &str| told[key].as_u64();
        Some(Self { started: of("started")?, minute: of("minute")?, hour: of("hour")? })
    }
}
