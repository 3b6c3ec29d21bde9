//! `cargo signalk`: from an idea to the boat.

mod building;
mod checking;
mod cli;
mod commands;
mod feed;
mod new;
mod run;
mod serve;
mod terminal;
mod watch;
mod words;

use std::process::ExitCode;

use terminal::Terminal;

fn main() -> ExitCode {
    let cli = cli::parse(std::env::args_os());
    let terminal = Terminal::new(cli.quiet, cli.color);
    match commands::run(cli.command, cli::whole(), &terminal) {
        Ok(code) => code,
        Err(error) => {
            terminal.error(&error);
            ExitCode::FAILURE
        }
    }
}
