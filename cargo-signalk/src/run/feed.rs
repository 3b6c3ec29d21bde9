//! Hands data to the plugin.

use std::collections::BTreeSet;
use std::sync::mpsc::{Sender, SyncSender};
use std::thread;

use anyhow::Result;

use super::news::{News, What};
use super::replay::Replay;
use super::session::Command;
use crate::feed::{Data, NoDelta, Sink, Source, Stream, Wish};

/// One for all data, read and found fit to be played.
pub(super) enum Feed {
    /// Only what is sent from the page.
    Nothing,
    /// A recording, and what is to be told of it.
    Replay(Replay, Vec<String>),
    Stream(Stream),
}

impl Feed {
    pub(super) fn of(source: Option<Source>, again: bool) -> Result<Self> {
        match source {
            None => Ok(Self::Nothing),
            Some(Source::Recording(recording)) => {
                let (replay, remarks) = Replay::of(recording, again)?;
                Ok(Self::Replay(replay, remarks))
            }
            Some(Source::Stream(stream)) => Ok(Self::Stream(stream)),
        }
    }

    /// Lets it flow.
    pub(super) fn start(self, commands: SyncSender<Command>, news: Sender<News>) -> Result<()> {
        match self {
            Self::Nothing => {}
            Self::Replay(replay, remarks) => {
                for text in remarks.into_iter().chain([replay.to_string()]) {
                    let _ = news.send(News::now(What::Data(text)));
                }
                let _ = commands.send(Command::Play(replay));
            }
            Self::Stream(stream) => {
                let plugin = Plugin { commands, news, unread: BTreeSet::new() };
                thread::Builder::new()
                    .name("stream".to_owned())
                    .spawn(move || stream.flow(plugin))?;
            }
        }
        Ok(())
    }
}

/// The plugin, for a stream.
struct Plugin {
    commands: SyncSender<Command>,
    news: Sender<News>,
    /// The kinds of sentences of which it was told already that they are not read.
    unread: BTreeSet<String>,
}

impl Sink for Plugin {
    fn take(&mut self, data: Data) -> Wish {
        let goes_on = match data.delta() {
            Ok(delta) => {
                let source = data.source().to_owned();
                self.commands.send(Command::Deliver { source, delta }).is_ok()
            }
            Err(NoDelta::Unread(kind)) if self.unread.contains(&kind) => true,
            Err(NoDelta::Unread(kind)) => {
                let goes_on = self.hear(format!("not read: {kind}"));
                self.unread.insert(kind);
                goes_on
            }
            Err(NoDelta::Broken(reason)) => {
                self.hear(format!("left out: {reason}: {}", data.text()))
            }
        };
        if goes_on { Wish::More } else { Wish::Nothing }
    }

    fn hear(&mut self, text: String) -> bool {
        self.news.send(News::now(What::Data(text))).is_ok()
    }

    fn end(&mut self) {
        let _ = self.news.send(News::now(What::ReplayEnded));
    }
}
