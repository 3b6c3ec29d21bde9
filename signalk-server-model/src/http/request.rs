//! The request.

use serde_json::{Map, Value};

use super::{HttpResponse, query};
use crate::js;
use crate::version::ServerVersion;

/// A request to a path below `/plugins/<id>`.
///
/// ```
/// use signalk_server_model::http::HttpRequest;
///
/// let request = HttpRequest::post("/api/drop?dry=1").header("X-Trace", "7").json(r#"{"depth": 12.5}"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRequest {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl HttpRequest {
    /// A request by any method; `target` is the path below `/plugins/<id>` with the query,
    /// percent-encoded.
    #[must_use]
    pub fn new(method: impl Into<String>, target: impl Into<String>) -> Self {
        Self {
            method: method.into().to_ascii_uppercase(),
            target: target.into(),
            headers: vec![("host".to_owned(), "localhost:3000".to_owned())],
            body: Vec::new(),
        }
    }

    /// The same with what browsers do not send as it is (blanks, quotes, angle brackets, braces, what
    /// is not ASCII) percent-encoded.
    #[must_use]
    pub fn encoded(mut self) -> Self {
        self.target = sendable(&self.target);
        self
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

    pub(super) fn method(&self) -> &str {
        &self.method
    }

    /// The path as the plugin's router gets it. A second slash at its beginning goes with
    /// `/plugins/<id>`, at which the router is mounted.
    pub(super) fn path(&self) -> &str {
        let path = self.whole_path();
        path.strip_prefix('/').filter(|rest| rest.starts_with('/')).unwrap_or(path)
    }

    /// The path as it was sent.
    pub(super) fn whole_path(&self) -> &str {
        self.target.split_once('?').map_or(&*self.target, |(path, _)| path)
    }

    fn content_type(&self) -> Option<String> {
        let (_, value) = self.headers.iter().find(|(name, _)| name == "content-type")?;
        Some(value.split(';').next().unwrap_or(value).trim().to_ascii_lowercase())
    }

    /// What `req.body` is, or the answer of the body parser where it refuses the body.
    pub(super) fn parsed_body(&self, version: ServerVersion) -> Result<Value, HttpResponse> {
        /// `10mb`, as the server's body parser counts.
        const LIMIT: usize = 10 * 1024 * 1024;
        let empty = || Value::Object(Map::new());
        if self.body.is_empty() {
            return Ok(empty());
        }
        let text = js::decode(&self.body);
        match self.content_type().as_deref() {
            Some("application/json") if self.body.len() > LIMIT => {
                Err(HttpResponse::html(413, "request entity too large"))
            }
            Some("application/json") => match js::parse(&text) {
                Ok(body @ (Value::Object(_) | Value::Array(_))) => Ok(body),
                // The server's page shows its own stack, too.
                Ok(_) => {
                    Err(HttpResponse::html(400, "the body is JSON but neither object nor array"))
                }
                Err(error) => Err(HttpResponse::html(400, &error.to_string())),
            },
            Some("application/x-www-form-urlencoded") if version.ways().reads_form_bodies => {
                Ok(query::parse(&text))
            }
            _ => Ok(empty()),
        }
    }

    /// The JSON that the plugin's handler gets.
    pub(super) fn context(&self, params: Map<String, Value>, body: Value) -> String {
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        let mut headers = Map::new();
        for (name, value) in &self.headers {
            match headers.get_mut(name) {
                Some(_) if ONCE.contains(&name.as_str()) => {}
                Some(Value::String(before)) if name == "cookie" => {
                    *before = format!("{before}; {value}");
                }
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
        let members = members.into_iter().map(|(key, value)| (key.to_owned(), value));
        js::stringify(&Value::Object(members.collect()))
    }
}

/// The headers of which Node.js takes the first and drops the others; it joins all others.
const ONCE: [&str; 18] = [
    "age",
    "authorization",
    "content-length",
    "content-type",
    "etag",
    "expires",
    "from",
    "host",
    "if-modified-since",
    "if-unmodified-since",
    "last-modified",
    "location",
    "max-forwards",
    "proxy-authorization",
    "referer",
    "retry-after",
    "server",
    "user-agent",
];

/// An address with the characters encoded that browsers do not send as they are.
fn sendable(target: &str) -> String {
    let mut text = String::with_capacity(target.len());
    for char in target.chars() {
        if matches!(char, '!'..='~') && !matches!(char, '"' | '<' | '>' | '`' | '{' | '}') {
            text.push(char);
            continue;
        }
        for byte in char.encode_utf8(&mut [0; 4]).bytes() {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}
