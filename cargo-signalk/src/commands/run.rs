//! `cargo signalk run`: the plugin at work in this terminal.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;

use crate::building::BuildArgs;
use crate::feed::{FeedArgs, speed};
use crate::run::{self, Options};
use crate::terminal::Terminal;

/// Runs a plugin here, and loads it anew whenever its sources change
///
/// No server is needed: the plugin runs in a host that does what a Signal K server does. Its endpoints are
/// served on this machine, with a page to look at the plugin and to try it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo signalk run --open\n  \
    cargo signalk run --replay track.nmea --speed 10 --loop\n  \
    cargo signalk run ../signalk-shallow --from ws://boat:3000\n  \
    nc gateway 10110 | cargo signalk run --replay - --json")]
pub(crate) struct Args {
    #[command(flatten)]
    build: BuildArgs,

    #[command(flatten)]
    feed: FeedArgs,

    /// Lets time pass so many times as fast, for the plugin too
    #[arg(long, value_name = "TIMES", default_value = "1", value_parser = speed)]
    speed: f64,

    /// Keeps the plugin's settings and files here
    #[arg(long, value_name = "FOLDER")]
    state: Option<PathBuf>,

    /// Serves the page and the plugin's endpoints on this port; any free one unless given
    #[arg(long)]
    port: Option<u16>,

    /// Opens the page in the browser
    #[arg(long)]
    open: bool,

    /// Prints one JSON object a line
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: Args, terminal: &Terminal) -> Result<ExitCode> {
    let options = Options {
        build: args.build,
        feed: args.feed,
        speed: args.speed,
        state: args.state,
        port: args.port.unwrap_or(0),
        opens: args.open,
        json: args.json,
    };
    run::run(options, terminal)
}
