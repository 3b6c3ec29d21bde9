//! What is asked and what comes back.

use serde_json::{Map, Value};

use super::query;
use crate::error::Error;
use crate::js;
use crate::version::ServerVersion;

/// A request to a path below `/plugins/<id>`.
///
/// ```
/// use signalk_plugin_host::Request;
///
/// let request = Request::post("/api/drop?dry=1").header("X-Trace", "7").json(r#"{"depth": 12.5}"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    /// A request by any method; `target` is the path below `/plugins/<id>` with the query, percent-encoded.
    #[must_use]
    pub fn new(method: impl Into<String>, target: impl Into<String>) -> Self {
        Self {
            method: method.into().to_ascii_uppercase(),
            target: target.into(),
            headers: vec![("host".to_owned(), "localhost:3000".to_owned())],
            body: Vec::new(),
        }
    }

    /// `GET`.
    #[must_use]
    pub fn get(target: impl Into<String>) -> Self {
        Self::new("GET", target)
    }

    /// `POST`.
    #[must_use]
    pub fn post(target: impl Into<String>) -> Self {
        Self::new("POST", target)
    }

    /// `PUT`.
    #[must_use]
    pub fn put(target: impl Into<String>) -> Self {
        Self::new("PUT", target)
    }

    /// `DELETE`.
    #[must_use]
    pub fn delete(target: impl Into<String>) -> Self {
        Self::new("DELETE", target)
    }

    /// Adds a header; its name arrives in lower case. `Host` replaces the one that is there.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into().to_ascii_lowercase(), value.into());
        match self.headers.first_mut().filter(|_| name == "host") {
            Some(host) => host.1 = value,
            None => self.headers.push((name, value)),
        }
        self
    }

    /// Sets the body as it is; without a fitting `Content-Type` the plugin gets `{}`.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Sets the body and `Content-Type: application/json`.
    #[must_use]
    pub fn json(self, json: impl Into<String>) -> Self {
        self.header("content-type", "application/json").body(json.into())
    }

    pub(crate) fn method(&self) -> &str {
        &self.method
    }

    pub(crate) fn path(&self) -> &str {
        self.target.split_once('?').map_or(&*self.target, |(path, _)| path)
    }

    fn content_type(&self) -> Option<&str> {
        let (_, value) = self.headers.iter().rev().find(|(name, _)| name == "content-type")?;
        Some(value.split(';').next().unwrap_or(value).trim())
    }

    /// What `req.body` is, or the answer of the body parser where it refuses the body.
    pub(crate) fn parsed_body(&self, version: ServerVersion) -> Result<Value, Answer> {
        /// `10mb`, as the server's body parser counts.
        const LIMIT: usize = 10 * 1024 * 1024;
        let empty = || Value::Object(Map::new());
        if self.body.is_empty() {
            return Ok(empty());
        }
        let text = js::decode(&self.body);
        match self.content_type() {
            Some("application/json") if self.body.len() > LIMIT => {
                Err(Answer::html(413, "request entity too large"))
            }
            Some("application/json") => match js::parse(&text) {
                Ok(body @ (Value::Object(_) | Value::Array(_))) => Ok(body),
                Ok(_) => Err(Answer::html(400, "the body is JSON but neither object nor array")),
                Err(error) => Err(Answer::html(400, &error.to_string())),
            },
            Some("application/x-www-form-urlencoded") if version >= ServerVersion::V2_32 => {
                Ok(query::parse(&text))
            }
            _ => Ok(empty()),
        }
    }

    /// The JSON that the plugin's handler gets.
    pub(crate) fn context(&self, params: Map<String, Value>, body: Value) -> String {
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        let mut headers = Map::new();
        for (name, value) in &self.headers {
            match headers.get_mut(name) {
                // Node joins repeated headers.
                Some(Value::String(before)) => *before = format!("{before}, {value}"),
                _ => {
                    headers.insert(name.clone(), Value::from(value.clone()));
                }
            }
        }
        if !self.body.is_empty() && !headers.contains_key("content-length") {
            headers.insert("content-length".to_owned(), Value::from(self.body.len().to_string()));
        }
        let members = [
            ("method", Value::from(self.method.clone())),
            ("path", Value::from(self.path())),
            ("query", query::parse(query)),
            ("params", Value::Object(params)),
            ("body", body),
            ("headers", Value::Object(headers)),
        ];
        Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
            .to_string()
    }
}

/// What an HTTP client gets. Of the headers only those are there that the plugin set, and `Content-Type`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers, names as the plugin spelt them.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("Content-Type".to_owned(), content_type.to_owned())];
        Self { status, headers, body: body.into() }
    }

    pub(crate) fn html(status: u16, message: &str) -> Self {
        Self::new(status, "text/html; charset=utf-8", format!("<pre>{message}</pre>"))
    }

    pub(crate) fn of_json(status: u16, value: &Value) -> Self {
        Self::new(status, "application/json; charset=utf-8", value.to_string())
    }

    /// A header by its name, in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Errors
    ///
    /// Where the body is not JSON.
    pub fn json(&self) -> Result<Value, Error> {
        serde_json::from_slice(&self.body).map_err(|error| Error::Input {
            message: format!("expected JSON in the body, found {:?}: {error}", self.text()),
        })
    }
}
