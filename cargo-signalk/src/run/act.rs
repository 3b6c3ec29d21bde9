//! The buttons of the page: only what the host can truly do.

use std::time::Duration;

use serde_json::{Value, json};
use signalk_plugin_host::{Error, SaveRequest};

use super::session::Worker;

/// As which source the page's values come.
const PAGE: &str = "page";

/// Something to be done to the plugin or around it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Action {
    /// Enables it.
    Start,
    /// Disables it.
    Stop,
    /// Stops and starts it, as a save of its settings does.
    Restart,
    /// Ends it without a word, and starts it with the server.
    KillPower,
    /// Has its next call into the server end in a trap.
    Crash,
    /// Lets time pass at once.
    Pass(Duration),
    /// Sets the clock of the computer by so many seconds.
    SetClockBy(i64),
    /// Leaves no room on the disk, or some again.
    FillDisk(bool),
    /// Sends a value, JSON, as an instrument would.
    Send { path: String, value: Value },
    /// Asks the plugin's PUT handler to set a value.
    Put { context: String, path: String, value: Value },
    /// Acknowledges a notification.
    Acknowledge(String),
    /// Silences a notification.
    Silence(String),
}

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
                self.plugin.crash_at_next_import();
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
                self.deliver(PAGE, &delta.to_string());
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
