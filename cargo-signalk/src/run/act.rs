//! The buttons of the page: only what the host can truly do.

use serde_json::{Value, json};
use signalk_plugin_host::{Error, SaveRequest};

use super::action::Action;
use super::session::Worker;

/// The source of a value that nobody else has said.
const PAGE: &str = "page";

impl Worker {
    /// Answers with what there is to be told, or why it could not be done.
    pub(super) fn act(&mut self, action: Action) -> Result<Value, String> {
        if self.is_hung && !matches!(action, Action::KillPower | Action::FillDisk(_)) {
            return Err("the plugin hangs in a call: only killing the power ends that".to_owned());
        }
        match action {
            Action::Start => {
                let request = self.as_it_is().enabled(true);
                let outcome = self.plugin.save(&request);
                self.answer(outcome)
            }
            Action::Stop => {
                let outcome = self.plugin.disable();
                self.answer(outcome)
            }
            Action::Restart => {
                let request = self.as_it_is();
                let outcome = self.plugin.save(&request);
                self.answer(outcome)
            }
            Action::KillPower => {
                self.begin_again("the power came back");
                Ok(Value::Null)
            }
            Action::Crash => {
                self.plugin.crash();
                Ok(Value::Null)
            }
            Action::Pass(duration) => {
                self.time.skip(duration);
                Ok(Value::Null)
            }
            Action::SetClockBy(seconds) => {
                self.plugin.shift_wall_clock(seconds);
                Ok(Value::Null)
            }
            Action::FillDisk(full) => {
                self.store.fill_disk(full);
                Ok(Value::Null)
            }
            Action::Send { path, value } => {
                let delta =
                    json!({ "updates": [{ "values": [{ "path": path, "value": value }] }] });
                let source = self.source_of(&path);
                self.deliver(&source, &delta.to_string());
                Ok(Value::Null)
            }
            Action::Put { context, path, value } => self.put(&context, &path, &value),
            Action::Acknowledge(path) => {
                let outcome = self.plugin.acknowledge_notification(&path);
                self.answer(outcome)
            }
            Action::Silence(path) => {
                let outcome = self.plugin.silence_notification(&path);
                self.answer(outcome)
            }
        }
    }

    /// The instrument that says a value already: a plugin hears one at a time. Else the page itself.
    fn source_of(&self, path: &str) -> String {
        let own = self.plugin.package().id();
        let known = self.plugin.stored(path).map(|stored| stored.source);
        known.filter(|source| *source != own).unwrap_or_else(|| PAGE.to_owned())
    }

    /// Saves what is there already.
    fn as_it_is(&self) -> SaveRequest {
        let configuration = self.plugin.configuration().unwrap_or("{}");
        SaveRequest::new().configuration(configuration)
    }

    fn put(&mut self, context: &str, path: &str, value: &Value) -> Result<Value, String> {
        let outcome = self.plugin.put(context, path, &value.to_string());
        let outcome = outcome.map_err(|error| error.to_string())?;
        let Some(reply) = outcome.reply() else {
            return Err("the handler has given no answer".to_owned());
        };
        Ok(json!({
            "state": reply.state,
            "statusCode": reply.status_code,
            "message": reply.message,
        }))
    }

    fn answer(&mut self, outcome: Result<(), Error>) -> Result<Value, String> {
        let message = outcome.as_ref().err().map(ToString::to_string);
        self.checked(outcome);
        message.map_or(Ok(Value::Null), Err)
    }
}
