//! Requests to the plugin under test, as the server hands them over.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::TestHost;
use crate::exports;
use crate::plugin::Plugin;

/// What a plugin answered to an HTTP request.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Answer {
    /// The status, 200 for example.
    pub status: u16,
    /// The media type.
    pub content_type: String,
    /// The body: JSON where the media type says so, else a text.
    pub body: Value,
}

/// What the server's buffers hold.
const PUT_RESPONSE: usize = 8192;
const HTTP_RESPONSE: usize = 65_536;

impl<P: Plugin> TestHost<P> {
    /// What package.json does not grant: the server then refuses what needs it. To be called
    /// before the plugin is started.
    pub fn withhold(&mut self, capability: &str) {
        crate::sys::native::with(|recorder| recorder.withheld.push(capability.to_owned()));
    }

    /// Puts a value to a path of the own ship; the answer is `{"state","statusCode","message"}`,
    /// null where the plugin has no handler for the path.
    pub fn put<T: Serialize>(&mut self, path: &str, value: T) -> Value {
        self.put_to("vessels.self", path, value)
    }

    /// As [`Self::put`], for another context.
    ///
    /// # Panics
    /// When the value cannot be written as JSON, or the answer is not JSON.
    #[allow(clippy::expect_used)]
    pub fn put_to<T: Serialize>(&mut self, context: &str, path: &str, value: T) -> Value {
        let export = format!("handle_put_{context}_{path}").replace('.', "_");
        if !P::HANDLERS.puts.iter().any(|put| put.export == export) {
            return Value::Null;
        }
        let value = serde_json::to_string(&value).expect("a value that can be written as JSON");
        let answer = ask::<P>(value.as_bytes(), PUT_RESPONSE, |value, len, out, max| {
            exports::put::<P>(&export, value, len, out, max)
        });
        serde_json::from_str(&answer).expect("an answer that is JSON")
    }

    /// Sends `GET` to a path of the plugin, `/api/lines?most=10` for example.
    pub fn get(&mut self, path: &str) -> Answer {
        self.http("GET", path, &json!({}))
    }

    /// Sends a request with a JSON body; 404 where the plugin has no endpoint for it.
    ///
    /// # Panics
    /// When the answer is not the JSON object that the server expects.
    #[allow(clippy::expect_used)]
    pub fn http(&mut self, method: &str, path: &str, body: &Value) -> Answer {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let found = P::HANDLERS.endpoints.iter().find_map(|endpoint| {
            let params = params(endpoint.path, path)?;
            (endpoint.method == method).then_some((endpoint, params))
        });
        let Some((endpoint, params)) = found else {
            let body = Value::String(format!("Cannot {method} {path}"));
            return Answer { status: 404, content_type: "text/html".into(), body };
        };
        let request = json!({
            "method": method,
            "path": path,
            "query": query_of(query),
            "params": params,
            "body": body,
            "headers": {"host": "localhost"},
        });
        let request = request.to_string();
        let answer = ask::<P>(request.as_bytes(), HTTP_RESPONSE, |request, len, out, max| {
            exports::http::<P>(endpoint.export, request, len, out, max)
        });
        let mut answer: Value = serde_json::from_str(&answer).expect("an answer that is JSON");
        let content_type =
            answer["headers"]["Content-Type"].as_str().unwrap_or_default().to_owned();
        let is_json = content_type.to_ascii_lowercase().contains("application/json");
        let body = match answer["body"].take() {
            Value::String(text) if is_json => serde_json::from_str(&text).expect("a JSON body"),
            body => body,
        };
        let status = answer["statusCode"].as_u64().and_then(|status| u16::try_from(status).ok());
        Answer { status: status.expect("a status"), content_type, body }
    }
}

/// Calls a handler as the server does: a buffer for the request, one for the answer.
pub(super) fn ask<P: Plugin>(
    request: &[u8],
    max: usize,
    call: impl FnOnce(*const u8, usize, *mut u8, usize) -> i32,
) -> String {
    super::with_buffer(request, |request, len| {
        // Only a plugin with large responses gives the server more than it asked for.
        let out = exports::allocate_roomy::<P>(max);
        let written = call(request, len, out, max);
        let written = usize::try_from(written).unwrap_or(0);
        let answer = crate::memory::read(out, written).map(|answer| answer.to_vec());
        exports::deallocate(out, max);
        String::from_utf8(answer.unwrap_or_default()).unwrap_or_default()
    })
}

/// The named parts of a path, where it fits the pattern.
fn params(pattern: &str, path: &str) -> Option<Map<String, Value>> {
    let (pattern, path): (Vec<_>, Vec<_>) =
        (pattern.split('/').collect(), path.split('/').collect());
    if pattern.len() != path.len() {
        return None;
    }
    let mut params = Map::new();
    for (pattern, part) in pattern.into_iter().zip(path) {
        match pattern.strip_prefix(':') {
            Some(name) => drop(params.insert(name.into(), part.into())),
            None if pattern == part => {}
            None => return None,
        }
    }
    Some(params)
}

/// The query as Express reads it: texts, and lists of them where a key comes more than once.
fn query_of(query: &str) -> Value {
    let mut map = Map::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        match map.get_mut(key) {
            None => drop(map.insert(key.into(), value.into())),
            Some(Value::Array(list)) => list.push(value.into()),
            Some(first) => *first = json!([first.take(), value]),
        }
    }
    Value::Object(map)
}
