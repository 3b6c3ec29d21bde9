//! The cost of a delta, as the runner has measured it.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::candidates::Candidate;
use super::runner::Runner;

/// The deltas of a busy bus.
pub(super) const BUS: &str = "bus";

/// The deltas, by their names for the runner and for the tables.
pub(super) const DELTAS: [(&str, &str); 6] = [
    ("own", "wanted, own position"),
    ("two", "unwanted, two values"),
    ("thirty", "unwanted, thirty values"),
    ("other", "another vessel's position"),
    ("fleet", "positions of 100 vessels in turn"),
    (BUS, "a busy bus"),
];

/// About how long a plugin has its turn, in µs.
const TURN: u64 = 200;

/// The figures of one run.
pub(super) struct Figures {
    /// The version of Node.js.
    pub(super) node: String,
    /// Each kind of delta.
    pub(super) kinds: Vec<Kind>,
}

/// The figures for one kind of delta.
pub(super) struct Kind {
    /// For the runner.
    pub(super) name: String,
    /// The median size.
    pub(super) bytes: u64,
    /// Of each candidate, by its name.
    pub(super) measured: Vec<(String, Measured)>,
}

/// The cost of a delta.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured {
    pub(super) microseconds: f64,
    /// Of what the host alone takes.
    pub(super) ratio: f64,
}

/// Measures, in so many rounds.
pub(super) fn measure(
    runner: &Runner<'_>,
    candidates: &[Candidate],
    bus: &Path,
    rounds: u64,
) -> Result<Figures> {
    let told = runner.run(
        "run.mjs",
        &json!({
            "server": runner.server(),
            "candidates": candidates.iter().map(Candidate::for_runner).collect::<Vec<_>>(),
            "deltas": DELTAS.map(|(name, _)| name),
            "bus": bus,
            "rounds": rounds,
            "microseconds": TURN,
        }),
    )?;
    Figures::of(&told).with_context(|| format!("the runner told something else: {told}"))
}

impl Figures {
    /// Takes the figures of other candidates, for the same deltas.
    pub(super) fn add(&mut self, other: Self) {
        for (kind, other) in self.kinds.iter_mut().zip(other.kinds) {
            kind.measured.extend(other.measured);
        }
    }

    fn of(told: &Value) -> Option<Self> {
        let kinds = told["figures"].as_array()?.iter().map(Kind::of).collect::<Option<_>>()?;
        Some(Self { node: told["node"].as_str()?.to_owned(), kinds })
    }
}

impl Kind {
    fn of(told: &Value) -> Option<Self> {
        let measured = |of: &Value| {
            let microseconds = of["microseconds"].as_f64()?;
            let measured = Measured { microseconds, ratio: of["ratio"].as_f64()? };
            Some((of["name"].as_str()?.to_owned(), measured))
        };
        Some(Self {
            name: told["name"].as_str()?.to_owned(),
            bytes: told["bytes"].as_u64()?,
            measured: told["measured"].as_array()?.iter().map(measured).collect::<Option<_>>()?,
        })
    }

    /// The cost for a candidate.
    pub(super) fn of_candidate(&self, name: &str) -> Option<Measured> {
        self.measured.iter().find(|(found, _)| found == name).map(|(_, measured)| *measured)
    }
}
