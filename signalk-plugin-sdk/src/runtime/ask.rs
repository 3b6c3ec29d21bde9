//! Running a handler for a request, be it of PUT, of HTTP or to a provider.

use super::{Installed, Runtime, State};
use crate::boundary::imports;
use crate::error::{Error, Result, StatusError};
use crate::report::{self, Who};
use crate::{advice, self_vessel, text};

impl<P: Installed> Runtime<P> {
    /// Runs a handler whose outcome is the answer of somebody who is waiting for it.
    pub(super) fn ask<T>(&self, who: Who, handler: impl FnOnce(&mut P) -> Result<T>) -> Result<T> {
        let Some(_entry) = self.enter() else {
            return Err(unavailable("the plugin is answering another request"));
        };
        let plugin = if self.state.get() == State::Running {
            // A request may come before anything else: what the plugin sends then and asks to have
            // back is its own ship's.
            if Self::WANTS_SELF {
                self_vessel::ask_once();
            }
            self.plugin.take()
        } else {
            None
        };
        let Some(mut plugin) = plugin else {
            return Err(unavailable(NOT_RUNNING));
        };
        let answer = report::timed(who, || handler(&mut plugin));
        self.plugin.set(Some(plugin));
        self.settle();
        answer
    }
}

pub(super) fn too_long(bytes: usize, max: usize) -> String {
    format!(
        "the answer takes {bytes} bytes and the server reads {max}: answer in parts, or write \
         #[signalk_plugin(response_buffer = \"8 MiB\")]"
    )
}

/// The text of an error for an answer of `max` bytes, of which a character takes up to four once it is
/// escaped.
pub(super) fn shortened(error: &Error, max: usize) -> String {
    text::cut(&error.to_string(), max / 5).into_owned()
}

/// All that others are told of a plugin that waits, has crashed, is disabled or was stopped. The line
/// on the dashboard says why, and is for the owner alone.
pub(super) const NOT_RUNNING: &str = "the plugin is not running";

/// The text of an error, written to the debug log: nothing else may show it to the owner.
pub(super) fn logged(export: &str, error: &Error) -> String {
    let text = advice::with_advice(error.to_string());
    imports::debug(&[export, ": ", &*text].concat());
    text
}

pub(super) fn text(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(bytes).map_err(|_| StatusError::new(400, "the request is not UTF-8").into())
}

fn unavailable(why: &str) -> Error {
    StatusError::new(503, why).into()
}

pub(super) fn not_there() -> Error {
    StatusError::new(404, "there is no such handler").into()
}
