//! `cargo signalk check`: what is wrong with a plugin, before a server finds out.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use serde_json::{Value, json};
use signalk_plugin_check::{Finding, Fix, severity_name};

use crate::building::CargoFlags;
use crate::checking::{self, Count, as_seen_from_here};
use crate::terminal::Terminal;

/// Finds what is wrong with a plugin before a server does
///
/// Takes a .wasm, by whatever SDK; the folder of a package, as npm installs it; or that of a crate or
/// workspace, of which nothing is compiled: `cargo signalk build` checks the .wasm that it makes.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes:
  0  nothing is wrong, or there are warnings only
  1  there are errors
  2  the command line is wrong
  3  the plugin could not be read

Example:
  cargo signalk check
  cargo signalk check node_modules/signalk-shallow --fix
  cargo signalk check plugin.wasm --json")]
pub(crate) struct Args {
    /// A .wasm file, or the folder of a package, a crate or a workspace
    #[arg(default_value = ".", value_name = "FILE|DIR")]
    path: PathBuf,

    /// Mends what is mechanical: keywords, version, capabilities, files, crate-type
    #[arg(long)]
    fix: bool,

    /// Prints the findings as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    cargo: CargoFlags,
}

/// The exit code where there was nothing to check.
const UNREADABLE: u8 = 3;

pub(crate) fn run(args: &Args, terminal: &Terminal) -> Result<ExitCode> {
    match look(args, terminal) {
        Ok(code) => Ok(code),
        Err(error) => {
            terminal.error(&error);
            Ok(ExitCode::from(UNREADABLE))
        }
    }
}

fn look(args: &Args, terminal: &Terminal) -> Result<ExitCode> {
    let cargo = args.cargo.arguments();
    let plugins = checking::plugins(&args.path, &cargo)?;
    let mended = if args.fix { mend(&plugins, &cargo)? } else { Vec::new() };
    let findings = findings(&plugins, &cargo)?;
    let count = Count::of(&findings);
    if args.json {
        terminal.result(as_json(&findings, &mended, count));
    } else {
        for fix in &mended {
            terminal.result(format!(
                "mended {}: {}",
                as_seen_from_here(&fix.file).display(),
                fix.says()
            ));
        }
        checking::print(&findings, terminal);
        terminal.result(in_one_line(count, &findings));
    }
    Ok(if count.errors > 0 { ExitCode::from(checking::FOUND) } else { ExitCode::SUCCESS })
}

fn findings(plugins: &[PathBuf], cargo: &[&str]) -> Result<Vec<Finding>> {
    let mut all = Vec::new();
    for plugin in plugins {
        all.extend(checking::of(plugin, cargo)?);
    }
    Ok(all)
}

/// Mends all that can be, in rounds: one change can bring up another.
fn mend(plugins: &[PathBuf], cargo: &[&str]) -> Result<Vec<Fix>> {
    let mut mended: Vec<Fix> = Vec::new();
    loop {
        let before = mended.len();
        for fix in findings(plugins, cargo)?.into_iter().filter_map(|finding| finding.fix) {
            // What did not help the first time would not help the second.
            if mended.contains(&fix) {
                continue;
            }
            match fix.apply() {
                Ok(()) => mended.push(fix),
                // Another of this round may have taken away what it was for: the next round tells.
                Err(_) if mended.len() > before => {}
                Err(error) => return Err(error),
            }
        }
        if mended.len() == before {
            return Ok(mended);
        }
    }
}

fn in_one_line(count: Count, findings: &[Finding]) -> String {
    let fixes = findings.iter().filter(|finding| finding.fix.is_some()).count();
    match (count, fixes) {
        (Count { errors: 0, warnings: 0 }, _) => "nothing found".to_owned(),
        (count, 0) => count.words(),
        (count, fixes) => format!("{}; --fix mends {fixes} of them", count.words()),
    }
}

fn as_json(findings: &[Finding], mended: &[Fix], count: Count) -> String {
    let of_finding = |finding: &Finding| {
        json!({
            "rule": finding.rule,
            "severity": severity_name(finding.severity),
            "message": finding.message,
            "file": finding.place.as_ref().map(|place| place.file.display().to_string()),
            "line": finding.place.as_ref().and_then(|place| place.line),
            "fix": finding.fix.as_ref().map(Fix::says),
        })
    };
    let of_fix = |fix: &Fix| json!({ "file": fix.file.display().to_string(), "fix": fix.says() });
    let whole: Value = json!({
        "errors": count.errors,
        "warnings": count.warnings,
        "findings": findings.iter().map(of_finding).collect::<Vec<_>>(),
        "mended": mended.iter().map(of_fix).collect::<Vec<_>>(),
    });
    format!("{whole:#}")
}
