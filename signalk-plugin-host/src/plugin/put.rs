//! PUT requests.

use serde_json::Value;
use signalk_server_model::js;

use super::Plugin;
use crate::contract::{TEXT_BUFFER, exports};
use crate::error::{Error, Thrown};
use crate::guest::exchange;

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

    /// What an HTTP client gets.
    #[must_use]
    pub fn http_reply(&self) -> Option<&PutReply> {
        self.replies.last()
    }
}

/// The export that the server calls for a PUT: dots turn into underscores, nothing else does.
///
/// ```
/// use signalk_plugin_host::put_handler_export;
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

impl Plugin {
    /// A PUT of a value (JSON) to a path. The context is compared as text with the registered one,
    /// so `vessels.self` finds what was registered under `vessels.self` only.
    ///
    /// # Errors
    ///
    /// Where `value` is not JSON, or the plugin runs out of fuel. A trap is a reply with status 500.
    pub fn put(&mut self, context: &str, path: &str, value: &str) -> Result<PutOutcome, Error> {
        let value = crate::config_text::compact(value).map_err(|error| Error::Input {
            message: format!("the value of a PUT must be JSON, found {value:?}: {error}"),
        })?;
        let handler = put_handler_export(context, path);
        let registered = self
            .with(|server| server.registry.put.contains(&(context.to_owned(), path.to_owned())));
        if !registered {
            let reply = completed(405, format!("PUT not supported for {path}"));
            return Ok(PutOutcome { handler, replies: vec![reply] });
        }
        let first = self.handler_reply(&handler, &value)?;
        // The callback gives nothing back, which the server then reads a member of.
        let second =
            completed(500, "Cannot read properties of undefined (reading 'state')".to_owned());
        Ok(PutOutcome { handler, replies: vec![first, second] })
    }

    fn handler_reply(&mut self, handler: &str, value: &str) -> Result<PutReply, Error> {
        let Some(instance) = self.instance.as_mut().filter(|it| it.exports_function(handler))
        else {
            return Ok(completed(501, "Handler not implemented".to_owned()));
        };
        let version = self.shared.with(|server| server.options.version);
        let answer = exchange(&mut instance.enter(), handler, value, TEXT_BUFFER)
            .and_then(|text| {
                js::parse(&text).map_err(|error| Thrown::syntax_error(&error, version))
            })
            .and_then(|answer| match answer {
                Value::Null => {
                    Err(Thrown::type_error("Cannot read properties of null (reading 'state')"))
                }
                answer => Ok(answer),
            });
        match answer {
            Ok(answer) => Ok(reply_from(&answer)),
            Err(thrown) => {
                let reply = completed(500, format!("Handler error: {thrown}"));
                self.swallow(handler, thrown)?;
                Ok(reply)
            }
        }
    }
}

fn completed(status_code: i64, message: String) -> PutReply {
    PutReply { state: "COMPLETED".to_owned(), status_code, message: Some(message) }
}

/// What a request that is pending with status 202 becomes by the handler's answer.
fn reply_from(answer: &Value) -> PutReply {
    let text = |key: &str| {
        answer.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let status = answer.get("statusCode").and_then(Value::as_i64).unwrap_or(202);
    let (state, status_code) = match text("state").as_deref() {
        Some("FAILURE") => ("COMPLETED".to_owned(), 502),
        Some("SUCCESS") => ("COMPLETED".to_owned(), 200),
        Some(state) => (state.to_owned(), status),
        None => ("PENDING".to_owned(), status),
    };
    PutReply { state, status_code, message: text("message") }
}
