//! `cargo signalk completions`: for the shell.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Result;
use clap_complete::Shell;

use crate::terminal::Terminal;

/// Prints a script that completes `cargo-signalk` in a shell
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  cargo signalk completions bash > ~/.local/share/bash-completion/completions/cargo-signalk"
)]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(args: &Args, mut command: clap::Command, _: &Terminal) -> Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "cargo-signalk", &mut script);
    io::stdout().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}
