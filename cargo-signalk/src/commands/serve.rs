//! `cargo signalk serve`: the plugin on a real Signal K server.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use signalk_plugin_build::servers::Version;

use crate::building::BuildArgs;
use crate::feed::{FeedArgs, speed};
use crate::serve::{self, Options};
use crate::terminal::Terminal;

/// Runs a plugin on a real Signal K server of its own, and anew whenever its sources change
///
/// The server comes from npm, once for all plugins. It listens on this machine alone, and has a folder in
/// which the plugin's settings last from one run to the next. Shown is what its log says of the plugin.
/// Ctrl-C ends it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo signalk serve\n  \
    cargo signalk serve --server 2.23.0 --port 3000\n  \
    cargo signalk serve --replay track.nmea --speed 10 --loop\n  \
    cargo signalk serve --from ws://boat:3000\n  \
    cargo signalk serve ../signalk-shallow --log all")]
pub(crate) struct Args {
    #[command(flatten)]
    build: BuildArgs,

    /// The version of the server: 2.32.0, or 2.23.0, the oldest that runs such plugins
    #[arg(long, value_name = "VERSION", default_value_t)]
    server: Version,

    /// Listens on this port of the loopback interface; any free one unless given
    #[arg(long)]
    port: Option<u16>,

    /// Keeps the server's settings, and those of the plugin, here
    #[arg(long, value_name = "FOLDER")]
    state: Option<PathBuf>,

    #[command(flatten)]
    feed: FeedArgs,

    /// Plays it so many times as fast as it was recorded
    #[arg(long, value_name = "TIMES", default_value = "1", value_parser = speed, requires = "replay")]
    speed: f64,

    /// Looks for installed servers here, and installs them here
    #[arg(long, value_name = "FOLDER")]
    cache: Option<PathBuf>,

    /// Which lines of the server's log to show
    #[arg(long, value_name = "LINES", default_value = "plugin")]
    log: serve::Shown,
}

pub(crate) fn run(args: &Args, terminal: &Terminal) -> Result<ExitCode> {
    let options = Options {
        build: &args.build,
        version: args.server,
        port: args.port,
        state: args.state.as_deref(),
        cache: args.cache.as_deref(),
        shown: args.log,
        feed: &args.feed,
        speed: args.speed,
    };
    serve::run(&options, terminal)
}
