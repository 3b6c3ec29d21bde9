//! Lines out of bytes, and a connection that gives them.

use std::borrow::Cow;
use std::time::Duration;

use super::{NetError, TcpStream};
use crate::backoff::wait_after;
use crate::boundary::imports;
use crate::error::Error;

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

/// Splits bytes that arrive in pieces into lines, which end with `\n`, `\r\n` or `\r`.
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
    /// Tells whether the line that has begun is too long already, and nothing of it is kept.
    is_too_long: bool,
    /// Tells whether the last line ended with `\r`, of whose end a `\n` may be the rest.
    is_after_cr: bool,
    cut: u64,
    #[cfg(test)]
    work: usize,
}

/// The longest line. One without an end must not fill the memory.
const LONGEST: usize = 65_536;

impl Lines {
    /// No bytes yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        // Not each time: it moves what is left.
        if self.start >= self.bytes.len() / 2 {
            self.count(self.bytes.len() - self.start);
            self.bytes.drain(..self.start);
            self.searched -= self.start;
            self.start = 0;
        }
        self.count(bytes.len());
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole line. One of more than 65,536 bytes is left out, and counted in
    /// [`Self::dropped`].
    pub fn next_line(&mut self) -> Option<Line> {
        loop {
            let rest = self.bytes.get(self.searched..).unwrap_or_default();
            let found = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            self.count(found.map_or(rest.len(), |at| at + 1));
            let Some(at) = found else {
                self.searched = self.bytes.len();
                if self.searched - self.start > LONGEST {
                    self.is_too_long = true;
                }
                if self.is_too_long {
                    self.start = self.searched;
                }
                return None;
            };
            let end = self.searched + at;
            let is_cr = self.bytes.get(end) == Some(&b'\r');
            let is_rest_of_end = self.is_after_cr && end == self.start && !is_cr;
            let line = self.bytes.get(self.start..end).unwrap_or_default();
            let is_too_long = self.is_too_long || line.len() > LONGEST;
            let line = (!is_rest_of_end && !is_too_long).then(|| Line(line.to_vec()));
            self.start = end + 1;
            self.searched = self.start;
            self.is_after_cr = is_cr;
            self.is_too_long = false;
            self.cut += u64::from(is_too_long);
            if line.is_some() {
                return line;
            }
        }
    }

    /// Returns the number of lines that were dropped because they were too long.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.cut
    }

    /// Tells whether a line has begun whose end is still to come.
    fn has_begun(&self) -> bool {
        self.is_too_long || self.start < self.bytes.len()
    }

    /// Counts bytes that are looked at or moved, so that a test sees how the work grows.
    #[cfg(test)]
    fn count(&mut self, bytes: usize) {
        self.work += bytes;
    }

    #[cfg(not(test))]
    #[allow(clippy::unused_self)]
    fn count(&self, _: usize) {}
}

/// For so long a connection has to last before the next loss of it counts as the first.
const SOUND: Duration = Duration::from_secs(60);

/// For so long a line may go on without its end before that is told.
const LINE_PATIENCE: Duration = Duration::from_secs(60);

/// The most lines that one look takes. More wait in the server: memory of wasm never shrinks.
const MOST_LINES: usize = 10_000;

/// A TCP connection for a line protocol such as NMEA 0183, made again whenever it is lost: after
/// 1 s at first, and twice as long each time, up to a minute. Once a connection has lasted for a minute,
/// the next loss is the first again; a peer that takes connections and drops them is not asked every
/// second for that.
///
/// Lines end as those of [`Lines`] do. A line without an end within a minute is told, and so is one of
/// more than 65,536 bytes, which is left out: a port of another protocol is not taken for a quiet one.
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
    /// Lines that wait while an error is told.
    ready: Vec<Line>,
    again: Duration,
    failures: u32,
    connected: bool,
    read_timeout: Option<Duration>,
    /// When the connection was made.
    since: Duration,
    /// When something came last, and a line, or the connection was made.
    heard: Duration,
    line_came: Duration,
    /// The error to be told at the next look, whatever comes with it.
    untold: Option<NetError>,
    /// Why there is no connection, until there is one again.
    problem: Option<NetError>,
}

