//! Answering a PUT request. [`crate::put`] tells all that happens on one.

use super::ask::{logged, not_there, text};
use super::{Installed, Runtime};
use crate::error::status_of;
use crate::put;
use crate::report::Who;

impl<P: Installed> Runtime<P> {
    /// Answers a PUT request.
    pub(crate) fn put(&self, export: &str, value: &[u8]) -> String {
        let handler = P::HANDLERS.puts.iter().find(|put| put.export == export);
        let outcome = handler.ok_or_else(not_there).and_then(|handler| {
            self.ask(Who::Put(handler.path), |plugin| (handler.call)(plugin, text(value)?))
        });
        match outcome {
            Ok(()) => put::DONE.into(),
            Err(error) => put::failed(status_of(&error), &logged(export, &error)),
        }
    }
}
