//! A request, as the server hands it over.

use std::borrow::Cow;

use crate::error::Result;
use crate::json;

/// A request. Its parts stay unparsed until they are asked for.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    method: Cow<'a, str>,
    path: Cow<'a, str>,
    pub(super) query: &'a str,
    pub(super) params: &'a str,
    pub(super) body: &'a str,
    headers: &'a str,
}

impl<'a> Request<'a> {
    /// Reads the JSON that the server sends.
    pub(crate) fn parse(text: &'a str) -> Result<Self, json::Error> {
        let mut request = Self {
            method: Cow::Borrowed(""),
            path: Cow::Borrowed(""),
            query: "{}",
            params: "{}",
            body: "{}",
            headers: "{}",
        };
        for (key, value) in json::object(text)? {
            match &*key {
                "method" => request.method = json::string(value)?,
                "path" => request.path = json::string(value)?,
                "query" => request.query = value,
                "params" => request.params = value,
                "body" => request.body = value,
                "headers" => request.headers = value,
                _ => {}
            }
        }
        Ok(request)
    }

    /// `GET`, `POST`, `PUT`, `DELETE`; `HEAD` runs the handlers of `GET`.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path below `/plugins/<package>`, `/api/lines/3` for example.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The body's JSON; `{}` where the request had none that the server understood.
    #[must_use]
    pub fn body(&self) -> &'a str {
        self.body
    }

    /// A header's text, by its name in any case. One that came several times is joined by commas.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        let headers = json::object(self.headers).ok()?;
        let (_, value) = headers.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        match json::string(value) {
            Ok(text) => Some(text.into_owned()),
            Err(_) => {
                let parts = json::list(value).ok()?;
                let parts = parts.into_iter().filter_map(|part| json::string(part).ok());
                Some(parts.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_in_parts() {
        let request = Request::parse(
            r#"{"method":"GET","path":"/a","query":{"x":"1"},"params":{},"body":{},
                "headers":{"host":"boat","set-cookie":["a","b"]}}"#,
        )
        .unwrap();
        assert_eq!((request.method(), request.path()), ("GET", "/a"));
        assert_eq!(request.header("Host").as_deref(), Some("boat"));
        assert_eq!(request.header("Set-Cookie").as_deref(), Some("a, b"));
        assert_eq!(request.header("accept"), None);
        assert_eq!(request.body(), "{}");
        assert!(Request::parse("[]").is_err());
    }
}
