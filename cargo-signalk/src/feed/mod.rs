//! The sources of data: what `run` gives to the plugin, and `serve` to the server.

mod input;
mod line;
mod recording;
mod server;
mod sink;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

pub(crate) use line::{Data, Language, NoDelta};
pub(crate) use recording::Recording;
use server::Server;
pub(crate) use sink::{Sink, Wish};

/// The choices of the data.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct FeedArgs {
    /// Plays a file of NMEA 0183 sentences or of deltas, one a line; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "from")]
    replay: Option<PathBuf>,

    /// Begins the replay again at its end
    #[arg(long = "loop", requires = "replay")]
    pub(crate) again: bool,

    /// Takes the data of a running server, such as ws://boat:3000
    #[arg(long, value_name = "URL")]
    from: Option<String>,
}

/// One for all data.
#[derive(Debug)]
pub(crate) enum Source {
    Recording(Recording),
    Stream(Stream),
}

/// Data that comes by itself.
#[derive(Debug)]
pub(crate) enum Stream {
    StandardInput,
    Server(Server),
}

impl Source {
    /// Finds out what is asked for, and reads a file.
    pub(crate) fn of(args: &FeedArgs) -> Result<Option<Self>> {
        if let Some(address) = &args.from {
            return Ok(Some(Self::Stream(Stream::Server(Server::at(address)?))));
        }
        match args.replay.as_deref() {
            None => Ok(None),
            Some(file) if file == Path::new("-") && args.again => {
                bail!("standard input cannot be played again: give --loop with a file")
            }
            Some(file) if file == Path::new("-") => Ok(Some(Self::Stream(Stream::StandardInput))),
            Some(file) => Ok(Some(Self::Recording(Recording::read(file)?))),
        }
    }
}

impl Stream {
    /// The languages that may come.
    pub(crate) fn languages(&self) -> &'static [Language] {
        match self {
            Self::StandardInput => &[Language::Nmea0183, Language::Deltas],
            Self::Server(_) => &[Language::Deltas],
        }
    }

    /// Lets it flow, until it ends or nobody wants more.
    pub(crate) fn flow(self, mut sink: impl Sink) {
        match self {
            Self::StandardInput => input::read(&mut std::io::stdin().lock(), &mut sink),
            Self::Server(server) => server.follow(&mut sink),
        }
    }
}

/// Reads how many times as fast data is played: up to where a second of the machine is still time enough for
/// the plugin's polls.
pub(crate) fn speed(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(times) if (0.01..=1000.0).contains(&times) => Ok(times),
        _ => Err("expected a number from 0.01 to 1000".to_owned()),
    }
}
