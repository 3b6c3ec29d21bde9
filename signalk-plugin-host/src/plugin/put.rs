//! PUT requests.

use signalk_server_model::config::text;
use signalk_server_model::{PutOutcome, PutReply};

use super::Plugin;
use crate::contract::TEXT_BUFFER;
use crate::error::{Error, Thrown};
use crate::guest::exchange;

impl Plugin {
    /// A PUT of a value (JSON) to a path. The context is compared as text with the registered one,
    /// so `vessels.self` finds what was registered under `vessels.self` only.
    ///
    /// # Errors
    ///
    /// Where `value` is not JSON, or the plugin runs out of fuel. A trap is a reply with status 500.
    pub fn put(&mut self, context: &str, path: &str, value: &str) -> Result<PutOutcome, Error> {
        let value = text::compact(value).map_err(|error| Error::Input {
            message: format!("the value of a PUT must be JSON, and {value:?} is {error}"),
        })?;
        let shared = self.shared.clone();
        signalk_server_model::put(&shared, context, path, |handler| {
            let Some(instance) = self.instance.as_mut().filter(|it| it.exports_function(handler))
            else {
                return Ok(None);
            };
            let answer =
                exchange(&mut instance.enter(), handler, &value, TEXT_BUFFER).and_then(|text| {
                    PutReply::read(&text).map_err(|error| Thrown::new(error.kind, error.message))
                });
            answer.map_or_else(
                |thrown| {
                    let told = thrown.to_string();
                    self.swallow(handler, thrown).map(|()| Some(Err(told)))
                },
                |reply| Ok(Some(Ok(reply))),
            )
        })
    }
}
