//! Lines out of bytes, and a connection that gives them.

use std::borrow::Cow;
use std::time::Duration;

use super::{NetError, TcpStream};
use crate::error::Error;
use crate::retry::wait_after;
use crate::sys;

/// A line without its end. It may hold any bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line(Vec<u8>);

impl Line {
    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// As text, with U+FFFD for bytes that are none.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }
}

/// Splits bytes that arrive in pieces into lines, which end with `\n` or `\r\n`.
///
/// ```
/// use signalk_plugin_sdk::net::Lines;
///
/// let mut lines = Lines::new();
/// lines.push(b"$GPRMC,1\r\n$GPG");
/// assert_eq!(lines.next_line().unwrap().text(), "$GPRMC,1");
/// assert_eq!(lines.next_line(), None);
/// lines.push(b"GA,2\n\n");
/// assert_eq!(lines.next_line().unwrap().text(), "$GPGGA,2");
/// assert_eq!(lines.next_line().unwrap().as_bytes(), b"");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Lines {
    bytes: Vec<u8>,
    /// Up to where lines were taken, and up to where no end was found.
    start: usize,
    searched: usize,
    cut: u64,
}

/// A line without an end must not fill the memory.
const LONGEST: usize = 65_536;

impl Lines {
    /// No bytes yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.start);
        self.searched -= self.start;
        self.start = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole line. One of more than 65,536 bytes is left out, and counted in
    /// [`Self::left_out`].
    pub fn next_line(&mut self) -> Option<Line> {
        loop {
            let rest = self.bytes.get(self.searched..).unwrap_or_default();
            let Some(at) = rest.iter().position(|byte| *byte == b'\n') else {
                self.searched = self.bytes.len();
                if self.searched - self.start > LONGEST + 1 {
                    // Its end is still to come; keep enough to know then that it is too long, with
                    // the `\r` that may be a part of the end.
                    self.start = self.searched - LONGEST - 2;
                }
                return None;
            };
            let end = self.searched + at;
            let line = self.bytes.get(self.start..end).unwrap_or_default();
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let line = if line.len() > LONGEST { None } else { Some(Line(line.to_vec())) };
            self.start = end + 1;
            self.searched = self.start;
            if line.is_some() {
                return line;
            }
            self.cut += 1;
        }
    }

    /// How many lines were too long.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.cut
    }
}

/// A TCP connection for a line protocol such as NMEA 0183, made again whenever it is lost: after
/// 1 s at first, and twice as long each time, up to a minute.
///
/// ```
/// use signalk_plugin_sdk::net::LineClient;
/// use signalk_plugin_sdk::prelude::*;
///
/// struct Gateway {
///     gateway: LineClient,
/// }
///
/// #[signalk_plugin(name = "NMEA Gateway")]
/// impl Gateway {
///     fn start() -> Result<Self> {
///         Ok(Self { gateway: LineClient::new("192.168.1.20", 10110) })
///     }
///
///     #[every("1s")]
///     fn receive(&mut self) -> Result<()> {
///         for line in self.gateway.receive()? {
///             debug!("{}", line.text());
///         }
///         Ok(())
///     }
/// }
/// # fn main() {}
/// ```
#[derive(Debug)]
pub struct LineClient {
    host: String,
    port: u16,
    stream: Option<TcpStream>,
    lines: Lines,
    again: Duration,
    failures: u32,
    connected: bool,
    silence_limit: Option<Duration>,
    /// When something came last, or the connection was made.
    heard: Duration,
    /// Why there is no connection, until there is one again.
    problem: Option<NetError>,
}

impl LineClient {
    /// A connection that is begun at the first [`Self::receive`].
    #[must_use]
    pub fn new(host: &str, port: u16) -> Self {
        Self {
            host: host.to_owned(),
            port,
            stream: None,
            lines: Lines::new(),
            again: Duration::ZERO,
            failures: 0,
            connected: false,
            silence_limit: None,
            heard: Duration::ZERO,
            problem: None,
        }
    }

    /// The same, with a connection on which nothing comes for so long taken for lost. It is the only
    /// way to notice a peer that has lost its power; for NMEA 0183, 30 s are ample.
    #[must_use]
    pub fn with_silence_limit(mut self, limit: Duration) -> Self {
        self.silence_limit = Some(limit);
        self
    }

