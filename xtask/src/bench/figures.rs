//! What the runner has measured.

use anyhow::{Context, Result};
use serde_json::Value;

/// The deltas, by their names for the runner and for the tables.
pub(super) const DELTAS: [(&str, &str); 5] = [
    ("own", "wanted, own position"),
    ("two", "unwanted, two values"),
    ("thirty", "unwanted, thirty values"),
    ("other", "another vessel's position"),
    ("bus", "a busy bus"),
];

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
    measured: Vec<(String, Measured)>,
}

/// What a delta costs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured {
    pub(super) microseconds: f64,
    /// Of what the host alone takes.
    pub(super) ratio: f64,
}

impl Figures {
    /// Reads what the runner prints.
    pub(super) fn read(told: &str) -> Result<Self> {
        let told: Value = serde_json::from_str(told).context("the runner printed no JSON")?;
        Self::of(&told).context("the runner printed something else than figures")
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

    /// What a candidate takes.
    pub(super) fn of_candidate(&self, name: &str) -> Option<Measured> {
        self.measured.iter().find(|(found, _)| found == name).map(|(_, measured)| *measured)
    }
}
