//! Set-up, demo and tests of this workspace: `cargo xtask help`.

mod bench;
mod catalogue;
mod chromium;
mod cli;
mod demo;
mod faketime;
mod fuzz;
mod mutants;
mod plugins;
mod progress;
mod screenshots;
mod servers;
mod size;
mod soak;
mod tables;
mod test;
mod toolchain;
mod tools;
mod valgrind;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;

use cli::Task;
use workspace::Workspace;

fn main() -> ExitCode {
    match cli::parse(lexopt::Parser::from_env()).and_then(carry_out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(task: Task) -> Result<()> {
    if task == Task::Help {
        print!("{}", cli::HELP);
        return Ok(());
    }
    let workspace = Workspace::load()?;
    match task {
        Task::Help => Ok(()),
        Task::Setup => {
            toolchain::set_up(&workspace, &toolchain::TARGETS)?;
            progress::say("setup", "this machine can build for WebAssembly");
            Ok(())
        }
        Task::Test { only, skip } => test::run(&workspace, &only, &skip),
        Task::Fuzz(what) => fuzz::run(&workspace, &what),
        Task::Soak(what) => soak::run(&workspace, &what),
        Task::Bench(what) => bench::run(&workspace, what),
        Task::Size => size::run(&workspace),
        Task::Screenshots => screenshots::run(&workspace),
        Task::Catalogue => catalogue::write(&workspace),
        Task::Tables => tables::write(&workspace),
        Task::Mutants(files) => mutants::run(&workspace, &files),
        Task::Valgrind => valgrind::run(&workspace),
        Task::Demo { server: false } => demo::run_embedded(&workspace),
        Task::Demo { server: true } => demo::run_on_server(&workspace, demo::Playback::ToBeWatched),
    }
}
