//! PUT requests.

use std::fmt;

use serde_json::Value;
use signalk_plugin_contract::exports;

use crate::js;
use crate::server::Shared;

/// One reply to a PUT, as a WebSocket client gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PutReply {
    /// `PENDING` or `COMPLETED`, or whatever the handler said.
    pub state: String,
    /// The HTTP-like status code.
    pub status_code: i64,
    /// The message.
    pub message: Option<String>,
}

/// For example `COMPLETED 409: the anchor is down already`.
impl fmt::Display for PutReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.state, self.status_code)?;
        self.message.as_ref().map_or(Ok(()), |message| write!(f, ": {message}"))
    }
}

/// Everything that clients get in answer to one PUT.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PutOutcome {
    /// The export that the server calls for this context and path.
    pub handler: String,
    /// The replies in order. A WebSocket client sees all of them, an HTTP client the last. With a
    /// handler there is always a second one, a 500: the server expects a value that it never gets.
    pub replies: Vec<PutReply>,
}

impl PutOutcome {
    /// The handler's own reply: the first.
    #[must_use]
    pub fn reply(&self) -> Option<&PutReply> {
        self.replies.first()
    }

    /// The reply that an HTTP client gets.
    #[must_use]
    pub fn http_reply(&self) -> Option<&PutReply> {
        self.replies.last()
    }
}

/// The export that the server calls for a PUT: dots turn into underscores, nothing else does.
///
/// ```
/// use signalk_server_model::put_handler_export;
///
/// assert_eq!(
///     put_handler_export("vessels.self", "electrical.switches.bank-1.0.state"),
///     "handle_put_vessels_self_electrical_switches_bank-1_0_state"
/// );
/// ```
#[must_use]
pub fn put_handler_export(context: &str, path: &str) -> String {
    exports::PutHandler { context, path }.to_string()
}

/// Why a handler's answer is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}: {message}")]
pub struct NoReply {
    /// The kind of exception.
    pub kind: &'static str,
    /// The message alone.
    pub message: String,
}

/// Asks the handler of a context and a path, which is compared as text with the registered one. `call` hands
/// the value to the export of that name and reads the answer: `None` where the plugin has no such export,
/// and the exception where the call failed.
///
/// # Errors
///
/// Those of `call` that no server swallows.
pub fn put<H>(
    shared: &Shared,
    context: &str,
    path: &str,
    call: impl FnOnce(&str) -> Result<Option<Result<PutReply, String>>, H>,
) -> Result<PutOutcome, H> {
    let handler = put_handler_export(context, path);
    let key = (context.to_owned(), path.to_owned());
    if !shared.with(|server| server.registry.put.contains(&key)) {
        let reply = completed(405, format!("PUT not supported for {path}"));
        return Ok(PutOutcome { handler, replies: vec![reply] });
    }
    let first = match call(&handler)? {
        None => completed(501, "Handler not implemented".to_owned()),
        Some(Ok(reply)) => reply,
        Some(Err(thrown)) => completed(500, format!("Handler error: {thrown}")),
    };
    // The callback gives nothing back, which the server then reads a member of.
    let second = completed(500, "Cannot read properties of undefined (reading 'state')".to_owned());
    Ok(PutOutcome { handler, replies: vec![first, second] })
}

fn completed(status_code: i64, message: String) -> PutReply {
    PutReply { state: "COMPLETED".to_owned(), status_code, message: Some(message) }
}

impl PutReply {
    /// Reads a handler's answer, by which a request that is pending with status 202 goes on.
    ///
    /// # Errors
    ///
    /// If it is not JSON, or `null`.
    pub fn read(answer: &str) -> Result<Self, NoReply> {
        let answer = js::parse(answer)
            .map_err(|error| NoReply { kind: "SyntaxError", message: error.to_string() })?;
        if answer.is_null() {
            let message = "Cannot read properties of null (reading 'state')".to_owned();
            return Err(NoReply { kind: "TypeError", message });
        }
        let text = |key: &str| {
            let text = answer.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
            text.map(str::to_owned)
        };
        let status = answer.get("statusCode").and_then(Value::as_i64).unwrap_or(202);
        let (state, status_code) = match text("state").as_deref() {
            Some("FAILURE") => ("COMPLETED".to_owned(), 502),
            Some("SUCCESS") => ("COMPLETED".to_owned(), 200),
            Some(state) => (state.to_owned(), status),
            None => ("PENDING".to_owned(), status),
        };
        Ok(Self { state, status_code, message: text("message") })
    }
}
