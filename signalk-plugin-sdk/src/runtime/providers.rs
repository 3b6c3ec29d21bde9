//! Calls of the server to a provider of resources, weather or radars.

use super::Runtime;
use super::requests::text;
use crate::error::{Error, Result};
use crate::plugin::{Plugin, Provided};
use crate::{report, sys};

impl<P: Plugin> Runtime<P> {
    /// Answers with what the plugin gives, or with what the server understands as a failure. Its
    /// owner sees why, for the server tells nobody.
    pub(crate) fn provide(&self, provided: &Provided<P>, request: &[u8], max: usize) -> String {
        let mut was_running = false;
        let answer = self.ask(provided.name, |plugin| {
            was_running = true;
            (provided.call)(plugin, text(request)?)
        });
        let answer = answer.and_then(|answer| fitting(answer, max));
        match answer {
            Ok(answer) => {
                report::outcome(provided.name, Ok(()));
                answer
            }
            Err(error) => {
                let answer = (provided.failed)(&error);
                if was_running && !provided.is_told {
                    report::outcome(provided.name, Err(error));
                } else {
                    sys::debug(&[provided.name, ": ", &*error.to_string()].concat());
                }
                answer
            }
        }
    }
}

fn fitting(answer: String, max: usize) -> Result<String> {
    if answer.len() <= max {
        return Ok(answer);
    }
    Err(Error::msg(format!(
        "the answer takes {} bytes and the server reads {max}: give less, or write \
         #[signalk_plugin(large_responses = \"8 MiB\")]",
        answer.len()
    )))
}
