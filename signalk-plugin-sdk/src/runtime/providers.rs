//! Calls of the server to a provider of resources, weather or radars.

use super::ask::{shortened, text, too_long};
use super::{Installed, Runtime, State};
use crate::boundary::imports;
use crate::error::{Error, Result, StatusError, status_of};
use crate::handlers::ProvideFn;
use crate::report::{self, Source, Who};

/// What a provider does when the server calls it.
pub(crate) struct Provided<P> {
    /// The name, for the line that tells of its failure.
    pub(crate) name: &'static str,
    /// The function.
    pub(crate) call: ProvideFn<P>,
    /// How the server is told that it failed.
    pub(crate) failed: fn(&Error) -> String,
    /// What the client is told then.
    pub(crate) told: Told,
}

/// What the server tells its client of a call that failed.
#[derive(PartialEq, Eq)]
pub(crate) enum Told {
    /// That there is nothing.
    Nothing,
    /// That it was done, though it was not.
    Done,
    /// Why, so that the client's mistake need not stand in the plugin's status.
    Why,
}

impl<P: Installed> Runtime<P> {
    /// Answers with what the plugin gives, or with what the server understands as a failure. Its
    /// owner sees why, for the server tells nobody.
    pub(crate) fn provide(&self, provided: &Provided<P>, request: &[u8], max: usize) -> String {
        let mut was_running = false;
        let answer = self.ask(Who::Provider(provided.name), |plugin| {
            was_running = true;
            (provided.call)(plugin, text(request)?)
        });
        let answer = answer.and_then(|answer| fitting(answer, max));
        match answer {
            Ok(answer) => {
                report::outcome(Source::Outcome(Who::Provider(provided.name)), Ok(()));
                answer
            }
            Err(error) => {
                let mut answer = (provided.failed)(&error);
                if answer.len() > max {
                    let short = StatusError::new(status_of(&error), shortened(&error, max));
                    answer = (provided.failed)(&short.into());
                }
                // What a client is told, or could have known, is none of the owner's business.
                let is_clients =
                    provided.told == Told::Why || (400..500).contains(&status_of(&error));
                // A plugin that does not run says why by itself, but not what is lost by it.
                if was_running && !is_clients {
                    report::passing(Source::Outcome(Who::Provider(provided.name)), error);
                } else if !was_running && self.is_lost(provided) {
                    report::passing(
                        Source::Outcome(Who::Provider(provided.name)),
                        with_reason(error),
                    );
                } else {
                    imports::debug(&[provided.name, ": ", &*error.to_string()].concat());
                }
                answer
            }
        }
    }

    /// Whether a client believes that something was done which was not.
    fn is_lost(&self, provided: &Provided<P>) -> bool {
        provided.told == Told::Done && self.state.get() != State::Stopped
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
