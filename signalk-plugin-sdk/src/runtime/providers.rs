//! Calls of the server to a provider of resources, weather or radars.

use signalk_plugin_contract::providers::Reply;

use super::ask::{shortened, text, too_long};
use super::{Installed, Runtime, State};
use crate::boundary::imports;
use crate::error::{Error, Result, StatusError, status_of};
use crate::handlers::ProvideFn;
use crate::report::{self, Source, Who};

impl<P: Installed> Runtime<P> {
    /// Answers with what the plugin gives, or with what the server understands as a failure. Its
    /// owner sees why, for the server tells nobody.
    pub(crate) fn provide(
        &self,
        name: &'static str,
        reply: Reply,
        call: ProvideFn<P>,
        failed: fn(Reply, &Error) -> String,
        request: &[u8],
        max: usize,
    ) -> String {
        let source = Source::Outcome(Who::Provider(name));
        let mut was_running = false;
        let answer = self.ask(Who::Provider(name), |plugin| {
            was_running = true;
            call(plugin, text(request)?)
        });
        let answer = answer.and_then(|answer| fitting(answer, max));
        match answer {
            Ok(answer) => {
                report::set_outcome(source, Ok(()));
                answer
            }
            Err(error) => {
                let mut answer = failed(reply, &error);
                if answer.len() > max {
                    let short = StatusError::new(status_of(&error), shortened(&error, max));
                    answer = failed(reply, &short.into());
                }
                // What a client is told, or could have known, is none of the owner's business.
                let is_clients = reply == Reply::Outcome || (400..500).contains(&status_of(&error));
                // A client believes that it was done.
                let is_lost = reply == Reply::Ignored && self.state.get() != State::Stopped;
                // A plugin that does not run says why by itself, but not what is lost by it.
                if was_running && !is_clients {
                    report::set_transient(source, error);
                } else if !was_running && is_lost {
                    report::set_transient(source, with_reason(error));
                } else {
                    imports::debug(&[name, ": ", &*error.to_string()].concat());
                }
                answer
            }
        }
    }
}

/// An error that the plugin is not running, with what keeps it from running, for its owner.
fn with_reason(error: Error) -> Error {
    match report::error_of(&[Source::Outcome(Who::Start), Source::Crash]) {
        Some(why) => Error::msg([&*error.to_string(), ": ", &*why].concat()),
        None => error,
    }
}

fn fitting(answer: String, max: usize) -> Result<String> {
    if answer.len() <= max { Ok(answer) } else { Err(Error::msg(too_long(answer.len(), max))) }
}
