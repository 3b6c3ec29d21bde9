//! The command line as a whole.

use std::ffi::OsString;

use clap::{CommandFactory, Parser};

use crate::commands::Command;
use crate::terminal::Color;

/// Makes, builds, checks, runs and packs plugins for Signal K servers.
#[derive(Debug, Parser)]
#[command(
    name = "cargo-signalk",
    bin_name = "cargo signalk",
    version,
    after_help = "Example:\n  cargo signalk build\n\n\
                  `cargo signalk help <COMMAND>` has an example for each command."
)]
pub(crate) struct Cli {
    /// Says nothing but errors and results
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,

    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Reads the arguments, and ends the program where they are wrong or ask for help.
///
/// As `cargo signalk build`, cargo calls `cargo-signalk signalk build`.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Cli {
    Cli::parse_from(without_cargos_own(arguments))
}

/// All that can be said, for those who describe it.
pub(crate) fn whole() -> clap::Command {
    Cli::command()
}

fn without_cargos_own(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<_> = arguments.into_iter().collect();
    if arguments.get(1).is_some_and(|first| first == "signalk") {
        arguments.remove(1);
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clap_finds_no_fault_with_the_command_line() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_word_that_cargo_adds_is_left_out_and_no_other() {
        let of = |line: &str| without_cargos_own(line.split(' ').map(OsString::from));
        assert_eq!(of("cargo-signalk signalk build"), ["cargo-signalk", "build"]);
        assert_eq!(of("cargo-signalk build signalk"), ["cargo-signalk", "build", "signalk"]);
    }

    #[test]
    fn each_command_has_an_example_in_its_help() {
        for command in Cli::command().get_subcommands() {
            let help = command.clone().render_long_help().to_string();
            let call = format!("cargo signalk {}", command.get_name());
            let (_, after) = help.split_once("Example").unwrap_or_default();
            assert!(
                after.contains(&call),
                "no example in the help of {}: {help}",
                command.get_name()
            );
        }
    }
}