impl LineClient {
    /// A connection that is begun at the first [`Self::receive`].
    #[must_use]
    pub fn new(host: &str, port: u16) -> Self {
        Self {
            host: host.trim().to_owned(),
            port,
            stream: None,
            lines: Lines::new(),
            ready: Vec::new(),
            again: Duration::ZERO,
            failures: 0,
            connected: false,
            read_timeout: None,
            since: Duration::ZERO,
            heard: Duration::ZERO,
            line_came: Duration::ZERO,
            untold: None,
            problem: None,
        }
    }

    /// Takes a connection for lost on which no line comes for so long. It is the only
    /// way to notice a peer that has lost its power; for NMEA 0183, 30 s are ample.
    #[must_use]
    pub fn read_timeout(mut self, limit: Duration) -> Self {
        self.read_timeout = Some(limit);
        self
    }

    /// The lines that have arrived, 10,000 at the most; makes the connection where there is none. To be
    /// called once a second.
    ///
    /// # Errors
    /// While there is no connection, once an attempt has failed or the connection was lost; and where
    /// what comes is not made of lines ([`NetError::NoLines`], [`NetError::LineTooLong`]). With the
    /// address and what was wrong, for the status line. It is enough to pass it on with `?`, and to
    /// call again: no line is lost by it.
    pub fn receive(&mut self) -> Result<Vec<Line>, Error> {
        let untold = self.untold.take();
        let now = imports::monotonic();
        let cut = self.lines.dropped();
        let outcome = self.look(now);
        if self.lines.dropped() > cut {
            self.untold = Some(NetError::LineTooLong);
        }
        match outcome {
            Ok(true) => match self.silent(now) {
                Some(error) => self.lost(error),
                None => self.is_there(now),
            },
            Ok(false) => {}
            Err(error) => self.lost(error),
        }
        // The lines wait for the next call, which hands them out whatever else there is to tell.
        let error = match untold {
            None if self.ready.is_empty() => {
                self.problem.or(self.untold).or_else(|| self.unfinished(now))
            }
            untold => untold,
        };
        match error {
            Some(error) => {
                self.untold = None;
                Err(self.told(error))
            }
            None => Ok(std::mem::take(&mut self.ready)),
        }
    }

