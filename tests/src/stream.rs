//! The server's WebSocket stream: deltas and, with them, what the dashboard shows.

use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tungstenite::{Message, WebSocket};

/// How many of the last messages an error shows.
const SHOWN_ON_TIMEOUT: usize = 12;

/// A message, and its place among all that came.
#[derive(Debug, Clone)]
pub struct Received {
    /// The place, from 0.
    pub position: usize,
    /// The message.
    pub message: Value,
}

/// Collects everything that comes on a WebSocket stream.
pub struct Stream {
    inbox: Arc<Inbox>,
    connection: TcpStream,
    reader: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Inbox {
    state: Mutex<State>,
    news: Condvar,
}

#[derive(Default)]
struct State {
    messages: Vec<Value>,
    /// Why nothing more will come.
    ended: Option<String>,
}

impl Inbox {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stream {
    /// Connects to the server on a loopback port and subscribes to everything of every vessel, the
    /// server's own events included.
    pub(crate) fn connect(port: u16) -> Result<Self> {
        let connection = TcpStream::connect(("127.0.0.1", port))
            .context("the server's WebSocket port cannot be reached")?;
        let handle = connection.try_clone()?;
        let url = format!(
            "ws://127.0.0.1:{port}/signalk/v1/stream?subscribe=all&serverevents=all&sendCachedValues=true"
        );
        let (socket, _) = tungstenite::client(url, connection)
            .map_err(|error| anyhow::anyhow!("the WebSocket handshake failed: {error}"))?;
        let inbox = Arc::<Inbox>::default();
        let reader = thread::spawn({
            let inbox = Arc::clone(&inbox);
            move || read_all(socket, &inbox)
        });
        Ok(Self { inbox, connection: handle, reader: Some(reader) })
    }

    /// How many messages came so far: the position that the next one will have.
    #[must_use]
    pub fn position(&self) -> usize {
        self.inbox.lock().messages.len()
    }

    /// Everything that came from a position on.
    #[must_use]
    pub fn since(&self, position: usize) -> Vec<Value> {
        let state = self.inbox.lock();
        state.messages.get(position..).unwrap_or_default().to_vec()
    }

    /// Waits for a message among all that came or come; `what` names it in the error.
    ///
    /// # Errors
    ///
    /// Where it did not come in time, or the server closed the stream. The error shows the last messages.
    pub fn wait_for(
        &self,
        what: &str,
        at_most: Duration,
        is_it: impl Fn(&Value) -> bool,
    ) -> Result<Received> {
        self.wait_for_after(0, what, at_most, is_it)
    }

    /// Like [`wait_for`](Self::wait_for), but looks only at messages from a position on.
    ///
    /// # Errors
    ///
    /// As [`wait_for`](Self::wait_for).
    pub fn wait_for_after(
        &self,
        position: usize,
        what: &str,
        at_most: Duration,
        is_it: impl Fn(&Value) -> bool,
    ) -> Result<Received> {
        let deadline = Instant::now() + at_most;
        let mut next = position;
        let mut state = self.inbox.lock();
        loop {
            while let Some(message) = state.messages.get(next) {
                if is_it(message) {
                    return Ok(Received { position: next, message: message.clone() });
                }
                next += 1;
            }
            if let Some(reason) = &state.ended {
                bail!("{what} did not come: the stream ended: {reason}\n{}", last(&state));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                bail!("{what} did not come in {at_most:?}\n{}", last(&state));
            }
            state =
                self.inbox.news.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // The reader then ends; that the peer has gone already is no matter.
        let _ = self.connection.shutdown(Shutdown::Both);
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}

fn read_all(mut socket: WebSocket<TcpStream>, inbox: &Inbox) {
    loop {
        let read = socket.read();
        let mut state = inbox.lock();
        match read {
            Ok(Message::Text(text)) => {
                if let Ok(message) = serde_json::from_str(&text) {
                    state.messages.push(message);
                }
            }
            Ok(_) => {}
            Err(error) => state.ended = Some(error.to_string()),
        }
        let ended = state.ended.is_some();
        drop(state);
        inbox.news.notify_all();
        if ended {
            return;
        }
    }
}

fn last(state: &State) -> String {
    let count = state.messages.len();
    let shown = state.messages.iter().skip(count.saturating_sub(SHOWN_ON_TIMEOUT));
    let lines: Vec<String> = shown.map(|message| format!("  {message}")).collect();
    format!("{count} messages came, the last of them:\n{}", lines.join("\n"))
}
