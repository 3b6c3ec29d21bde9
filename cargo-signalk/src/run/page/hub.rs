//! The news, for all who have the page open: as server-sent events.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::run::news::News;
use crate::run::session::Command;

/// Whoever opens the page later sees so many.
const KEPT: usize = 300;

/// The time between two looks at the values and all else on the page.
const LOOK: Duration = Duration::from_millis(400);

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\
                    Cache-Control: no-store\r\nConnection: close\r\n\r\n";

#[derive(Default)]
pub(super) struct Hub {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    kept: VecDeque<String>,
    listeners: Vec<Sender<String>>,
}

impl Hub {
    pub(super) fn tell(&self, news: &News) {
        let line = news.to_json().to_string();
        let mut inner = self.inner();
        inner.listeners.retain(|listener| listener.send(line.clone()).is_ok());
        if inner.kept.len() == KEPT {
            inner.kept.pop_front();
        }
        inner.kept.push_back(line);
    }

    /// Writes until nobody reads any more, or the plugin has ended.
    pub(super) fn follow(&self, commands: &SyncSender<Command>, mut out: impl Write) {
        let news = self.listen();
        // It is closed whenever the page is.
        let _ = out.write_all(HEAD.as_bytes()).and_then(|()| write_all(&news, commands, &mut out));
    }

    fn listen(&self) -> Receiver<String> {
        let (sender, receiver) = mpsc::channel();
        let mut inner = self.inner();
        for line in &inner.kept {
            let _ = sender.send(line.clone());
        }
        inner.listeners.push(sender);
        receiver
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn write_all(
    news: &Receiver<String>,
    commands: &SyncSender<Command>,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut due = Instant::now();
    loop {
        match news.recv_timeout(due.saturating_duration_since(Instant::now())) {
            Ok(line) => write!(out, "event: news\ndata: {line}\n\n")?,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
            Err(RecvTimeoutError::Timeout) => {
                let (reply, state) = mpsc::channel();
                let asked = commands.send(Command::Look(reply));
                let Some(state) = asked.ok().and_then(|()| state.recv().ok()) else {
                    return Ok(());
                };
                write!(out, "event: state\ndata: {state}\n\n")?;
                out.flush()?;
                due = Instant::now() + LOOK;
            }
        }
    }
}
