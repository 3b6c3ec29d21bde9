//! The figures that are expected, kept in `bench/expected.json`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::candidates::{Candidate, EMPTY, NODE};
use super::figures::Figures;
use crate::workspace::Workspace;

/// The most that a delta may take, as a multiple of what is expected. Several runs on a machine that had
/// other work lay within a tenth of each other.
const MARGIN: f64 = 1.25;

/// Less than this, as a multiple of what the host takes, is not told apart.
const LEAST: f64 = 0.1;

/// Figures that are expected, or found.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Expected {
    /// The release of Rust, whose sizes they are.
    rust: String,
    /// In bytes, as built, with the schema embedded.
    bytes: BTreeMap<String, u64>,
    /// By plugin and delta.
    ratios: BTreeMap<String, BTreeMap<String, f64>>,
}

impl Expected {
    /// The figures that were measured, as they are expected from now on.
    pub(super) fn from_run(rust: &str, candidates: &[Candidate], figures: &Figures) -> Self {
        let mut this = Self { rust: rust.to_owned(), ..Self::default() };
        for candidate in candidates {
            let name = candidate.name();
            if let Some(bytes) = candidate.bytes {
                this.bytes.insert(name.clone(), bytes);
            }
            // The one is the measure, and the other next to nothing.
            if [EMPTY, NODE].contains(&candidate.id) {
                continue;
            }
            for kind in &figures.kinds {
                if let Some(measured) = kind.of_candidate(&name) {
                    let ratio = (measured.ratio * 100.0).round() / 100.0;
                    this.ratios.entry(name.clone()).or_default().insert(kind.name.clone(), ratio);
                }
            }
        }
        this
    }

    /// The figures that are kept.
    pub(super) fn read(workspace: &Workspace) -> Result<Self> {
        let file = file(workspace);
        let text = fs::read_to_string(&file).with_context(|| {
            format!("{} cannot be read; `cargo xtask bench --write` makes it", file.display())
        })?;
        let json = serde_json::from_str(&text)?;
        Self::of(&json).with_context(|| format!("{} has no figures", file.display()))
    }

    /// Keeps them.
    pub(super) fn write(&self, workspace: &Workspace) -> Result<()> {
        let Self { rust, bytes, ratios } = self;
        let json = json!({ "rust": rust, "bytes": bytes, "ratios": ratios });
        Ok(fs::write(file(workspace), serde_json::to_string_pretty(&json)? + "\n")?)
    }

    /// Compares: what was found must be no worse. What was not measured is not looked at.
    pub(super) fn check(&self, found: &Self) -> Result<()> {
        ensure!(
            self.rust == found.rust,
            "the sizes that are expected are those of Rust {}, and this is {}: run `cargo xtask bench \
             --write` and look at what has changed",
            self.rust,
            found.rust
        );
        let mut problems = Vec::new();
        for (name, bytes) in &found.bytes {
            match self.bytes.get(name) {
                Some(expected) if expected == bytes => {}
                Some(expected) => {
                    problems.push(format!("{name}: {bytes} bytes, {expected} expected"));
                }
                None => problems.push(format!("{name}: nothing is expected of it")),
            }
        }
        for (name, ratios) in &found.ratios {
            for (delta, ratio) in ratios {
                let expected = self.ratios.get(name).and_then(|ratios| ratios.get(delta));
                if let Some(expected) = expected
                    && *ratio > expected * MARGIN + LEAST
                {
                    problems.push(format!(
                        "{name}, delta `{delta}`: {ratio:.2} times the host, {expected:.2} expected"
                    ));
                }
            }
        }
        if !problems.is_empty() {
            bail!("not as expected:\n{}", problems.join("\n"));
        }
        Ok(())
    }

    fn of(json: &Value) -> Option<Self> {
        let of = |(name, bytes): (&String, &Value)| Some((name.clone(), bytes.as_u64()?));
        let bytes = json["bytes"].as_object()?.iter().map(of).collect::<Option<_>>()?;
        let number = |(name, ratio): (&String, &Value)| Some((name.clone(), ratio.as_f64()?));
        let of = |(name, ratios): (&String, &Value)| {
            let ratios = ratios.as_object()?.iter().map(number).collect::<Option<_>>()?;
            Some((name.clone(), ratios))
        };
        let ratios = json["ratios"].as_object()?.iter().map(of).collect::<Option<_>>()?;
        Some(Self { rust: json["rust"].as_str()?.to_owned(), bytes, ratios })
    }
}

fn file(workspace: &Workspace) -> PathBuf {
    workspace.root().join("bench/expected.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(bytes: u64, ratio: f64) -> Expected {
        Expected {
            rust: "1.96.0".into(),
            bytes: BTreeMap::from([("hello".into(), bytes)]),
            ratios: BTreeMap::from([("hello".into(), BTreeMap::from([("own".into(), ratio)]))]),
        }
    }

    #[test]
    fn one_byte_more_or_less_is_told_and_a_delta_may_take_a_quarter_more() {
        let kept = expected(1_000, 2.0);
        kept.check(&expected(1_000, 2.0)).unwrap();
        kept.check(&expected(1_000, 2.59)).unwrap();
        kept.check(&expected(1_000, 0.1)).unwrap();
        for (bytes, ratio) in [(1_001, 2.0), (999, 2.0), (1_000, 2.61)] {
            let error = kept.check(&expected(bytes, ratio)).unwrap_err().to_string();
            assert!(error.contains("hello") && error.contains("expected"), "{error}");
        }
    }

    #[test]
    fn sizes_of_another_compiler_are_not_compared_in_silence() {
        let other = Expected { rust: "1.97.0".into(), ..expected(1_000, 2.0) };
        let error = expected(1_000, 2.0).check(&other).unwrap_err().to_string();
        assert!(error.contains("1.96.0") && error.contains("1.97.0"), "{error}");
    }

    #[test]
    fn what_is_written_is_read_again() {
        let kept = expected(1_000, 2.25);
        let json = json!({ "rust": kept.rust, "bytes": kept.bytes, "ratios": kept.ratios });
        assert_eq!(Expected::of(&json), Some(kept));
    }
}
