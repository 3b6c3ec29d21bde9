//! `cargo signalk doctor`: what is missing on this machine.

use std::process::ExitCode;

use anyhow::Result;
use signalk_plugin_build::doctor::{self, Finding};

use crate::terminal::Terminal;

/// Says what is missing on this machine, and the one command that mends it
///
/// It installs nothing. It ends with an error if something is missing that every plugin needs.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  cargo signalk doctor")]
pub(crate) struct Args {}

pub(crate) fn run(_: &Args, terminal: &Terminal) -> Result<ExitCode> {
    let findings = doctor::examine()?;
    for finding in &findings {
        terminal.result(line(finding));
    }
    let is_well = findings.iter().all(|finding| !finding.is_required || finding.remedy.is_none());
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn line(finding: &Finding) -> String {
    let Finding { what, purpose, remedy, is_required } = finding;
    match remedy {
        None => format!("ok       {what}, {purpose}"),
        Some(remedy) => {
            let word = if *is_required { "missing" } else { "without" };
            format!("{word}  {what}, {purpose}\n         {remedy}")
        }
    }
}
