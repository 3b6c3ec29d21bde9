//! What is asked.

use std::fmt;
use std::fmt::Display;
use std::time::Duration;

use serde::Serialize;

use super::ask::{Ask, Secrecy};
use super::headers::is_text;
use super::setup::Setup;
use super::{Error, FetchResponse, Reason, exchange, url};
use crate::config::Secret;
use crate::json;
use crate::text::{self, is_token};

/// A request that is being put together. [`Self::send`] sends it; what is wrong with it is told then.
#[must_use = "a request is sent by `send().await`"]
pub struct RequestBuilder {
    setup: Setup,
    url: String,
    ask: Ask,
    secrecy: Secrecy,
    wrong: Option<Reason>,
}

impl fmt::Debug for RequestBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without headers and query, where secrets stand.
        let place = url::shown(&self.url, !self.secrecy.of_path);
        f.debug_struct("RequestBuilder")
            .field("method", &self.ask.method)
            .field("url", &place)
            .finish()
    }
}

impl RequestBuilder {
    pub(super) fn new(setup: Setup, method: &str, url: &str) -> Self {
        let (method, url) = (method.to_ascii_uppercase(), url::trimmed(url).to_owned());
        let wrong = (!is_token(&method)).then(|| Reason::from("the method is no word"));
        let ask = Ask { method, headers: Vec::new(), body: Vec::new() };
        let secrecy = Secrecy { of_answer: holds_key(&url), of_path: false };
        Self { setup, url, ask, secrecy, wrong }
    }

    /// Adds `name=value` to the query of the address; what is special in an address is encoded. (A
    /// fraction is better written by `json::to_string`: the standard library's way takes 12 kB.)
    ///
    /// If its name says that it is a key (`apikey`, `appid`, `token` and the like), here or in the address
    /// itself, it is treated as that of [`Self::query_secret`].
    pub fn query(mut self, name: &str, value: impl Display) -> Self {
        self.secrecy.of_answer |= is_secret(name);
        url::add_query(&mut self.url, name, &value.to_string());
        self
    }

    /// Adds `name=value` to the query of the address for a key; nothing, where there is none. It makes the
    /// request one that [holds a secret](Self::holds_secret), but for the path.
    pub fn query_secret(mut self, name: &str, value: &Secret) -> Self {
        if !value.is_empty() {
            url::add_query(&mut self.url, name, value.reveal());
            self.secrecy.of_answer = true;
        }
        self
    }

    /// Says that the request holds a secret in its body or its path. What the server answers may repeat
    /// the question, in any spelling: no text of it goes into an error, and neither does the path.
    /// An error about the answer quotes nothing of it. The answer itself is whole.
    pub fn holds_secret(mut self) -> Self {
        self.secrecy = Secrecy { of_answer: true, of_path: true };
        self
    }

    /// Adds a header. A line break in it is an error: it would be another header, or a request.
    ///
    /// If its name says that it is a secret (`Authorization`, `Cookie`, `X-Api-Key`, `X-Auth-Token` and
    /// the like), it is treated as that of [`Self::header_secret`].
    pub fn header(mut self, name: &str, value: impl Display) -> Self {
        let value = value.to_string();
        self.secrecy.of_answer |= !value.is_empty() && is_secret(name);
        let is_ours =
            ["host", "content-length", "transfer-encoding", "connection", "accept-encoding"]
                .iter()
                .any(|ours| name.eq_ignore_ascii_case(ours));
        let problem = match () {
            () if !is_token(name) => " has a name that none may have",
            () if !is_text(&value) => " has a line break or the like in its value",
            () if is_ours => " is the client's own",
            () => {
                self.ask.headers.push((name.to_owned(), value));
                return self;
            }
        };
        self.wrong = Some(Reason::BadRequest(["the header ", name, problem].concat()));
        self
    }

    /// Adds a header with a key; none, where there is no key. It makes the request one that
    /// [holds a secret](Self::holds_secret), but for the path.
    pub fn header_secret(mut self, name: &str, value: &Secret) -> Self {
        if value.is_empty() {
            return self;
        }
        self.secrecy.of_answer = true;
        self.header(name, value.reveal())
    }

    /// Shows a token: the header `Authorization: Bearer …`; none, where there is no token.
    pub fn bearer(self, token: &Secret) -> Self {
        if token.is_empty() {
            return self;
        }
        self.header("authorization", ["Bearer ", token.reveal()].concat())
    }

    /// What is sent, with its type: `application/octet-stream`, for example.
    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.ask.body = body.into();
        self.ask.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        self.header("content-type", content_type)
    }

    /// Sends a value as JSON.
    pub fn json<T: Serialize + ?Sized>(mut self, value: &T) -> Self {
        match json::to_string(value) {
            Ok(text) => self.body("application/json", text),
            Err(error) => {
                self.wrong = Some(Reason::BadRequest(error.to_string()));
                self
            }
        }
    }

    /// How long this request may take, with all its redirects.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.setup.settings.timeout = limit;
        self
    }

    /// How many bytes the answer of this request may have, unpacked.
    pub fn max_response_bytes(mut self, limit: usize) -> Self {
        self.setup.settings.max_response_bytes = limit;
        self
    }

    /// Sends it, and waits for the answer in a [task](crate::task). A status of failure is an answer,
    /// too: [`FetchResponse::error_for_status`] makes an error of it.
    ///
    /// # Errors
    /// Where there is no answer; the reasons are those of [`Reason`], without `Status` and `Json`.
    pub async fn send(self) -> Result<FetchResponse, Error> {
        let place = url::shown(&self.url, !self.secrecy.of_path);
        let Self { setup, url, ask, secrecy, wrong } = self;
        let outcome = match wrong {
            Some(wrong) => Err((None, wrong)),
            None => exchange::run(&setup, &url, ask, secrecy).await,
        };
        outcome.map_err(|(last, reason)| Error::new(last.as_deref().unwrap_or(&place), reason))
    }
}

/// Tells whether the value of a header of that name, or of a part of a query, is nothing to show.
fn is_secret(name: &str) -> bool {
    const PARTS: [&str; 11] = [
        "auth",
        "cookie",
        "key",
        "token",
        "secret",
        "passw",
        "pwd",
        "session",
        "credential",
        "signature",
        // That of OpenWeather.
        "appid",
    ];
    let name = name.to_ascii_lowercase();
    PARTS.iter().any(|part| text::find(&name, part).is_some())
}

/// Tells whether the query of an address holds a key, by its name.
fn holds_key(url: &str) -> bool {
    let query = url.split_once('?').map_or("", |it| it.1);
    query.split('&').any(|part| is_secret(part.split('=').next().unwrap_or_default()))
}
