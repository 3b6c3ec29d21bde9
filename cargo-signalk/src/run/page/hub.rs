//! The news, for all who have the page open: as server-sent events.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender, TrySendError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::run::news::{News, What};
use crate::run::session::Command;

/// Whoever opens the page later sees so many.
const KEPT: usize = 300;

/// So many wait for a browser that does not read. What comes then is left out, and counted.
const WAITING: usize = 2 * KEPT;

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
    listeners: Vec<Listener>,
}

/// A page that is open, as those see it who have news for it.
struct Listener {
    news: SyncSender<String>,
    left_out: Arc<AtomicUsize>,
}

/// The same, as the one sees it who writes to it.
struct Heard {
    news: Receiver<String>,
    left_out: Arc<AtomicUsize>,
}

impl Listener {
    /// Never waits. Tells if the page is still open.
    fn tell(&self, line: String) -> bool {
        match self.news.try_send(line) {
            Ok(()) => true,
            Err(TrySendError::Full(_)) => {
                self.left_out.fetch_add(1, Ordering::Relaxed);
                true
            }
            Err(TrySendError::Disconnected(_)) => false,
        }
    }
}

impl Hub {
    pub(super) fn tell(&self, news: &News) {
        let line = news.to_json().to_string();
        let mut inner = self.inner();
        inner.listeners.retain(|listener| listener.tell(line.clone()));
        if inner.kept.len() == KEPT {
            inner.kept.pop_front();
        }
        inner.kept.push_back(line);
    }

    /// Writes until nobody reads any more, or the plugin has ended.
    pub(super) fn follow(&self, commands: &SyncSender<Command>, mut out: impl Write) {
        let heard = self.listen();
        // It is closed whenever the page is.
        let _ = out.write_all(HEAD.as_bytes()).and_then(|()| heard.write_all(commands, &mut out));
    }

    fn listen(&self) -> Heard {
        let (sender, news) = mpsc::sync_channel(WAITING);
        let left_out = Arc::new(AtomicUsize::new(0));
        let listener = Listener { news: sender, left_out: left_out.clone() };
        let mut inner = self.inner();
        for line in &inner.kept {
            listener.tell(line.clone());
        }
        inner.listeners.push(listener);
        Heard { news, left_out }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Heard {
    fn write_all(&self, commands: &SyncSender<Command>, out: &mut impl Write) -> io::Result<()> {
        let mut due = Instant::now();
        loop {
            let now = Instant::now();
            if due <= now {
                self.write_left_out(out)?;
                let (reply, state) = mpsc::channel();
                let asked = commands.send(Command::Look(reply));
                let Some(state) = asked.ok().and_then(|()| state.recv().ok()) else {
                    return Ok(());
                };
                write!(out, "event: state\ndata: {state}\n\n")?;
                out.flush()?;
                due = Instant::now() + LOOK;
            }
            match self.news.recv_timeout(due.saturating_duration_since(now)) {
                Ok(line) => write_news(out, &line)?,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    fn write_left_out(&self, out: &mut impl Write) -> io::Result<()> {
        match self.left_out.swap(0, Ordering::Relaxed) {
            0 => Ok(()),
            count => write_news(out, &News::now(What::LeftOut(count)).to_json().to_string()),
        }
    }
}

fn write_news(out: &mut impl Write, line: &str) -> io::Result<()> {
    write!(out, "event: news\ndata: {line}\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(number: usize) -> News {
        News::now(What::Data(number.to_string()))
    }

    #[test]
    fn a_page_that_reads_nothing_keeps_no_more_than_so_much_and_hears_what_it_has_missed() {
        let hub = Hub::default();
        let heard = hub.listen();
        for number in 0..WAITING + 7 {
            hub.tell(&data(number));
        }
        assert_eq!(heard.news.try_iter().count(), WAITING);
        let mut written = Vec::new();
        heard.write_left_out(&mut written).unwrap();
        let written = String::from_utf8(written).unwrap();
        assert!(written.contains("left 7 "), "{written}");
        // It is told once, and what comes from now on is heard.
        heard.write_left_out(&mut Vec::new()).unwrap();
        assert_eq!(heard.left_out.load(Ordering::Relaxed), 0);
        hub.tell(&data(0));
        assert_eq!(heard.news.try_iter().count(), 1);
    }

    #[test]
    fn a_page_that_is_opened_later_sees_what_was_last_and_one_that_is_closed_is_forgotten() {
        let hub = Hub::default();
        for number in 0..KEPT + 5 {
            hub.tell(&data(number));
        }
        let heard = hub.listen();
        let first = heard.news.try_iter().next().unwrap();
        assert!(first.contains("\"5\""), "{first}");
        drop(heard);
        hub.tell(&data(0));
        assert!(hub.inner().listeners.is_empty());
    }
}
