//! TCP as the server's socket manager does it.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Read, Write};
use std::net::{IpAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use signalk_plugin_contract::SOCKET_CHUNK;

use super::queue::enqueue;

/// How long one address of a host is tried.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// The sockets for TCP, by the numbers that the plugin has for them.
#[derive(Debug, Default)]
pub struct TcpSockets {
    last_id: i32,
    open: BTreeMap<i32, Tcp>,
    /// Addresses of names, before the system is asked.
    names: BTreeMap<String, IpAddr>,
}

#[derive(Debug)]
struct Tcp {
    link: Link,
    line_mode: bool,
    lines: VecDeque<String>,
    chunks: VecDeque<Vec<u8>>,
    begun_line: String,
    unsent: Vec<u8>,
}

#[derive(Debug)]
enum Link {
    Idle,
    Connecting(Receiver<io::Result<TcpStream>>),
    Connected(TcpStream),
}

impl TcpSockets {
    /// Creates a socket.
    pub fn create(&mut self) -> i32 {
        self.last_id += 1;
        let tcp = Tcp {
            link: Link::Idle,
            line_mode: true,
            lines: VecDeque::new(),
            chunks: VecDeque::new(),
            begun_line: String::new(),
            unsent: Vec::new(),
        };
        self.open.insert(self.last_id, tcp);
        self.last_id
    }

    /// Begins to connect: 0 or -1. The outcome shows in a later turn.
    pub fn connect(&mut self, id: i32, host: &str, port: i32) -> i32 {
        let (Some(tcp), Ok(port)) = (self.open.get_mut(&id), u16::try_from(port)) else {
            return -1;
        };
        if !matches!(tcp.link, Link::Idle) {
            return -1;
        }
        let host = if host.is_empty() { "localhost" } else { host };
        let known = self.names.get(&host.to_ascii_lowercase());
        let host = known.map_or_else(|| host.to_owned(), ToString::to_string);
        let (sender, receiver) = mpsc::channel();
        // Without a thread the sender is gone at once, which reads as a connection that failed.
        let _ = thread::Builder::new().spawn(move || {
            // Nobody listens any more where the socket was closed meanwhile.
            let _ = sender.send(connect(&host, port));
        });
        tcp.link = Link::Connecting(receiver);
        0
    }

    /// Waits for the outcome of a connection that has begun, for so long at most.
    pub fn wait(&mut self, id: i32, most: Duration) {
        if self.open.get_mut(&id).is_some_and(|tcp| !tcp.is_settled_within(most)) {
            self.open.remove(&id);
        }
    }

    /// Has a name stand for an address.
    pub fn resolve(&mut self, name: &str, address: IpAddr) {
        self.names.insert(name.to_ascii_lowercase(), address);
    }

    /// The number of sockets that are open.
    pub(super) fn open(&self) -> usize {
        self.open.len()
    }

    /// Tells whether it is connected: 1, 0, or -1 if there is no such socket.
    #[must_use]
    pub fn connected(&self, id: i32) -> i32 {
        self.open.get(&id).map_or(-1, |tcp| i32::from(matches!(tcp.link, Link::Connected(_))))
    }

    /// Has what comes split into lines or not: 0, or -1 if there is no such socket.
    pub fn set_line_mode(&mut self, id: i32, on: bool) -> i32 {
        self.open.get_mut(&id).map_or(-1, |tcp| {
            tcp.line_mode = on;
            0
        })
    }

    /// Sends data; what cannot be sent is dropped without a word.
    pub fn send(&mut self, id: i32, data: &[u8]) {
        let Some(tcp) = self.open.get_mut(&id) else { return };
        if matches!(tcp.link, Link::Connected(_)) {
            tcp.unsent.extend_from_slice(data);
            // An error shows up in the next turn.
            let _ = tcp.flush();
        }
    }

    /// The next line.
    pub fn receive_line(&mut self, id: i32) -> Option<Vec<u8>> {
        self.open.get_mut(&id)?.lines.pop_front().map(String::into_bytes)
    }

    /// The next chunk.
    pub fn receive_raw(&mut self, id: i32) -> Option<Vec<u8>> {
        self.open.get_mut(&id)?.chunks.pop_front()
    }

    /// The number of lines or chunks that wait.
    #[must_use]
    pub fn pending(&self, id: i32) -> usize {
        self.open
            .get(&id)
            .map_or(0, |tcp| if tcp.line_mode { tcp.lines.len() } else { tcp.chunks.len() })
    }

    /// Closes a socket.
    pub fn close(&mut self, id: i32) {
        self.open.remove(&id);
    }

    /// A connection that failed or was closed by its peer goes with everything that was not read.
    pub(super) fn turn(&mut self) {
        self.open.retain(|_, tcp| tcp.turn());
    }
}

impl Tcp {
    /// Takes the outcome of a connection that has begun, once it is there. Tells whether the socket is still
    /// there afterwards.
    fn is_settled_within(&mut self, most: Duration) -> bool {
        if let Link::Connecting(outcome) = &self.link {
            match outcome.recv_timeout(most) {
                Ok(Ok(stream)) => self.link = Link::Connected(stream),
                Err(RecvTimeoutError::Timeout) => {}
                Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => return false,
            }
        }
        true
    }

    /// Tells whether the socket is still there afterwards.
    fn turn(&mut self) -> bool {
        if !self.is_settled_within(Duration::ZERO) {
            return false;
        }
        self.flush().and_then(|()| self.read()).unwrap_or(false)
    }

    fn flush(&mut self) -> io::Result<()> {
        let Link::Connected(stream) = &mut self.link else { return Ok(()) };
        while !self.unsent.is_empty() {
            match stream.write(&self.unsent) {
                Ok(sent) => drop(self.unsent.drain(..sent)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Reads what is there; `false` once the peer has closed.
    fn read(&mut self) -> io::Result<bool> {
        let mut buffer = vec![0; SOCKET_CHUNK];
        // A bound on the turn, in case data comes faster than it is read.
        for _ in 0..4096 {
            let Link::Connected(stream) = &mut self.link else { return Ok(true) };
            match stream.read(&mut buffer) {
                Ok(0) => return Ok(false),
                Ok(length) => self.take(buffer.get(..length).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(true),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    fn take(&mut self, data: &[u8]) {
        if !self.line_mode {
            enqueue(&mut self.chunks, data.to_vec());
            return;
        }
        // Each chunk is decoded by itself, which breaks a character that two of them share.
        self.begun_line.push_str(&String::from_utf8_lossy(data));
        let Some(end) = self.begun_line.rfind('\n') else { return };
        let rest = self.begun_line.split_off(end + 1);
        let complete = std::mem::replace(&mut self.begun_line, rest);
        for line in
            complete.split_terminator('\n').map(|line| line.strip_suffix('\r').unwrap_or(line))
        {
            if !line.is_empty() {
                enqueue(&mut self.lines, line.to_owned());
            }
        }
    }
}

fn connect(host: &str, port: u16) -> io::Result<TcpStream> {
    let mut outcome = Err(io::ErrorKind::NotFound.into());
    for address in (host, port).to_socket_addrs()? {
        outcome = TcpStream::connect_timeout(&address, CONNECT_TIMEOUT);
        if outcome.is_ok() {
            break;
        }
    }
    let stream = outcome?;
    stream.set_nonblocking(true)?;
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(chunks: &[&[u8]]) -> Vec<String> {
        let mut sockets = TcpSockets::default();
        let id = sockets.create();
        let tcp = sockets.open.get_mut(&id).unwrap();
        chunks.iter().for_each(|chunk| tcp.take(chunk));
        std::iter::from_fn(|| sockets.receive_line(id))
            .map(|line| String::from_utf8(line).unwrap())
            .collect()
    }

    #[test]
    fn lines_come_without_their_ends_and_blank_ones_not_at_all() {
        assert_eq!(lines(&[b"a\r", b"\n\r\n\nb\nc"]), ["a", "b"]);
    }

    #[test]
    fn a_character_that_two_chunks_share_is_broken() {
        assert_eq!(lines(&[b"\xc3", b"\xa9\n"]), ["\u{fffd}\u{fffd}"]);
    }

    #[test]
    fn the_oldest_of_more_than_1000_lines_are_dropped() {
        let text: String = (0..1002).map(|n| format!("{n}\n")).collect();
        let lines = lines(&[text.as_bytes()]);
        assert_eq!((lines.len(), lines[0].as_str()), (1000, "2"));
    }
}
