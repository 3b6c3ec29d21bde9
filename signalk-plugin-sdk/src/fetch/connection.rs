//! A connection to a web server, and those that are kept to be used again.

use std::time::Duration;

use super::Reason;
#[cfg(feature = "tls")]
use super::tls::TlsStream;
use super::tls::Trust;
use super::url::HttpOrigin;
use super::work::count;
use crate::boundary::imports;
use crate::net::TcpStream;

/// How many connections are kept. The server holds them for the plugin, whether or not it has a use
/// for them.
const MOST_IDLE: usize = 4;
/// For how long they are kept. Many servers close them after a minute.
const LONGEST_IDLE: Duration = Duration::from_secs(55);

pub(super) struct Connection {
    pub(super) origin: HttpOrigin,
    stream: Stream,
    /// What has come, and how much of it was taken.
    buffer: Vec<u8>,
    taken: usize,
    since: Duration,
}

enum Stream {
    Plain(TcpStream),
    /// What a test has come, piece by piece, and then the end.
    #[cfg(not(target_family = "wasm"))]
    Recorded(std::vec::IntoIter<Vec<u8>>),
    #[cfg(feature = "tls")]
    Tls(Box<TlsStream>),
}

impl Stream {
    #[cfg(feature = "tls")]
    async fn open(trust: &Trust, origin: &HttpOrigin) -> Result<Self, Reason> {
        let tcp = TcpStream::connect(&origin.host, origin.port).await?;
        if !origin.is_https {
            return Ok(Self::Plain(tcp));
        }
        let stream = TlsStream::open(tcp, trust, &origin.host).await?;
        Ok(Self::Tls(Box::new(stream)))
    }

    #[cfg(not(feature = "tls"))]
    async fn open(_: &Trust, origin: &HttpOrigin) -> Result<Self, Reason> {
        if origin.is_https {
            return Err(Reason::HttpsIsOff);
        }
        Ok(Self::Plain(TcpStream::connect(&origin.host, origin.port).await?))
    }
}

impl Connection {
    #[cfg(not(target_family = "wasm"))]
    pub(super) fn recorded(pieces: Vec<Vec<u8>>) -> Self {
        let origin = HttpOrigin { is_https: false, host: String::new(), port: 80 };
        let stream = Stream::Recorded(pieces.into_iter());
        Self { origin, stream, buffer: Vec::new(), taken: 0, since: Duration::ZERO }
    }

    pub(super) async fn open(trust: &Trust, origin: &HttpOrigin) -> Result<Self, Reason> {
        let stream = Stream::open(trust, origin).await?;
        Ok(Self {
            origin: origin.clone(),
            stream,
            buffer: Vec::new(),
            taken: 0,
            since: Duration::ZERO,
        })
    }

    pub(super) fn send(&mut self, bytes: &[u8]) -> Result<(), Reason> {
        match &mut self.stream {
            Stream::Plain(stream) => Ok(stream.send(bytes)?),
            #[cfg(not(target_family = "wasm"))]
            Stream::Recorded(_) => Ok(()),
            #[cfg(feature = "tls")]
            Stream::Tls(stream) => stream.send(bytes),
        }
    }

    /// What has come and was not taken yet.
    pub(super) fn rest(&self) -> &[u8] {
        self.buffer.get(self.taken..).unwrap_or_default()
    }

    /// Takes so many bytes of [`Self::rest`].
    pub(super) fn take(&mut self, count: usize) {
        self.taken = self.taken.saturating_add(count).min(self.buffer.len());
    }

    /// Waits until more has come.
    pub(super) async fn read(&mut self) -> Result<(), Reason> {
        // Here and not with every bit that is taken: it moves the rest.
        if self.taken > 0 {
            count(self.buffer.len() - self.taken);
        }
        self.buffer.drain(..self.taken);
        self.taken = 0;
        match &mut self.stream {
            Stream::Plain(stream) => Ok(stream.read(&mut self.buffer).await.map(drop)?),
            #[cfg(not(target_family = "wasm"))]
            Stream::Recorded(pieces) => {
                let piece = pieces.next().ok_or(Reason::Closed)?;
                self.buffer.extend_from_slice(&piece);
                Ok(())
            }
            #[cfg(feature = "tls")]
            Stream::Tls(stream) => stream.read(&mut self.buffer).await,
        }
    }

    /// Whether it is open and nothing came that nobody asked for, which would be taken for the answer
    /// to what is asked next.
    fn is_fresh(&mut self, now: Duration) -> bool {
        now.saturating_sub(self.since) < LONGEST_IDLE
            && match &mut self.stream {
                Stream::Plain(stream) => {
                    stream.receive(&mut Vec::new()) == Ok(0) && stream.is_connected() == Ok(true)
                }
                #[cfg(not(target_family = "wasm"))]
                Stream::Recorded(_) => true,
                #[cfg(feature = "tls")]
                Stream::Tls(stream) => stream.is_quiet(),
            }
    }
}

/// Connections that are kept to be used again.
#[derive(Default)]
pub(super) struct Idle(Vec<Connection>);

impl Idle {
    /// One to that place, where there is one that was not closed meanwhile.
    pub(super) fn take(&mut self, origin: &HttpOrigin) -> Option<Connection> {
        let now = imports::monotonic();
        self.0.retain_mut(|connection| connection.is_fresh(now));
        let at = self.0.iter().position(|connection| connection.origin == *origin)?;
        Some(self.0.swap_remove(at))
    }

    pub(super) fn keep(&mut self, mut connection: Connection) {
        if !connection.rest().is_empty() {
            return;
        }
        // Not its memory: an answer may have been large.
        (connection.buffer, connection.taken) = (Vec::new(), 0);
        connection.since = imports::monotonic();
        if self.0.len() >= MOST_IDLE {
            self.0.remove(0);
        }
        self.0.push(connection);
    }
}
