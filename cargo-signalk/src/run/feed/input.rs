//! Standard input, line by line as it comes.

use std::collections::BTreeSet;
use std::io::{self, BufRead};
use std::sync::mpsc::{Sender, SyncSender};

use super::line::Line;
use crate::recording::make_own;
use crate::run::news::{News, What};
use crate::run::session::Command;

/// The longest line that is taken; a sentence has 82 bytes, a delta a few thousand.
const LONGEST: u64 = 1 << 20;

/// Ends with the input, or with the plugin.
pub(super) fn read(commands: &SyncSender<Command>, news: &Sender<News>) {
    let tell = |text: String| drop(news.send(News::now(What::Data(text))));
    let mut input = io::stdin().lock();
    let mut own_vessel = None;
    let mut told = BTreeSet::new();
    loop {
        let mut line = Vec::new();
        match io::Read::take(&mut input, LONGEST).read_until(b'\n', &mut line) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => return tell(format!("standard input cannot be read: {error}")),
        }
        match Line::parse(&String::from_utf8_lossy(&line)) {
            Line::Nothing => {}
            Line::OwnVessel(vessel) => own_vessel = Some(vessel),
            Line::Delta(mut recorded) => {
                if let Some(vessel) = &own_vessel {
                    make_own(&mut recorded.delta, vessel);
                }
                let (source, delta) = (recorded.source, recorded.delta.to_string());
                if commands.send(Command::Deliver { source, delta }).is_err() {
                    return;
                }
            }
            Line::Unread(kind) => {
                if told.insert(kind.clone()) {
                    tell(format!("not read: {kind}"));
                }
            }
            Line::Broken(reason) => {
                tell(format!("left out: {reason}: {}", String::from_utf8_lossy(&line).trim()));
            }
        }
    }
    let _ = news.send(News::now(What::ReplayEnded));
}
