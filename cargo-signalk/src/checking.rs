//! Checking, as several commands do it, and what the user sees of it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};
use anyhow::{Context, Result, ensure};
use signalk_plugin_build::cargo_metadata::Package;
use signalk_plugin_build::{Project, check_manifest, folder};
use signalk_plugin_check::{Finding, Place, Severity, Subject, check};

use crate::terminal::Terminal;

/// The exit code where there are errors in what was checked.
pub(crate) const FOUND: u8 = 1;

const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const ERROR: Style = AnsiColor::Red.on_default().bold();

/// The rules of which cargo or the build would say the same in other words.
const OF_THE_BUILD_TOO: [&str; 6] =
    ["crate-type", "dependencies", "json", "name", "name-differs", "version-differs"];

/// The number of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Count {
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
}

impl Count {
    pub(crate) fn of(findings: &[Finding]) -> Self {
        let errors = findings.iter().filter(|finding| finding.is_error()).count();
        Self { errors, warnings: findings.len() - errors }
    }

    /// In words: `1 error, 2 warnings`.
    pub(crate) fn words(self) -> String {
        let many = |count: usize, word: &str| match count {
            1 => format!("1 {word}"),
            count => format!("{count} {word}s"),
        };
        format!("{}, {}", many(self.errors, "error"), many(self.warnings, "warning"))
    }
}

/// Finds what is wrong with one of [`plugins`].
pub(crate) fn of(plugin: &Path, cargo: &[&str]) -> Result<Vec<Finding>> {
    findings(plugin, cargo, |krate| {
        let project = Project::load_with(krate, cargo)?;
        project.plugins()?.into_iter().try_for_each(check_manifest)
    })
}

/// Finds what is wrong with a plugin of a project that is loaded.
pub(crate) fn of_plugin(plugin: &Package, cargo: &[&str]) -> Result<Vec<Finding>> {
    findings(folder(plugin), cargo, |_| check_manifest(plugin))
}

/// Checks a folder; a crate, if it is one, by `check_build` too, where no rule has told the same already.
fn findings(
    plugin: &Path,
    cargo: &[&str],
    check_build: impl FnOnce(&Path) -> Result<()>,
) -> Result<Vec<Finding>> {
    let subject = Subject::read_with(plugin, cargo)?;
    let mut findings = check(&subject);
    let is_told = findings.iter().any(|it| it.is_error() && OF_THE_BUILD_TOO.contains(&it.rule));
    if let Some(krate) = subject.krate.filter(|_| !is_told) {
        let checked = check_build(&krate.file.with_file_name(""));
        findings.extend(checked.err().map(|error| Finding {
            rule: "cargo-metadata",
            severity: Severity::Error,
            message: format!("{error:#}"),
            place: Some(Place { file: krate.file, line: None }),
            fix: None,
        }));
    }
    Ok(findings)
}

/// Prints what was found, and refuses what has errors.
pub(crate) fn refuse(findings: &[Finding], terminal: &Terminal) -> Result<()> {
    let count = print(findings, terminal);
    ensure!(count.errors == 0, "{}: mend what is said above", count.words());
    Ok(())
}

/// The folders or files to look at: of a workspace without a crate of its own, those of its plugins.
pub(crate) fn plugins(path: &Path, cargo: &[&str]) -> Result<Vec<PathBuf>> {
    let manifest = path.join("Cargo.toml");
    let is_bare_workspace = manifest.is_file() && {
        let text = fs::read_to_string(&manifest)
            .with_context(|| format!("{} cannot be read", manifest.display()))?;
        let starts =
            |section: &str| text.lines().any(|line| line.trim_start().starts_with(section));
        starts("[workspace]") && !starts("[package]")
    };
    if !is_bare_workspace {
        return Ok(vec![path.to_owned()]);
    }
    let project = Project::load_with(path, cargo)?;
    Ok(project.plugins()?.into_iter().map(|plugin| folder(plugin).to_owned()).collect())
}

/// Finds what is wrong with a built package, but for what its source shows better. Its package.json is not the file
/// to change.
pub(crate) fn built(package: &Path, source: &Path) -> Result<Vec<Finding>> {
    let by_hand = source.join("package.json");
    let to_change = if by_hand.is_file() { by_hand } else { source.join("Cargo.toml") };
    let found = check(&Subject::read(package)?).into_iter().filter(|it| it.rule != "path");
    let findings = found.map(|mut finding| {
        if finding.place.as_ref().is_some_and(|place| place.file.ends_with("package.json")) {
            finding.place = Some(Place { file: to_change.clone(), line: None });
        }
        finding
    });
    Ok(findings.collect())
}

/// Prints the findings, and counts them.
pub(crate) fn print(findings: &[Finding], terminal: &Terminal) -> Count {
    for finding in findings {
        if finding.is_error() || !terminal.is_quiet() {
            terminal.finding(shown(finding));
        }
    }
    Count::of(findings)
}

/// As rustc does it: what is wrong, and where.
fn shown(finding: &Finding) -> String {
    let (style, word) = if finding.is_error() { (ERROR, "error") } else { (WARNING, "warning") };
    let mut text = format!("{style}{word}[{}]{style:#}: {}", finding.rule, finding.message);
    // Writing to a String does not fail.
    if let Some(place) = &finding.place {
        let place = Place { file: as_seen_from_here(&place.file), line: place.line };
        let _ = write!(text, "\n  --> {place}");
    }
    if let Some(fix) = &finding.fix {
        let _ = write!(text, "\n  --fix: {}", fix.says());
    }
    text
}

/// On one line, without the place: `schema: the form …`.
pub(crate) fn in_brief(finding: &Finding) -> String {
    format!("{}: {}", finding.rule, finding.message)
}

/// A path below the current folder without it.
pub(crate) fn as_seen_from_here(file: &Path) -> PathBuf {
    let here = std::env::current_dir().ok();
    let below = here.and_then(|here| file.strip_prefix(here).ok().map(Path::to_owned));
    below.unwrap_or_else(|| file.strip_prefix(".").unwrap_or(file).to_owned())
}
