//! `cargo signalk man`: the manual page.

use std::io;
use std::process::ExitCode;

use anyhow::Result;
use clap_mangen::Man;

use crate::terminal::Terminal;

/// Prints the manual page
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  cargo signalk man > ~/.local/share/man/man1/cargo-signalk.1")]
pub(crate) struct Args {}

pub(crate) fn run(_: &Args, command: clap::Command, _: &Terminal) -> Result<ExitCode> {
    Man::new(command).render(&mut io::stdout())?;
    Ok(ExitCode::SUCCESS)
}
