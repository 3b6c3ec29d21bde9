//! What the stub answers, and how it fails to.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

/// An answer to a request, or a way of not giving one.
#[derive(Debug, Clone)]
pub struct Answer {
    interim: Vec<(u16, Headers)>,
    message: Message,
    half: bool,
    pieces: Pieces,
    pause: Duration,
    end: End,
}

type Headers = Vec<(String, String)>;

#[derive(Debug, Clone)]
enum Message {
    Nothing,
    Raw(Vec<u8>),
    Http { status: u16, headers: Headers, body: Body },
}

#[derive(Debug, Clone)]
enum Body {
    WithLength(Vec<u8>),
    Chunked(Vec<Vec<u8>>),
}

#[derive(Debug, Clone)]
enum Pieces {
    Whole,
    Of(usize),
    Lengths(Vec<usize>),
}

/// What becomes of the connection after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    KeepAlive,
    /// Neither says nor does anything more.
    Hang,
    /// Closes it properly, after a while.
    Close(Duration),
    /// Closes it without a word, where TLS would have one.
    Cut,
}

impl Answer {
    /// An answer without a body.
    #[must_use]
    pub fn new(status: u16) -> Self {
        let body = Body::WithLength(Vec::new());
        Self::of(Message::Http { status, headers: Vec::new(), body }, End::KeepAlive)
    }

