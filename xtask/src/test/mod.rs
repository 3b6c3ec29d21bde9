//! `cargo xtask test`: every test there is, in parts.

mod count;
mod deny;
mod package;
mod parts;
mod readme;
mod wasm_bindgen;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::workspace::Workspace;
use count::Count;
use parts::Bench;

/// A part of the tests, by the name that `--skip` and `--only` take.
struct Part {
    name: &'static str,
    what: &'static str,
    run: fn(&mut Bench) -> Result<Count>,
}

/// In the order in which they run: the quick ones first.
const PARTS: [Part; 14] = [
    Part { name: "fmt", what: "formatting", run: parts::fmt },
    Part { name: "clippy", what: "lints, natively and for WebAssembly", run: parts::clippy },
    Part {
        name: "native",
        what: "unit, integration, compile-fail and doc tests",
        run: parts::native,
    },
    Part { name: "doc", what: "documentation", run: parts::doc },
    Part { name: "deny", what: "licences and sources of what is used", run: parts::deny },
    Part { name: "wasm", what: "the examples as .wasm, and their size", run: parts::wasm },
    Part { name: "embedded", what: "the .wasm in the embedded host", run: parts::embedded },
    Part { name: "node", what: "the SDK's boundary under Node.js", run: parts::node },
    Part { name: "browser", what: "pages in a real browser", run: parts::browser },
    Part { name: "server", what: "the .wasm on real Signal K servers", run: parts::server },
    Part { name: "forms", what: "the forms in the servers' admin pages", run: parts::forms },
    Part { name: "readme", what: "the plugin of the README, on real servers", run: parts::readme },
    Part { name: "tool", what: "cargo signalk, from new to real servers", run: parts::tool },
    Part { name: "package", what: "the published crates as packages", run: parts::package },
];

enum Outcome {
    Passed,
    Failed,
    LeftOut,
}

/// Runs the parts that are asked for, all of them to the end, and says how they went.
pub(crate) fn run(workspace: &Workspace, only: &[String], skip: &[String]) -> Result<()> {
    known(only)?;
    known(skip)?;
    let mut bench = Bench::new(workspace);
    let mut total = Count::default();
    let mut table = Vec::new();
    for part in &PARTS {
        let is_named = |names: &[String]| names.iter().any(|name| name == part.name);
        if is_named(skip) || !(only.is_empty() || is_named(only)) {
            table.push((part, Outcome::LeftOut, Duration::ZERO));
            continue;
        }
        println!("\n=== {}: {}", part.name, part.what);
        let began = Instant::now();
        let (outcome, count) = match (part.run)(&mut bench) {
            Ok(count) if count.failed == 0 => (Outcome::Passed, count),
            Ok(count) => (Outcome::Failed, count),
            Err(error) => {
                println!("{} failed: {error:#}", part.name);
                (Outcome::Failed, Count::one_failed())
            }
        };
        total += count;
        let took = began.elapsed();
        println!("=== {}: {} in {:.1} s", part.name, outcome.word(), took.as_secs_f64());
        table.push((part, outcome, took));
    }
    report(&table);
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed > 0 {
        bail!("tests failed: {}", failed(&table).join(", "));
    }
    Ok(())
}

fn known(names: &[String]) -> Result<()> {
    for name in names {
        if !PARTS.iter().any(|part| part.name == name) {
            let all: Vec<&str> = PARTS.iter().map(|part| part.name).collect();
            bail!("there is no part `{name}`; the parts are {}", all.join(", "));
        }
    }
    Ok(())
}

fn report(table: &[(&Part, Outcome, Duration)]) {
    println!();
    for (part, outcome, took) in table {
        let took = match outcome {
            Outcome::LeftOut => String::new(),
            _ => format!("{:.1} s", took.as_secs_f64()),
        };
        println!("{:<9} {:<9} {took:>8}  {}", part.name, outcome.word(), part.what);
    }
    let left_out: Vec<&str> = table
        .iter()
        .filter(|(_, outcome, _)| matches!(outcome, Outcome::LeftOut))
        .map(|(part, ..)| part.name)
        .collect();
    if !left_out.is_empty() {
        println!("\nNOT RUN, as the command line has it: {}", left_out.join(", "));
    }
}

fn failed<'a>(table: &[(&'a Part, Outcome, Duration)]) -> Vec<&'a str> {
    table
        .iter()
        .filter(|(_, outcome, _)| matches!(outcome, Outcome::Failed))
        .map(|(part, ..)| part.name)
        .collect()
}

impl Outcome {
    fn word(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "FAILED",
            Self::LeftOut => "NOT RUN",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_is_not_there_is_refused_with_the_names_of_those_that_are() {
        let error = known(&["servers".to_owned()]).unwrap_err().to_string();
        assert!(error.contains("`servers`") && error.contains("fmt, clippy, native"), "{error}");
    }
}
