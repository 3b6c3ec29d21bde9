//! The commands, one file each.

mod build;
mod check;
mod completions;
mod doctor;
mod man;
mod new;
mod pack;
mod run;
mod serve;

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

use crate::terminal::Terminal;

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    New(new::Args),
    Build(build::Args),
    Check(check::Args),
    Run(run::Args),
    Serve(serve::Args),
    Pack(pack::Args),
    Doctor(doctor::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// Carries a command out; `whole` is the command line that it is of.
pub(crate) fn run(command: Command, whole: clap::Command, terminal: &Terminal) -> Result<ExitCode> {
    match command {
        Command::New(args) => new::run(&args, terminal),
        Command::Build(args) => build::run(&args, terminal),
        Command::Check(args) => check::run(&args, terminal),
        Command::Run(args) => run::run(args, terminal),
        Command::Serve(args) => serve::run(&args, terminal),
        Command::Pack(args) => pack::run(&args, terminal),
        Command::Doctor(args) => doctor::run(&args, terminal),
        Command::Completions(args) => completions::run(&args, whole, terminal),
        Command::Man(args) => man::run(&args, whole, terminal),
    }
}
