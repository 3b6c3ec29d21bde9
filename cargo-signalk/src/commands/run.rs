//! `cargo signalk run`: the plugin at work in this terminal.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::building::BuildArgs;
use crate::recording::speed;
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

    /// Plays a file of NMEA 0183 sentences or of deltas, one a line; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "from")]
    replay: Option<PathBuf>,

    /// Lets time pass so many times as fast, for the plugin too
    #[arg(long, value_name = "TIMES", default_value = "1", value_parser = speed)]
    speed: f64,

    /// Begins the replay again at its end
    #[arg(long = "loop", requires = "replay")]
    again: bool,

    /// Takes the data of a running server, such as ws://boat:3000
    #[arg(long, value_name = "URL")]
    from: Option<String>,

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
    if args.again && args.replay.as_ref().is_some_and(|file| file.as_os_str() == "-") {
        bail!("standard input cannot be played again: give --loop with a file");
    }
    let options = Options {
        build: args.build,
        replay: args.replay,
        speed: args.speed,
        again: args.again,
        from: args.from,
        state: args.state,
        port: args.port.unwrap_or(0),
        opens: args.open,
        json: args.json,
    };
    run::run(options, terminal)
}