    /// A 200 with a body and its `Content-Length`.
    #[must_use]
    pub fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200).body(body)
    }

    /// A redirect: 301, 302, 303, 307 or 308.
    #[must_use]
    pub fn redirect(status: u16, to: &str) -> Self {
        Self::new(status).header("Location", to)
    }

    /// Takes the request and never answers.
    #[must_use]
    pub fn hang() -> Self {
        Self::of(Message::Nothing, End::Hang)
    }

    /// Takes the request and closes the connection.
    #[must_use]
    pub fn close() -> Self {
        Self::of(Message::Nothing, End::Cut)
    }

    /// Bytes as they are, HTTP or not. The connection stays open, where nothing else is said.
    #[must_use]
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self::of(Message::Raw(bytes.into()), End::KeepAlive)
    }

    fn of(message: Message, end: End) -> Self {
        Self {
            interim: Vec::new(),
            message,
            half: false,
            pieces: Pieces::Whole,
            pause: Duration::ZERO,
            end,
        }
    }

    /// Adds a header. One of a name that is there already is added beside it. A raw answer and
    /// none at all have no headers to add to.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Message::Http { headers, .. } = &mut self.message {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// Gives it a body and its `Content-Length`.
    #[must_use]
    pub fn body(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.with_body(Body::WithLength(bytes.into()))
    }

    /// Gives it a body in these chunks (`Transfer-Encoding: chunked`).
    #[must_use]
    pub fn chunked<C: Into<Vec<u8>>>(self, chunks: impl IntoIterator<Item = C>) -> Self {
        self.with_body(Body::Chunked(chunks.into_iter().map(Into::into).collect()))
    }

    /// Gives it a body that is compressed (`Content-Encoding: gzip`), and its `Content-Length`.
    #[must_use]
    pub fn gzip(self, bytes: impl AsRef<[u8]>) -> Self {
        self.header("Content-Encoding", "gzip").body(compressed(bytes.as_ref()))
    }

    fn with_body(mut self, given: Body) -> Self {
        if let Message::Http { body, .. } = &mut self.message {
            *body = given;
        }
        self
    }

    /// Sends an interim answer, 100 or 103 for example, as soon as the head of the request is
    /// there. A request that expects a 100 gets none else.
    #[must_use]
    pub fn interim(mut self, status: u16, headers: &[(&str, &str)]) -> Self {
        let owned = headers.iter().map(|(name, value)| (String::from(*name), String::from(*value)));
        self.interim.push((status, owned.collect()));
        self
    }

    /// Announces all of the body, sends half of it, and closes the connection.
    #[must_use]
    pub fn half_body(mut self) -> Self {
        self.half = true;
        self.end = End::Cut;
        self
    }

    /// Announces all of the body, sends half of it, and nothing more.
    #[must_use]
    pub fn half_body_then_hang(mut self) -> Self {
        self.half = true;
        self.end = End::Hang;
        self
    }

    /// Sends it, head and all, in pieces of that many bytes, with a pause between them.
    #[must_use]
    pub fn slowly(mut self, length: usize, pause: Duration) -> Self {
        self.pieces = Pieces::Of(length.max(1));
        self.pause = pause;
        self
    }

    /// Sends it, head and all, in pieces of these lengths and one of the rest, with a pause between
    /// them.
    #[must_use]
    pub fn in_pieces(mut self, lengths: &[usize], pause: Duration) -> Self {
        self.pieces = Pieces::Lengths(lengths.to_vec());
        self.pause = pause;
        self
    }

    /// Says `Connection: close`, and closes the connection some time after the answer, or at once.
    #[must_use]
    pub fn close_after(self, pause: Duration) -> Self {
        self.header("Connection", "close").close_unannounced_after(pause)
    }

    /// Closes the connection some time after the answer without having said so, as a server does
    /// with one that is idle.
    #[must_use]
    pub fn close_unannounced_after(mut self, pause: Duration) -> Self {
        self.end = End::Close(pause);
        self
    }

    pub(super) fn end(&self) -> End {
        self.end
    }

    pub(super) fn pause(&self) -> Duration {
        self.pause
    }

    pub(super) fn interim_bytes(&self) -> Vec<u8> {
        self.interim.iter().flat_map(|(status, headers)| head(*status, headers, None)).collect()
    }

    /// What goes out, to a request of that method, piece by piece.
    pub(super) fn pieces(&self, method: &str) -> Vec<Vec<u8>> {
        let bytes = self.bytes(method);
        match &self.pieces {
            Pieces::Whole => vec![bytes],
            Pieces::Of(length) => bytes.chunks(*length).map(<[u8]>::to_vec).collect(),
            Pieces::Lengths(lengths) => {
                let mut rest = bytes.as_slice();
                let mut pieces = Vec::new();
                for length in lengths {
                    let (piece, after) = rest.split_at(rest.len().min(*length));
                    pieces.push(piece.to_vec());
                    rest = after;
                }
                pieces.push(rest.to_vec());
                pieces.retain(|piece| !piece.is_empty());
                pieces
            }
        }
    }

    fn bytes(&self, method: &str) -> Vec<u8> {
        let (status, headers, body) = match &self.message {
            Message::Nothing => return Vec::new(),
            Message::Raw(bytes) => return bytes.clone(),
            Message::Http { status, headers, body } => (*status, headers, body),
        };
        let framing = match body {
            Body::WithLength(bytes) => ("Content-Length", bytes.len().to_string()),
            Body::Chunked(_) => ("Transfer-Encoding", "chunked".to_owned()),
        };
        let never_has_body = matches!(status, 204 | 304);
        let mut bytes = head(status, headers, (!never_has_body).then_some(framing));
        if !never_has_body && method != "HEAD" {
            let body = body.framed();
            let sent = if self.half { body.len() / 2 } else { body.len() };
            bytes.extend_from_slice(&body[..sent]);
        }
        bytes
    }
}

impl Body {
    fn framed(&self) -> Vec<u8> {
        match self {
            Self::WithLength(bytes) => bytes.clone(),
            Self::Chunked(chunks) => {
                let mut framed = Vec::new();
                // An empty one would end the body.
                for chunk in chunks.iter().filter(|chunk| !chunk.is_empty()) {
                    framed.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
                    framed.extend_from_slice(chunk);
                    framed.extend_from_slice(b"\r\n");
                }
                framed.extend_from_slice(b"0\r\n\r\n");
                framed
            }
        }
    }
}

fn head(status: u16, headers: &Headers, framing: Option<(&str, String)>) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status} {}\r\n", reason(status));
    let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let framing = framing.as_ref().map(|(name, value)| (*name, value.as_str()));
    for (name, value) in headers.chain(framing) {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    head.into_bytes()
}

/// No client needs it, and every server sends it.
fn reason(status: u16) -> &'static str {
    match status {
        100 => "Continue",
        103 => "Early Hints",
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}

fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // A `Vec` takes everything.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}
