//! What clients ask for, read off their connections.

use std::io::Read;

use anyhow::{Context, Result, bail, ensure};

/// No client of a test has a longer head, or line of a chunked body.
const LONGEST_HEAD: usize = 1 << 20;

/// A request as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// The headers with their names as they came, in their order.
    pub headers: Vec<(String, String)>,
    /// The body, freed of chunks.
    pub body: Vec<u8>,
    /// The number of the connection that it came on, from 0.
    pub connection: usize,
}

impl Request {
    /// The first header of a name, which may be written in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    fn header_says(&self, name: &str, word: &str) -> bool {
        self.header(name).is_some_and(|value| {
            value.split(',').any(|element| element.trim().eq_ignore_ascii_case(word))
        })
    }

    pub(super) fn wants_close(&self) -> bool {
        self.header_says("Connection", "close")
    }
}

/// Reads one request after the other off a connection.
pub(super) struct RequestReader {
    connection: usize,
    /// What was received and not looked at yet.
    ahead: Vec<u8>,
}

impl RequestReader {
    pub(super) fn new(connection: usize) -> Self {
        Self { connection, ahead: Vec::new() }
    }

    /// The next request, its body still to be read; `None` where the client has left.
    pub(super) fn head(&mut self, source: &mut impl Read) -> Result<Option<Request>> {
        // Clients may end a connection that is idle as they like.
        if self.ahead.is_empty() && !matches!(self.receive(source), Ok(1..)) {
            return Ok(None);
        }
        let head = self.take_through(b"\r\n\r\n", source).context("within a request's head")?;
        let head = String::from_utf8(head).context("a request's head is not UTF-8")?;
        let mut lines = head.split("\r\n");
        let line = lines.next().unwrap_or_default();
        let mut words = line.split(' ');
        let (Some(method), Some(path), Some("HTTP/1.1"), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            bail!("not a request of HTTP/1.1: {line:?}");
        };
        let headers = lines.map(|line| {
            let (name, value) =
                line.split_once(':').with_context(|| format!("not a header: {line:?}"))?;
            Ok((name.to_owned(), value.trim().to_owned()))
        });
        Ok(Some(Request {
            method: method.to_owned(),
            path: path.to_owned(),
            headers: headers.collect::<Result<_>>()?,
            body: Vec::new(),
            connection: self.connection,
        }))
    }

    /// Completes the request that [`RequestReader::head`] gave.
    pub(super) fn body(&mut self, request: &mut Request, source: &mut impl Read) -> Result<()> {
        request.body = if request.header_says("Transfer-Encoding", "chunked") {
            self.chunks(source).context("within a request's chunked body")?
        } else if let Some(length) = request.header("Content-Length") {
            let length =
                length.parse().with_context(|| format!("not a Content-Length: {length:?}"))?;
            self.take(length, source).context("within a request's body")?
        } else {
            Vec::new()
        };
        Ok(())
    }

    fn chunks(&mut self, source: &mut impl Read) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = String::from_utf8(self.take_through(b"\r\n", source)?)?;
            let digits = line.split(';').next().unwrap_or_default().trim();
            let length = usize::from_str_radix(digits, 16)
                .with_context(|| format!("not a chunk's length: {line:?}"))?;
            if length == 0 {
                break;
            }
            body.extend(self.take(length, source)?);
            ensure!(self.take(2, source)? == b"\r\n", "a chunk is longer than it says");
        }
        while !self.take_through(b"\r\n", source)?.is_empty() {}
        Ok(body)
    }

    fn take(&mut self, length: usize, source: &mut impl Read) -> Result<Vec<u8>> {
        while self.ahead.len() < length {
            self.receive_more(source)?;
        }
        let rest = self.ahead.split_off(length);
        Ok(std::mem::replace(&mut self.ahead, rest))
    }

    /// What comes before a mark, which is skipped.
    fn take_through(&mut self, mark: &[u8], source: &mut impl Read) -> Result<Vec<u8>> {
        loop {
            let found = self.ahead.windows(mark.len()).position(|bytes| bytes == mark);
            if let Some(end) = found {
                let taken = self.take(end, source)?;
                self.ahead.drain(..mark.len());
                return Ok(taken);
            }
            ensure!(self.ahead.len() < LONGEST_HEAD, "there is no end to it");
            self.receive_more(source)?;
        }
    }

    fn receive_more(&mut self, source: &mut impl Read) -> Result<()> {
        ensure!(self.receive(source)? > 0, "the client closed the connection");
        Ok(())
    }

    fn receive(&mut self, source: &mut impl Read) -> std::io::Result<usize> {
        let mut buffer = [0; 16 * 1024];
        let length = source.read(&mut buffer)?;
        self.ahead.extend_from_slice(&buffer[..length]);
        Ok(length)
    }
}