    /// The lines that have arrived; makes the connection where there is none. To be called once a
    /// second.
    ///
    /// # Errors
    /// While there is no connection, once an attempt has failed or the connection was lost: with the
    /// address and what was wrong, for the status line. It is enough to pass it on with `?`, and to
    /// call again.
    pub fn receive(&mut self) -> Result<Vec<Line>, Error> {
        let mut bytes = Vec::new();
        let outcome = self.stream().and_then(|stream| match stream {
            Some(stream) => stream.receive(&mut bytes).and_then(|_| stream.is_connected()),
            None => Ok(false),
        });
        self.lines.push(&bytes);
        let lines: Vec<_> = std::iter::from_fn(|| self.lines.next_line()).collect();
        let now = sys::monotonic();
        if !bytes.is_empty() || !self.connected {
            self.heard = now;
        }
        let silence = now.saturating_sub(self.heard);
        match outcome {
            Ok(true) if self.silence_limit.is_some_and(|limit| silence > limit) => {
                self.lost(NetError::Silent);
            }
            Ok(true) => {
                self.problem = None;
                self.failures = 0;
                self.connected = true;
            }
            Ok(false) => {}
            Err(error) => self.lost(error),
        }
        match self.problem {
            // What came before the end is handed out first; the end is told at the next call.
            Some(error) if lines.is_empty() => Err(self.told(error)),
            _ => Ok(lines),
        }
    }

    /// Sends a line; `\r\n` is added.
    ///
    /// # Errors
    /// Where there is no connection: the line is not kept for later.
    pub fn send(&mut self, line: &str) -> Result<(), Error> {
        let text = [line, "\r\n"].concat();
        let sent = match &mut self.stream {
            Some(stream) => stream.send(text.as_bytes()),
            None => Err(self.problem.unwrap_or(NetError::Connecting)),
        };
        sent.map_err(|error| self.told(error))
    }

    /// Whether the connection was there when this client last looked.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.stream.is_some() && self.connected
    }

    fn stream(&mut self) -> Result<Option<&mut TcpStream>, NetError> {
        if self.stream.is_none() && sys::monotonic() >= self.again {
            self.stream = Some(TcpStream::connect(&self.host, self.port)?);
        }
        Ok(self.stream.as_mut())
    }

    fn lost(&mut self, error: NetError) {
        self.stream = None;
        self.connected = false;
        // Half a line of the old connection is not the start of one of the next.
        self.lines = Lines { cut: self.lines.cut, ..Lines::default() };
        self.failures = self.failures.saturating_add(1);
        self.again = sys::monotonic().saturating_add(wait_after(self.failures));
        self.problem = Some(error);
    }

    fn told(&self, error: NetError) -> Error {
        let port = self.port.to_string();
        Error::from(error).context([&*self.host, ":", &*port].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(lines: &mut Lines) -> Vec<Vec<u8>> {
        std::iter::from_fn(|| lines.next_line()).map(|line| line.0).collect()
    }

    #[test]
    fn lines_are_the_same_however_the_bytes_are_cut() {
        let bytes = b"one\r\n\xff\xfe\n\nthr\ree\r\nrest";
        for size in 1..bytes.len() {
            let mut lines = Lines::new();
            let mut found = Vec::new();
            for piece in bytes.chunks(size) {
                lines.push(piece);
                found.extend(all(&mut lines));
            }
            assert_eq!(found, [&b"one"[..], b"\xff\xfe", b"", b"thr\ree"], "{size}");
        }
    }

    #[test]
    fn a_line_without_end_takes_no_more_memory_than_the_longest_and_is_left_out() {
        let mut lines = Lines::new();
        for _ in 0..100 {
            lines.push(&[b'x'; LONGEST / 2]);
            assert_eq!(all(&mut lines), Vec::<Vec<u8>>::new());
            assert!(lines.bytes.len() <= 2 * LONGEST);
        }
        lines.push(b"\nshort\n");
        assert_eq!(all(&mut lines), [b"short"]);
        assert_eq!(lines.left_out(), 1);
    }

    #[test]
    fn a_line_that_is_too_long_is_left_out_whole_wherever_its_end_is_cut() {
        for end in [&[&b"\r"[..], b"\n"][..], &[b"\r\n"], &[b"\n"], &[b"x", b"\r", b"\n"]] {
            let mut lines = Lines::new();
            for piece in [&[b'x'; 1_000_000][..]].iter().chain(end) {
                lines.push(piece);
                assert_eq!(all(&mut lines), Vec::<Vec<u8>>::new());
            }
            assert_eq!(lines.left_out(), 1);
        }
    }

    #[test]
    fn a_line_of_just_the_longest_length_is_whole() {
        let mut lines = Lines::new();
        lines.push(&[b'x'; LONGEST]);
        assert_eq!(all(&mut lines).len(), 0);
        lines.push(b"\r\n");
        assert_eq!(all(&mut lines), [vec![b'x'; LONGEST]]);
    }
}
