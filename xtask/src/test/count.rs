//! Counting tests: what cargo's test runners say at their ends, and checks that are one test each.

use std::io::{BufRead, BufReader, Write};
use std::ops::AddAssign;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::command;

/// How many tests passed and failed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) passed: u64,
    pub(super) failed: u64,
}

impl Count {
    pub(super) fn one_failed() -> Self {
        Self { passed: 0, failed: 1 }
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Runs commands of which each is one test: it passes if it exits with 0.
pub(super) fn checks<const N: usize>(commands: [&mut Command; N]) -> Result<Count> {
    let mut count = Count::default();
    for command in commands {
        count += check(command::run(command));
    }
    Ok(count)
}

/// Counts something as one test.
pub(super) fn check(result: Result<()>) -> Count {
    match result {
        Ok(()) => Count { passed: 1, failed: 0 },
        Err(error) => {
            println!("{error:#}");
            Count::one_failed()
        }
    }
}

/// Runs a test runner, shows its output as it comes, and counts. A runner that ran no test has failed.
pub(super) fn tests(command: &mut Command) -> Result<Count> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("`{}` cannot be started", command::line(command)))?;
    let mut count = Count::default();
    if let Some(output) = child.stdout.take() {
        let mut out = std::io::stdout();
        for line in BufReader::new(output).split(b'\n') {
            let line = line?;
            out.write_all(&line)?;
            out.write_all(b"\n")?;
            if let Some(found) = summary(&String::from_utf8_lossy(&line)) {
                count += found;
            }
        }
    }
    let status = child.wait()?;
    if !status.success() && count.failed == 0 {
        // A test program that aborted, or did not compile.
        count.failed += 1;
    }
    if status.success() && count == Count::default() {
        bail!("`{}` ran no test", command::line(command));
    }
    Ok(count)
}

/// What a line `test result: ok. 3 passed; 0 failed; …` counts.
fn summary(line: &str) -> Option<Count> {
    let (_, rest) = line.split_once("test result: ")?;
    let (_, numbers) = rest.split_once(". ")?;
    let number = |word: &str| -> Option<u64> {
        numbers.split("; ").find_map(|part| part.strip_suffix(word))?.trim().parse().ok()
    };
    Some(Count { passed: number(" passed")?, failed: number(" failed")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_line_of_a_test_program_is_counted() {
        let line = "test result: FAILED. 12 passed; 2 failed; 0 ignored; 0 measured; 1 filtered out; finished in 0.01s";
        assert_eq!(summary(line), Some(Count { passed: 12, failed: 2 }));
        assert_eq!(summary("test it_works ... ok"), None);
        assert_eq!(summary("test result: ok. many passed"), None);
    }
}
