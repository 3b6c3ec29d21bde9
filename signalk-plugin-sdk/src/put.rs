//! Requests to change a value of the data model: PUT.
//!
//! 1. `#[put("path", …)]` makes for each path an entry of the plugin's table, [`PutHandler`], and an export of
//!    the name that the server makes of context and path.
//! 2. At each start the runtime registers every entry, before the author's `start`
//!    ([`announce_puts`](crate::runtime::announce_puts)). What the server refuses is shown with the
//!    capability that package.json lacks.
//! 3. A client puts a value, over HTTP or the WebSocket. The server looks for the handler of the path and
//!    calls the export ([`exports::put`](crate::boundary::exports::put)) with the value's JSON.
//! 4. [`Runtime::put`](crate::runtime::Runtime::put) finds the entry by the export's name and runs it on
//!    the plugin, if that is running. The entry reads the value as the type that the handler takes
//!    ([`put_value`]) and calls the handler.
//! 5. What the handler has sent goes out, and what came back of it meanwhile is handled.
//! 6. The outcome is the answer ([`DONE`], [`failed`]), complete at once. A client on the WebSocket sees
//!    it. To one of HTTP the server says 500 in any case, and the handler has run all the same.
//!
//! An error is the client's to read, so it stands on no dashboard.

use serde::de::DeserializeOwned;

use signalk_plugin_contract::SELF_CONTEXT;

use crate::delta::Origin;
use crate::error::{Result, StatusError};
use crate::json::{self, ObjectWriter};
use crate::text;

/// A handler marked `#[put("path")]`.
#[derive(Debug)]
pub struct PutHandler<P> {
    /// Whose path it is.
    pub context: &'static str,
    /// The path.
    pub path: &'static str,
    /// The name of the export that the server calls.
    pub export: &'static str,
    /// The function with its path; it takes the value's JSON.
    pub call: fn(&mut P, &str) -> Result<()>,
}

/// Reads the value of a PUT request.
///
/// # Errors
/// When it does not fit the type; it is answered with 400.
pub fn put_value<T: DeserializeOwned>(json: &str) -> Result<T> {
    json::from_str(json).map_err(|error| StatusError::new(400, error.to_string()).into())
}

/// What is known of where a PUT comes from: the path, for a handler of several. The server does not tell who asks,
/// nor when.
#[must_use]
pub fn origin_of_put<'a>(context: &'a str, path: &'a str) -> Origin<'a> {
    Origin {
        context,
        is_self: context == SELF_CONTEXT,
        path,
        source: "",
        timestamp: "",
        details: None,
    }
}

/// The text buffer of the contract has room for it, escapes and the rest of the answer included.
const LONGEST_MESSAGE: usize = 1000;

/// The answer when the handler has succeeded.
pub(crate) const DONE: &str = r#"{"state":"COMPLETED","statusCode":200}"#;

/// The answer when it has not.
pub(crate) fn failed(status: u16, message: &str) -> String {
    let status = status.to_string();
    let message = text::cut(message, LONGEST_MESSAGE);
    let answer = ObjectWriter::new().string("state", "COMPLETED").json("statusCode", &status);
    answer.string("message", &message).end()
}
