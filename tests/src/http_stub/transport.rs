//! What HTTP runs on: TCP, or TLS over TCP.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use rustls::{ServerConnection, StreamOwned};

use super::state::Shared;

pub(super) enum Transport<'a> {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ServerConnection, PiecewiseSocket<'a>>>),
}

impl Transport<'_> {
    /// Tells the client that nothing more comes, where TLS has a word for it.
    pub(super) fn close(&mut self) -> io::Result<()> {
        if let Self::Tls(stream) = self {
            stream.conn.send_close_notify();
            stream.flush()?;
        }
        Ok(())
    }
}

impl Read for Transport<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.read(buffer),
            Self::Tls(stream) => stream.read(buffer),
        }
    }
}

impl Write for Transport<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.write(bytes),
            Self::Tls(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(socket) => socket.flush(),
            Self::Tls(stream) => stream.flush(),
        }
    }
}

/// A socket that may send what it is given a few bytes at a time.
pub(super) struct PiecewiseSocket<'a> {
    pub(super) socket: TcpStream,
    pub(super) connection: usize,
    pub(super) shared: &'a Shared,
    /// The length of a piece, and the pause after it.
    pub(super) pieces: Option<(usize, Duration)>,
}

impl Read for PiecewiseSocket<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.socket.read(buffer)
    }
}

impl Write for PiecewiseSocket<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some((length, pause)) = self.pieces else {
            return self.socket.write(bytes);
        };
        let sent = self.socket.write(&bytes[..bytes.len().min(length)])?;
        self.shared.pause(self.connection, pause)?;
        Ok(sent)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
    }
}
