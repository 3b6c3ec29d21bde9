//! The sources of the plugin's data.

mod input;
mod line;
pub(super) mod replay;
mod server;

use std::path::Path;
use std::sync::mpsc::{Sender, SyncSender};
use std::thread;

use anyhow::Result;

use super::news::{News, What};
use super::options::Options;
use super::session::Command;
use crate::recording;
use replay::Replay;
use server::Server;

/// One for all data.
pub(super) enum Source {
    /// Only what is sent from the page.
    Nothing,
    /// A recording, and what is to be told of it.
    File(Replay, Vec<String>),
    StandardInput,
    Server(Server),
}

impl Source {
    pub(super) fn of(options: &Options) -> Result<Self> {
        if let Some(address) = &options.from {
            return Ok(Self::Server(Server::at(address)?));
        }
        match options.replay.as_deref() {
            None => Ok(Self::Nothing),
            Some(file) if file == Path::new("-") => Ok(Self::StandardInput),
            Some(file) => {
                let parse = |text: &str| Replay::parse(text, options.again);
                let (replay, remarks) = recording::read(file, parse)?;
                Ok(Self::File(replay, remarks))
            }
        }
    }

    /// Lets it flow.
    pub(super) fn start(self, commands: SyncSender<Command>, news: Sender<News>) -> Result<()> {
        match self {
            Self::Nothing => {}
            Self::File(replay, remarks) => {
                for remark in remarks {
                    let _ = news.send(News::now(What::Data(remark)));
                }
                let _ = news.send(News::now(What::Data(replay.to_string())));
                let _ = commands.send(Command::Play(replay));
            }
            Self::StandardInput => {
                thread::Builder::new()
                    .name("input".to_owned())
                    .spawn(move || input::read(&commands, &news))?;
            }
            Self::Server(server) => {
                thread::Builder::new()
                    .name("server".to_owned())
                    .spawn(move || server.follow(&commands, &news))?;
            }
        }
        Ok(())
    }
}