    /// Returns the number of lines of more than 65,536 bytes, which were dropped.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.lines.dropped()
    }

    /// Takes the lines that have arrived; whether there is a connection.
    fn look(&mut self, now: Duration) -> Result<bool, NetError> {
        self.take_lines(now);
        // What there is already is handed out first.
        if self.ready.len() >= MOST_LINES {
            return Ok(self.is_connected());
        }
        let Some(stream) = self.stream()? else {
            return Ok(false);
        };
        let mut bytes = Vec::new();
        if stream.receive(&mut bytes)? == 0 {
            return stream.is_connected();
        }
        self.heard = now;
        self.lines.push(&bytes);
        self.take_lines(now);
        Ok(true)
    }

    fn take_lines(&mut self, now: Duration) {
        let before = self.ready.len();
        while self.ready.len() < MOST_LINES
            && let Some(line) = self.lines.next_line()
        {
            self.ready.push(line);
        }
        if self.ready.len() > before || !self.lines.has_begun() {
            self.line_came = now;
        }
    }

    /// The reason to take a connection that seems to be there for lost.
    fn silent(&self, now: Duration) -> Option<NetError> {
        let limit = self.read_timeout.filter(|_| self.connected)?;
        let silence = now.saturating_sub(self.heard);
        let without_line = now.saturating_sub(self.line_came);
        if silence > limit {
            Some(NetError::Silent)
        } else if without_line > limit && silence <= limit / 2 {
            Some(NetError::NoLines)
        } else {
            None
        }
    }

    /// The error of a line that does not end.
    fn unfinished(&self, now: Duration) -> Option<NetError> {
        if self.lines.is_too_long {
            return Some(NetError::LineTooLong);
        }
        let is_late = now.saturating_sub(self.line_came) > LINE_PATIENCE;
        (is_late && self.lines.has_begun()).then_some(NetError::NoLines)
    }

    fn is_there(&mut self, now: Duration) {
        if !self.connected {
            self.connected = true;
            (self.since, self.heard, self.line_came) = (now, now, now);
        }
        if now.saturating_sub(self.since) >= SOUND {
            self.failures = 0;
        }
        // One that was made and lost time and again is not well because it is there at the moment.
        let is_well = self.failures < 2
            || self.problem == Some(NetError::NotConnected)
            || !self.ready.is_empty();
        if is_well {
            self.problem = None;
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
        if self.stream.is_none() && imports::monotonic() >= self.again {
            self.stream = Some(TcpStream::open(&self.host, self.port)?);
        }
        Ok(self.stream.as_mut())
    }

    fn lost(&mut self, error: NetError) {
        self.stream = None;
        self.connected = false;
        // Half a line of the old connection is not the start of one of the next.
        self.lines = Lines { cut: self.lines.cut, ..Lines::default() };
        self.failures = self.failures.saturating_add(1);
        self.again = imports::monotonic().saturating_add(wait_after(self.failures));
        self.problem = Some(error);
        self.untold = Some(error);
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
        let bytes = b"one\r\n\xff\xfe\n\nthr\ree\r\r\nrest";
        for size in 1..bytes.len() {
            let mut lines = Lines::new();
            let mut found = Vec::new();
            for piece in bytes.chunks(size) {
                lines.push(piece);
                found.extend(all(&mut lines));
            }
            assert_eq!(found, [&b"one"[..], b"\xff\xfe", b"", b"thr", b"ee", b""], "{size}");
        }
    }

    #[test]
    fn a_line_is_whole_with_its_cr_and_a_lf_that_comes_later_is_none() {
        let mut lines = Lines::new();
        lines.push(b"$A\r");
        assert_eq!(all(&mut lines), [b"$A"]);
        lines.push(b"");
        lines.push(b"\n$B\r");
        assert_eq!(all(&mut lines), [b"$B"]);
        lines.push(b"$C\r$D\n\r\n");
        assert_eq!(all(&mut lines), [&b"$C"[..], b"$D", b""]);
    }

    #[test]
    fn the_work_grows_as_the_bytes_do_however_they_come() {
        for (piece, every) in [
            (&b"x"[..], 1),
            (b"\r", 1),
            (b"\n", 7),
            (b"a line\r\n", 1),
            (b"\n\n\n\n", 1_000),
            (&[b'x'; 3_000], 50),
        ] {
            let work = |bytes: usize| {
                let mut lines = Lines::new();
                for at in 0..bytes / piece.len() {
                    lines.push(piece);
                    if at % every == 0 {
                        lines.next_line();
                    }
                }
                while lines.next_line().is_some() {}
                lines.work
            };
            for bytes in [100_000, 400_000] {
                assert!(work(bytes) <= 5 * bytes, "{} {piece:?}", work(bytes));
            }
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
        assert_eq!(lines.dropped(), 1);
    }

    #[test]
    fn a_line_that_is_too_long_is_left_out_whole_wherever_its_end_is_cut() {
        for end in [&[&b"\r"[..], b"\n"][..], &[b"\r\n"], &[b"\n"], &[b"\r"], &[b"x", b"\r", b"\n"]]
        {
            let mut lines = Lines::new();
            for piece in [&[b'x'; 1_000_000][..]].iter().chain(end) {
                lines.push(piece);
                assert_eq!(all(&mut lines), Vec::<Vec<u8>>::new());
            }
            assert_eq!(lines.dropped(), 1);
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
