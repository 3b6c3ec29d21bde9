//! The commands, one file each.

mod build;

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

use crate::terminal::Terminal;

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Build(build::Args),
}

/// Carries a command out.
pub(crate) fn run(command: Command, terminal: &Terminal) -> Result<ExitCode> {
    match command {
        Command::Build(args) => build::run(&args, terminal),
    }
}
