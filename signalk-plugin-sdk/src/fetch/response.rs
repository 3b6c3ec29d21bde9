//! What is answered.

use std::fmt;
use std::time::Duration;

use serde::de::DeserializeOwned;

use super::{Error, Reason};
use crate::json;
use crate::text;

/// An answer, whole.
#[derive(Clone)]
pub struct FetchResponse {
    pub(super) place: String,
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    /// Tells whether no error is to show what stands in it.
    pub(super) is_secret: bool,
}

impl fmt::Debug for FetchResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FetchResponse")
            .field("place", &self.place)
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl FetchResponse {
    /// The status code, of which 200 to 299 are success.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The address that has answered, after all redirects, without its query. Of a request that holds a
    /// secret it is the address that was asked first, for the others are the peer's words.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.place
    }

    /// The first header of that name, in any spelling of capitals.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(value)
    }

    /// All headers, in their order.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (&**name, &**value))
    }

    /// The body, unpacked.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The body, unpacked, to keep.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.body
    }

    /// The answer, where it is one of success.
    ///
    /// # Errors
    /// [`Reason::Status`], with the beginning of the body: services say there what is wrong. Without it
    /// where the request [holds a secret](super::RequestBuilder::holds_secret).
    pub fn error_for_status(self) -> Result<Self, Error> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        let text = if self.is_secret { String::new() } else { self.beginning() };
        let seconds = self.header("retry-after").and_then(|seconds| seconds.parse().ok());
        let retry_after = seconds.map(Duration::from_secs);
        Err(Error::new(&self.place, Reason::Status { status: self.status, text, retry_after }))
    }

    /// Of the body, for an error.
    fn beginning(&self) -> String {
        const MOST: usize = 120;
        let start = self.body.get(..self.body.len().min(16 * MOST)).unwrap_or_default();
        let text = String::from_utf8_lossy(start);
        let words = text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        text::cut(&words, MOST).into_owned()
    }

    /// The body as text.
    ///
    /// # Errors
    /// [`Reason::Malformed`] where it is not UTF-8.
    pub fn text(&self) -> Result<&str, Error> {
        std::str::from_utf8(&self.body)
            .map_err(|_| Error::new(&self.place, Reason::Malformed("it is not UTF-8")))
    }

    /// The body, read as JSON.
    ///
    /// # Errors
    /// [`Reason::Json`], with the place in the document, what was found and what was expected; without
    /// all of these where the request [holds a secret](super::RequestBuilder::holds_secret).
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        json::from_str(self.text()?).map_err(|error: json::Error| {
            // Even the place in the document is made of the peer's words.
            let error = if self.is_secret {
                serde::de::Error::custom("no details are shown, for the request held a secret")
            } else {
                error
            };
            Error::new(&self.place, Reason::Json(error))
        })
    }
}
