//! Connections of bytes.

use std::cell::Cell;
use std::time::Duration;

use super::handle::{Handle, Kind};
use super::{NetError, QUEUE, peer, pending, with_buffer};
use crate::boundary::imports::{self, socket};
use crate::task::{next_call, yield_now};

/// How much one look takes at the most. More waits in the server: memory of wasm never shrinks.
const MOST: usize = 1 << 20;

/// How long a connection may take to be made. The system's own patience is two minutes and more.
const PATIENCE: Duration = Duration::from_secs(30);

/// A TCP connection to a peer. To wait for connections is nothing that the server offers.
///
/// ```
/// use signalk_plugin_sdk::net::TcpStream;
/// use signalk_plugin_sdk::prelude::*;
///
/// struct Meter {
///     stream: TcpStream,
///     asked: bool,
/// }
///
/// #[signalk_plugin(name = "Meter")]
/// impl Meter {
///     fn start() -> Result<Self> {
///         Ok(Self { stream: TcpStream::open("meter.local", 502)?, asked: false })
///     }
///
///     #[every("1s")]
///     fn look(&mut self) -> Result<()> {
///         if self.stream.is_connected()? && !self.asked {
///             self.stream.send(b"\x01\x03")?;
///             self.asked = true;
///         }
///         let mut answer = Vec::new();
///         self.stream.receive(&mut answer)?;
///         debug!("{} bytes", answer.len());
///         Ok(())
///     }
/// }
/// # fn main() {}
/// ```
#[derive(Debug)]
pub struct TcpStream {
    handle: Handle,
    since: Duration,
    stage: Cell<Stage>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Connecting,
    Connected,
    /// No more of it, and why.
    Ended(NetError),
}

impl TcpStream {
    /// Begins to connect to an address or a name, and returns before there is a connection:
    /// [`Self::is_connected`] tells when there is. A task waits for it with [`Self::connect`].
    ///
    /// # Errors
    /// [`NetError::NotPermitted`] without the capability, [`NetError::Refused`] where the name is empty,
    /// the port 0, or the server does not begin.
    pub fn open(host: &str, port: u16) -> Result<Self, NetError> {
        let host = peer(host, port)?;
        let id = socket::tcp_create();
        if id < 0 {
            return Err(NetError::NotPermitted);
        }
        let handle = Handle::new(Kind::Tcp, id);
        // Before anything can arrive: the line mode loses bytes.
        if socket::tcp_set_line_buffering(id, false) < 0 || socket::tcp_connect(id, host, port) < 0
        {
            return Err(NetError::Refused);
        }
        Ok(Self { handle, since: imports::monotonic(), stage: Cell::new(Stage::Connecting) })
    }

    /// Whether the connection is there; `false` while it is being made.
    ///
    /// # Errors
    /// [`NetError::NotConnected`] where it could not be made, or not within 30 s;
    /// [`NetError::Closed`] where it was there and has ended; [`NetError::Overflow`] where bytes of it
    /// are lost. None of these goes away again: connect anew.
    pub fn is_connected(&self) -> Result<bool, NetError> {
        if let Stage::Ended(error) = self.stage.get() {
            return Err(error);
        }
        let Some(id) = self.handle.id() else {
            return self.end(NetError::Closed);
        };
        match (socket::tcp_connected(id), self.stage.get()) {
            (1, _) => {
                self.stage.set(Stage::Connected);
                Ok(true)
            }
            (_, Stage::Connected) => self.end(NetError::Closed),
            (0, _) if imports::monotonic() < self.since.saturating_add(PATIENCE) => Ok(false),
            _ => self.end(NetError::NotConnected),
        }
    }

    fn end<T>(&self, error: NetError) -> Result<T, NetError> {
        self.stage.set(Stage::Ended(error));
        Err(error)
    }

    /// Connects, and waits in a [task](crate::task) until the connection is there.
    ///
    /// # Errors
    /// Those of [`Self::open`] and of [`Self::is_connected`].
    pub async fn connect(host: &str, port: u16) -> Result<Self, NetError> {
        let stream = Self::open(host, port)?;
        while !stream.is_connected()? {
            next_call().await;
        }
        Ok(stream)
    }

    /// Waits in a [task](crate::task) until something has arrived, and appends it to `to`.
    ///
    /// ```
    /// use signalk_plugin_sdk::Result;
    /// use signalk_plugin_sdk::net::TcpStream;
    ///
    /// async fn greeting(host: &str) -> Result<Vec<u8>> {
    ///     let mut stream = TcpStream::connect(host, 2000).await?;
    ///     stream.send(b"HELLO\r\n")?;
    ///     let mut answer = Vec::new();
    ///     while !answer.ends_with(b"\n") {
    ///         stream.read(&mut answer).await?;
    ///     }
    ///     Ok(answer)
    /// }
    /// ```
    ///
    /// # Errors
    /// Those of [`Self::receive`]. [`NetError::Closed`] is the end of the stream.
    pub async fn read(&mut self, to: &mut Vec<u8>) -> Result<usize, NetError> {
        loop {
            let came = self.receive(to)?;
            if came > 0 {
                // However much comes at once: a timeout has to have its turn.
                yield_now().await;
                return Ok(came);
            }
            next_call().await;
        }
    }

    /// How many pieces of what the peer has sent wait to be received, each of up to 65,536 bytes; 0 once the
    /// connection has ended. At 1,000 the server has begun to drop the oldest ([`NetError::Overflow`]).
    #[must_use]
    pub fn pending(&self) -> usize {
        pending(self.handle.id().map(socket::tcp_pending))
    }

    /// Sends bytes. The server takes all of them and sends them when the network lets it.
    ///
    /// # Errors
    /// [`NetError::Connecting`] before the connection is there, when the server itself would report
    /// success; and the errors of [`Self::is_connected`].
    pub fn send(&mut self, data: &[u8]) -> Result<(), NetError> {
        if !self.is_connected()? {
            return Err(NetError::Connecting);
        }
        match self.handle.id() {
            Some(id) if socket::tcp_send(id, data) >= 0 => Ok(()),
            _ => self.end(NetError::Closed),
        }
    }

    /// Appends to `to` what has arrived, and tells how many bytes that were; 0 where nothing has
    /// arrived since. After a megabyte it stops, and gives the rest when it is asked again.
    ///
    /// # Errors
    /// As [`Self::is_connected`], once all that came before was handed out.
    pub fn receive(&mut self, to: &mut Vec<u8>) -> Result<usize, NetError> {
        // Of a connection that has ended there may be something left.
        if let Stage::Ended(error) = self.stage.get()
            && error != NetError::Closed
        {
            return Err(error);
        }
        let Some(id) = self.handle.id() else {
            return self.end(NetError::Closed);
        };
        // Where it is full something was dropped, and what is left has a hole at its start.
        if socket::tcp_pending(id) >= QUEUE {
            return self.end(NetError::Overflow);
        }
        let before = to.len();
        while to.len() - before < MOST {
            let came = with_buffer(|buffer| {
                let len = usize::try_from(socket::tcp_recv_raw(id, buffer)).unwrap_or(0);
                to.extend_from_slice(buffer.get(..len).unwrap_or_default());
                len
            });
            if came == 0 {
                break;
            }
        }
        let came = to.len() - before;
        if came > 0 {
            if self.stage.get() == Stage::Connecting {
                self.stage.set(Stage::Connected);
            }
            return Ok(came);
        }
        self.is_connected().map(|_| 0)
    }
}
