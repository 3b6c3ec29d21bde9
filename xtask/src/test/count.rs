//! Counting tests: what cargo's test runners say at their ends, and checks that are one test each.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::ops::AddAssign;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result, bail};
use signalk_plugin_build::command;

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

/// A test runner, and what the lines of its output begin with where several run at once.
pub(super) struct Runner {
    pub(super) label: String,
    pub(super) command: Command,
}

/// Runs a test runner, shows its output as it comes, and counts. A runner that ran no test has failed.
pub(super) fn tests(command: &mut Command) -> Result<Count> {
    let mut child = start(command.stdout(Stdio::piped()))?;
    let count = child.stdout.take().map_or_else(|| Ok(Count::default()), |out| shown(out, ""))?;
    let count = ended(child, count)?;
    if count == Count::default() {
        bail!("`{}` ran no test", command::line(command));
    }
    Ok(count)
}

/// Runs test runners, so many at once; together they have to run a test.
pub(super) fn at_once(most: usize, runners: Vec<Runner>) -> Count {
    let waiting = Mutex::new(VecDeque::from(runners));
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let one_after_another = || {
        let mut count = Count::default();
        while let Some(runner) = next() {
            count += labelled_tests(runner).unwrap_or_else(|error| {
                println!("{error:#}");
                Count::one_failed()
            });
        }
        count
    };
    let mut count = Count::default();
    thread::scope(|scope| {
        let running: Vec<_> = (0..most).map(|_| scope.spawn(one_after_another)).collect();
        for row in running {
            count += row.join().unwrap_or_else(|_| Count::one_failed());
        }
    });
    if count == Count::default() {
        println!("no test was run");
        return Count::one_failed();
    }
    count
}

fn labelled_tests(Runner { label, mut command }: Runner) -> Result<Count> {
    let mut child = start(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
    let (output, errors) = (child.stdout.take(), child.stderr.take());
    let label = format!("{label} | ");
    let count = thread::scope(|scope| {
        // What cargo says, and what a runner that aborts says: there is nothing to count in it.
        let errors = errors.map(|errors| scope.spawn(|| shown(errors, &label)));
        let count = output.map_or_else(|| Ok(Count::default()), |output| shown(output, &label));
        if let Some(Err(error)) = errors.and_then(|errors| errors.join().ok()) {
            return Err(error);
        }
        count
    })?;
    ended(child, count)
}

fn start(command: &mut Command) -> Result<Child> {
    let child = command.stdin(Stdio::null()).spawn();
    child.with_context(|| format!("`{}` cannot be started", command::line(command)))
}

/// Shows lines as they come, each in one piece, and counts.
fn shown(output: impl Read, label: &str) -> Result<Count> {
    let mut count = Count::default();
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        let mut out = std::io::stdout().lock();
        out.write_all(label.as_bytes())?;
        out.write_all(&line)?;
        out.write_all(b"\n")?;
        if let Some(found) = summary(&String::from_utf8_lossy(&line)) {
            count += found;
        }
    }
    Ok(count)
}

fn ended(mut child: Child, mut count: Count) -> Result<Count> {
    if !child.wait()?.success() && count.failed == 0 {
        // A test program that aborted, or did not compile.
        count.failed += 1;
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

    #[cfg(unix)]
    #[test]
    fn runners_are_counted_together_and_one_that_fails_ends_no_other() {
        let runner = |script: &str| {
            let mut command = Command::new("sh");
            command.args(["-c", script]);
            Runner { label: "sh".to_owned(), command }
        };
        let passed = || runner("echo 'test result: ok. 2 passed; 0 failed; 0 ignored'");
        let aborted = || runner("echo 'memory allocation failed' >&2; exit 101");
        let none = || runner("echo 'test result: ok. 0 passed; 0 failed; 9 ignored'");
        let count = at_once(2, vec![aborted(), passed(), none(), passed(), passed()]);
        assert_eq!(count, Count { passed: 6, failed: 1 });
        assert_eq!(at_once(2, vec![none()]), Count::one_failed());
    }
}
