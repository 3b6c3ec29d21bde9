//! Where an answer ends, and what is in it.

use httparse::Status;

use super::Reason;
use super::connection::Connection;
use super::headers::values;
use super::work::count;

/// The longest line that begins a chunk, and the most that may come behind the last.
const LONGEST_LINE: usize = 16 * 1024;
/// The most bytes around the chunks, beyond as many as they hold.
const MOST_AROUND_CHUNKS: usize = 64 * 1024;

const WRONG: Reason = Reason::Malformed("its chunks cannot be told apart");

/// How long a body is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Framing {
    None,
    Length(u64),
    Chunked,
}

impl Framing {
    /// As RFC 9112, section 6.3, has it.
    pub(super) fn of(
        method: &str,
        status: u16,
        headers: &[(String, String)],
    ) -> Result<Self, Reason> {
        if method == "HEAD" || matches!(status, 204 | 304) {
            return Ok(Self::None);
        }
        let mut encodings = values(headers, "transfer-encoding");
        let mut lengths = values(headers, "content-length");
        match (encodings.next(), lengths.next()) {
            (Some(_), Some(_)) => Err(Reason::Malformed("it has two lengths")),
            (Some(encoding), None) => {
                if encoding.eq_ignore_ascii_case("chunked") && encodings.next().is_none() {
                    Ok(Self::Chunked)
                } else {
                    Err(Reason::Malformed("it is encoded in an unknown way"))
                }
            }
            (None, Some(length)) => {
                let is_number = !length.is_empty() && length.bytes().all(|it| it.is_ascii_digit());
                match length.parse() {
                    Ok(number) if is_number && lengths.all(|other| other == length) => {
                        Ok(Self::Length(number))
                    }
                    _ => Err(Reason::Malformed("its length is no number")),
                }
            }
            (None, None) => Err(Reason::Malformed(
                "it gives no length, and what comes just before the end of a connection is lost",
            )),
        }
    }

    /// Reads a body of at most `limit` bytes.
    pub(super) async fn read(
        self,
        connection: &mut Connection,
        limit: usize,
    ) -> Result<Vec<u8>, Reason> {
        match self {
            Self::None => Ok(Vec::new()),
            Self::Length(length) => {
                let mut body = Vec::new();
                take(connection, length, &mut body, limit).await?;
                Ok(body)
            }
            Self::Chunked => chunks(connection, limit).await,
        }
    }
}

/// Moves so many bytes to `body`, which then has at most `limit`.
async fn take(
    connection: &mut Connection,
    length: u64,
    body: &mut Vec<u8>,
    limit: usize,
) -> Result<(), Reason> {
    let room = limit.saturating_sub(body.len());
    let mut missing = usize::try_from(length)
        .ok()
        .filter(|length| *length <= room)
        .ok_or(Reason::TooLarge { limit })?;
    loop {
        let rest = connection.rest();
        let came = missing.min(rest.len());
        count(came);
        body.extend_from_slice(rest.get(..came).unwrap_or_default());
        connection.take(came);
        missing -= came;
        if missing == 0 {
            return Ok(());
        }
        connection.read().await?;
    }
}

async fn chunks(connection: &mut Connection, limit: usize) -> Result<Vec<u8>, Reason> {
    let (mut body, mut around) = (Vec::new(), 0);
    loop {
        if connection.rest().is_empty() {
            connection.read().await?;
        }
        // A line without a number would count as the last.
        if connection.rest().first().is_none_or(|first| !first.is_ascii_hexdigit()) {
            return Err(WRONG);
        }
        let length = line(connection, LONGEST_LINE).await?;
        let line = connection.rest().get(..length).unwrap_or_default();
        let Ok(Status::Complete((_, size))) = httparse::parse_chunk_size(line) else {
            return Err(WRONG);
        };
        connection.take(length);
        around += length;
        if size == 0 {
            break;
        }
        // A megabyte of lines around a few bytes is no answer but an attack.
        if around > body.len().saturating_add(MOST_AROUND_CHUNKS) {
            return Err(WRONG);
        }
        take(connection, size, &mut body, limit).await?;
        let mut end = Vec::new();
        take(connection, 2, &mut end, 2).await?;
        if end != b"\r\n" {
            return Err(WRONG);
        }
    }
    // Fields may follow, of which nobody here has a use.
    let mut most = LONGEST_LINE;
    loop {
        let length = line(connection, most).await?;
        let field = connection.rest().get(..length).unwrap_or_default();
        let is_last = matches!(field, b"\r\n" | b"\n");
        if !is_last && !field.contains(&b':') {
            return Err(WRONG);
        }
        connection.take(length);
        most -= length;
        if is_last {
            return Ok(body);
        }
    }
}

/// Waits until a line is there, and tells its length with its end. Each byte is looked at once, however
/// small the pieces are in which they come.
async fn line(connection: &mut Connection, most: usize) -> Result<usize, Reason> {
    let mut searched = 0;
    loop {
        let rest = connection.rest();
        let unseen = rest.get(searched..).unwrap_or_default();
        let found = unseen.iter().position(|byte| *byte == b'\n').map(|at| searched + at + 1);
        searched = found.unwrap_or(rest.len());
        count(searched.min(unseen.len()));
        if searched > most {
            return Err(WRONG);
        }
        if found.is_some() {
            return Ok(searched);
        }
        connection.read().await?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framing(method: &str, status: u16, headers: &[(&str, &str)]) -> Result<Framing, String> {
        let headers: Vec<_> =
            headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Framing::of(method, status, &headers).map_err(|reason| reason.to_string())
    }

    #[test]
    fn the_end_of_an_answer_is_where_its_headers_say() {
        assert_eq!(framing("GET", 200, &[("Content-Length", "12")]), Ok(Framing::Length(12)));
        assert_eq!(
            framing("GET", 200, &[("content-length", "12, 12"), ("Content-Length", "12")]),
            Ok(Framing::Length(12))
        );
        assert_eq!(framing("GET", 200, &[("Transfer-Encoding", "Chunked")]), Ok(Framing::Chunked));
        assert_eq!(framing("HEAD", 200, &[("Content-Length", "12")]), Ok(Framing::None));
        assert_eq!(framing("GET", 204, &[]), Ok(Framing::None));
        assert_eq!(framing("GET", 304, &[("Content-Length", "12")]), Ok(Framing::None));
    }

    #[test]
    fn an_answer_whose_end_is_not_known_is_refused() {
        for headers in [
            &[][..],
            &[("Content-Length", "")],
            &[("Content-Length", "+5")],
            &[("Content-Length", "-5")],
            &[("Content-Length", "5, 6")],
            &[("Content-Length", "99999999999999999999")],
            &[("Content-Length", "5"), ("Transfer-Encoding", "chunked")],
            &[("Transfer-Encoding", "gzip, chunked")],
            &[("Transfer-Encoding", "identity")],
        ] {
            assert!(framing("GET", 200, headers).is_err(), "{headers:?}");
        }
    }
}
