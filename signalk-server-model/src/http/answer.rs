//! The answer.

use std::fmt;

use serde_json::Value;

use crate::js;

/// An answer as an HTTP client gets it. Of the headers only those are there that the plugin set, and
/// `Content-Type`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// The headers, names as the plugin spelt them.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl HttpResponse {
    pub(super) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("Content-Type".to_owned(), content_type.to_owned())];
        Self { status, headers, body: body.into() }
    }

    pub(super) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    pub(super) fn html(status: u16, text: &str) -> Self {
        Self::new(status, "text/html; charset=utf-8", text)
    }

    /// The page of Express where nothing answers.
    pub(super) fn not_found(method: &str, path: &str) -> Self {
        let mut text = String::new();
        for character in format!("Cannot {method} {path}").chars() {
            match character {
                '&' => text.push_str("&amp;"),
                '<' => text.push_str("&lt;"),
                '>' => text.push_str("&gt;"),
                '"' => text.push_str("&quot;"),
                '\'' => text.push_str("&#39;"),
                other => text.push(other),
            }
        }
        let lines = [
            "<!DOCTYPE html>",
            "<html lang=\"en\">",
            "<head>",
            "<meta charset=\"utf-8\">",
            "<title>Error</title>",
            "</head>",
            "<body>",
            &format!("<pre>{text}</pre>"),
            "</body>",
            "</html>",
            "",
        ];
        Self::html(404, &lines.join("\n"))
    }

    /// A JSON document.
    #[must_use]
    pub fn from_json(status: u16, value: &Value) -> Self {
        Self::new(status, "application/json; charset=utf-8", js::stringify(value))
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
    /// If the body is not JSON.
    pub fn json(&self) -> Result<Value, NotJson> {
        serde_json::from_slice(&self.body).map_err(|error| {
            NotJson(format!("expected JSON in the body, found {:?}: {error}", self.text()))
        })
    }
}

/// The reason why a body is not JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotJson(String);

impl fmt::Display for NotJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotJson {}
