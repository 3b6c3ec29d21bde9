//! Why there is no answer.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use crate::json;
use crate::net::NetError;
use crate::task::Span;

/// Why there is no answer, and whose. The address is named without its query.
pub struct Error {
    place: String,
    reason: Reason,
}

/// Why there is no answer.
#[derive(Debug)]
#[non_exhaustive]
pub enum Reason {
    /// The request itself is wrong: its address, a header, a body that is no JSON.
    BadRequest(String),
    /// `https` without the feature `tls`.
    HttpsIsOff,
    /// package.json does not grant `rawSockets`.
    NotPermitted,
    /// The connection was not made: an unknown name, nobody who listens, no network. The server does
    /// not tell which.
    NotConnected,
    /// The connection ended before the answer did.
    Closed,
    /// More came at once than the server keeps, and a part of the answer is lost.
    Overflow,
    /// There was no whole answer in time, and how far it came.
    TimedOut {
        /// The time it was given.
        limit: Duration,
        /// What it was waiting for.
        waiting_for: &'static str,
    },
    /// The encrypted connection was not made, or was broken: a certificate that is not good, most of
    /// the time.
    Tls(Cow<'static, str>),
    /// The answer is one of failure.
    Status {
        /// The status code.
        status: u16,
        /// The beginning of the body, where it is text.
        text: String,
        /// How long the server wants to be left alone, where it says so in seconds.
        retry_after: Option<Duration>,
    },
    /// The answer has more bytes than it may.
    TooLarge {
        /// How many it may have.
        limit: usize,
    },
    /// The answer is no HTTP, or one that cannot be read.
    Malformed(&'static str),
    /// The answer leads to another place, where the client does not go.
    Redirect(String),
    /// The answer is no JSON, or not what was expected.
    Json(json::Error),
}

impl Error {
    pub(super) fn new(place: &str, reason: Reason) -> Self {
        Self { place: place.to_owned(), reason }
    }

    /// The status of an answer that was one of failure.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self.reason {
            Reason::Status { status, .. } => Some(status),
            _ => None,
        }
    }

    /// How long the server wants to be left alone, where it says so in seconds.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self.reason {
            Reason::Status { retry_after, .. } => retry_after,
            _ => None,
        }
    }

    /// Why, for those who want to tell one from another.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        &self.reason
    }
}

impl Reason {
    /// For a request that held a secret: what the other side has said is left out.
    pub(super) fn without_words_of_the_peer(self) -> Self {
        match self {
            Self::Tls(Cow::Owned(_)) => Self::Tls("what it says of itself is not accepted".into()),
            reason => reason,
        }
    }
}

impl From<NetError> for Reason {
    fn from(error: NetError) -> Self {
        match error {
            NetError::NotPermitted => Self::NotPermitted,
            NetError::Closed => Self::Closed,
            NetError::Overflow => Self::Overflow,
            _ => Self::NotConnected,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadRequest(text) | Self::Redirect(text) => f.write_str(text),
            Self::HttpsIsOff => f.write_str(
                "https needs the feature \"tls\" of signalk-plugin-sdk, which this plugin was built \
                 without",
            ),
            Self::NotPermitted => fmt::Display::fmt(&NetError::NotPermitted, f),
            Self::NotConnected => f.write_str(
                "no connection: the name is unknown, nobody listens there, or there is no network",
            ),
            Self::Closed => f.write_str("the connection ended before the answer did"),
            Self::Overflow => fmt::Display::fmt(&NetError::Overflow, f),
            Self::TimedOut { limit, waiting_for } => {
                write!(f, "no answer within {}: waiting for {waiting_for}", Span(*limit))
            }
            Self::Tls(text) => write!(f, "no secure connection: {text}"),
            Self::Status { status, text, .. } if text.is_empty() => write!(f, "answered {status}"),
            Self::Status { status, text, .. } => write!(f, "answered {status}: {text}"),
            Self::TooLarge { limit } => {
                write!(f, "the answer has more than the {limit} bytes that it may have")
            }
            Self::Malformed(what) => write!(f, "the answer cannot be read: {what}"),
            Self::Json(error) => write!(f, "the answer is not what was expected: {error}"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place)?;
        f.write_str(": ")?;
        fmt::Display::fmt(&self.reason, f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_connection_is_told_apart() {
        for (error, text) in [
            (NetError::NotPermitted, "sockets are not allowed: package.json needs"),
            (NetError::NotConnected, "no connection: the name is unknown"),
            (NetError::Refused, "no connection: the name is unknown"),
            (NetError::Closed, "the connection ended before the answer did"),
            (NetError::Overflow, "more data came than was read in time"),
        ] {
            let error = Error::new("http://a.example/b", Reason::from(error)).to_string();
            assert!(error.starts_with(&format!("http://a.example/b: {text}")), "{error}");
        }
        let timed_out =
            Reason::TimedOut { limit: Duration::from_millis(1_500), waiting_for: "an answer" };
        assert_eq!(timed_out.to_string(), "no answer within 1500 ms: waiting for an answer");
    }

    #[test]
    fn only_our_own_words_are_left_of_what_is_wrong_with_a_certificate() {
        for (reason, expected) in [
            (Reason::Tls("its certificate is for k3y".to_owned().into()), "what it says of itself"),
            (Reason::Tls("its certificate has expired".into()), "its certificate has expired"),
        ] {
            let text = reason.without_words_of_the_peer().to_string();
            assert!(text.contains(expected) && !text.contains("k3y"), "{text}");
        }
    }
}
