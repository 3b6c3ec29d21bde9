//! The notification manager: every notification leaves the delta that it came in and is sent again
//! with an id and a status. Users acknowledge and silence it by that id.
//!
//! An act of a user is forgotten with the step from normal to another state in newer versions, and in older
//! ones not at all. All forget a notification as a whole that a cleaning finds normal, once a minute.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::{Map, Value, json};
use signalk_plugin_contract::alarm_state;

use crate::js::truthy;
use crate::version::Ways;

/// The key of an update that the manager has dealt with.
pub(crate) const ID: &str = "notificationId";

/// The time between two cleanings, by which the manager forgets what is normal.
const CLEAN_INTERVAL: Duration = Duration::from_secs(60);

/// One entry per context, path and source.
#[derive(Debug, Default)]
pub struct Notifications {
    /// The ids. They outlast what is known of a notification, which then begins anew under its id.
    ids: HashMap<String, String>,
    /// In the order in which they became known.
    known: Vec<Alarm>,
    /// Whom the last cleaning has left.
    left: Vec<String>,
    /// The number of cleanings since the server started.
    cleanings: u32,
}

#[derive(Debug)]
struct Alarm {
    id: String,
    context: Value,
    path: String,
    /// The update that it came with.
    update: Map<String, Value>,
    value: Value,
    status: Status,
}

/// An act of a user on a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserAction {
    /// It was seen.
    Acknowledge,
    /// It need not sound any more.
    Silence,
    /// It is over.
    Clear,
}

#[derive(Debug, Clone)]
struct Status {
    silenced: bool,
    acknowledged: bool,
    can_silence: bool,
    can_acknowledge: bool,
    acknowledged_at: Option<String>,
}

impl Notifications {
    /// The update as the manager sends it on; `None` where the manager fails on it. Ids count up
    /// instead of being random.
    pub(crate) fn process(
        &mut self,
        update: Value,
        context: &Value,
        ways: &Ways,
        now: &str,
    ) -> Option<Value> {
        let Value::Object(fields) = update else { return None };
        let entry = fields.get("values")?.get(0)?.clone();
        let path = entry.get("path")?.as_str()?.to_owned();
        let key = format!("{context}/{path}/{}", fields.get("$source").unwrap_or(&Value::Null));

        let next = self.ids.len() + 1;
        let id =
            self.ids.entry(key).or_insert_with(|| format!("00000000-0000-4000-8000-{next:012x}"));
        let index = match self.known.iter().position(|alarm| alarm.id == *id) {
            Some(index) => index,
            None => {
                self.known.push(Alarm::new(id.clone()));
                self.known.len() - 1
            }
        };
        let alarm = self.known.get_mut(index)?;
        alarm.context = context.clone();
        alarm.path = path;
        alarm.update = fields;
        alarm.take(entry.get("value"), ways, now)?;
        Some(alarm.update())
    }

    /// The list of `GET /signalk/v2/api/notifications`.
    #[must_use]
    pub fn list(&self) -> Value {
        let members = self.known.iter().map(|alarm| (alarm.id.clone(), alarm.properties()));
        Value::Object(members.collect())
    }

    /// Does what a user asks for. The result is the delta that the manager then sends.
    ///
    /// # Errors
    ///
    /// The words with which the server answers, as status 400.
    pub(crate) fn act(
        &mut self,
        id: &str,
        action: UserAction,
        ways: &Ways,
        now: &str,
    ) -> Result<Value, String> {
        let alarm = self.known.iter_mut().find(|alarm| alarm.id == id);
        let alarm = alarm.ok_or_else(|| "Alarm not found!".to_owned())?;
        alarm.act(action, ways, now)?;
        Ok(json!({ "updates": [alarm.update()], "context": alarm.context }))
    }

    /// The ids of all that are known, in the order in which the manager goes through them.
    #[must_use]
    pub fn known_ids(&self) -> Vec<String> {
        self.known.iter().map(|alarm| alarm.id.clone()).collect()
    }

    /// Forgets what was there at the last cleaning and is normal now, for each interval that has
    /// passed since the server started.
    pub(crate) fn clean_until(&mut self, elapsed: Duration) {
        let due = elapsed.as_secs() / CLEAN_INTERVAL.as_secs();
        let due = u32::try_from(due).unwrap_or(u32::MAX);
        // Nothing happens between two that are both due, so from the second on they are alike.
        for _ in 0..due.saturating_sub(self.cleanings).min(2) {
            self.clean();
        }
        self.cleanings = due;
    }

    fn clean(&mut self) {
        let left = std::mem::take(&mut self.left);
        self.known.retain(|alarm| !(alarm.is_in(alarm_state::NORMAL) && left.contains(&alarm.id)));
        self.left = self.known_ids();
    }
}

impl Alarm {
    fn new(id: String) -> Self {
        let status = Status {
            silenced: false,
            acknowledged: false,
            can_silence: true,
            can_acknowledge: true,
            acknowledged_at: None,
        };
        Self {
            id,
            context: Value::Null,
            path: String::new(),
            update: Map::new(),
            value: json!({
                "state": alarm_state::NORMAL,
                "method": ["visual", "sound"],
                "message": "",
                "status": status.value(),
            }),
            status,
        }
    }

    fn is_in(&self, state: &str) -> bool {
        self.value.get("state").is_some_and(|it| it == state)
    }

    /// The update that tells everybody of it as it is now.
    fn update(&mut self) -> Value {
        let status = self.status.value();
        if let Some(value) = self.value.as_object_mut() {
            value.insert("id".to_owned(), Value::from(self.id.as_str()));
            value.insert("status".to_owned(), status);
        }
        let mut fields = self.update.clone();
        fields.insert(ID.to_owned(), Value::from(self.id.as_str()));
        fields.insert("values".to_owned(), json!([{ "path": self.path, "value": self.value }]));
        Value::Object(fields)
    }

    fn properties(&self) -> Value {
        json!({ "context": self.context, "path": self.path, "value": self.value })
    }

    fn act(&mut self, action: UserAction, ways: &Ways, now: &str) -> Result<(), String> {
        let status = &self.status;
        let problem = match action {
            UserAction::Silence if !status.can_silence => Some("Alarm cannot be silenced!"),
            UserAction::Silence if status.silenced || status.acknowledged => {
                Some("Alarm already silenced or acknowledged!")
            }
            UserAction::Silence if self.is_in(alarm_state::EMERGENCY) => {
                Some("Cannot silence Emergency Alarm!")
            }
            UserAction::Acknowledge if !status.can_acknowledge => {
                Some("Alarm cannot be acknowledged!")
            }
            UserAction::Acknowledge if status.acknowledged => Some("Alarm already acknowledged!"),
            // Only those can be cleared that somebody has raised by the same API.
            UserAction::Clear => Some("Alarm cannot be cleared!"),
            UserAction::Silence | UserAction::Acknowledge => None,
        };
        if let Some(problem) = problem {
            return Err(problem.to_owned());
        }
        if action == UserAction::Silence {
            self.status.silenced = true;
        } else {
            self.status.acknowledged = true;
            if ways.tells_when_acknowledged {
                self.status.acknowledged_at = Some(now.to_owned());
            }
        }
        self.align_method(ways)?;
        self.update.insert("timestamp".to_owned(), Value::from(now));
        Ok(())
    }

    /// Takes a new value over. The manager fails on what can have no members, such as a text.
    fn take(&mut self, value: Option<&Value>, ways: &Ways, now: &str) -> Option<()> {
        let was_normal = self.is_in(alarm_state::NORMAL);
        match value.filter(|value| truthy(value)) {
            Some(value) => self.value = value.clone(),
            // A cleared notification keeps what else was known and returns to normal.
            None => {
                let members = self.value.as_object_mut()?;
                members.insert("message".to_owned(), Value::from(""));
                members.insert("method".to_owned(), json!([]));
                members.insert("state".to_owned(), Value::from(alarm_state::NORMAL));
            }
        }
        if ways.begins_each_alarm_anew && was_normal && !self.is_in(alarm_state::NORMAL) {
            self.status.acknowledged = false;
            self.status.acknowledged_at = None;
            self.status.silenced = false;
        }
        if !matches!(self.value, Value::Object(_) | Value::Array(_)) {
            return None;
        }
        self.heed_what_the_value_says(ways, now);
        self.align_method(ways).ok()
    }

    fn heed_what_the_value_says(&mut self, ways: &Ways, now: &str) {
        let says = |key: &str| self.value.get(key).map(|answer| answer == "Yes");
        let status = &mut self.status;
        if let Some(acknowledged) = says("acknowledgeStatus").filter(|_| !status.acknowledged) {
            status.acknowledged = acknowledged;
            if ways.tells_when_acknowledged {
                status.acknowledged_at = acknowledged.then(|| now.to_owned());
            }
        }
        if let Some(silenced) = says("temporarySilenceStatus").filter(|_| !status.silenced) {
            status.silenced = silenced;
        }
        status.can_silence = says("temporarySilenceSupport").unwrap_or(status.can_silence);
        status.can_acknowledge = says("acknowledgeSupport").unwrap_or(status.can_acknowledge);
    }

    /// What was acknowledged or silenced makes no sound any more.
    ///
    /// # Errors
    ///
    /// If the methods are no list, on which the server fails.
    fn align_method(&mut self, ways: &Ways) -> Result<(), String> {
        let is_emergency = self.is_in(alarm_state::EMERGENCY);
        let Some(members) = self.value.as_object_mut() else { return Ok(()) };
        if self.status.acknowledged {
            let method = if is_emergency { json!(["visual"]) } else { json!([]) };
            members.insert("method".to_owned(), method);
        } else if self.status.silenced && !is_emergency {
            match members.get_mut("method") {
                Some(Value::Array(methods)) => {
                    methods.retain(|method| method != "sound");
                    return Ok(());
                }
                None | Some(Value::Null) if ways.silences_without_method => {}
                found => {
                    let found = found.map_or("missing".to_owned(), |found| found.to_string());
                    return Err(format!("its method is {found}, expected a list"));
                }
            }
            members.shift_remove("method");
        }
        Ok(())
    }
}

impl Status {
    fn value(&self) -> Value {
        let mut members = Map::from_iter([
            ("silenced".to_owned(), Value::from(self.silenced)),
            ("acknowledged".to_owned(), Value::from(self.acknowledged)),
            ("canSilence".to_owned(), Value::from(self.can_silence)),
            ("canAcknowledge".to_owned(), Value::from(self.can_acknowledge)),
            ("canClear".to_owned(), Value::from(false)),
        ]);
        if let Some(time) = &self.acknowledged_at {
            members.insert("acknowledgedAt".to_owned(), Value::from(time.as_str()));
        }
        Value::Object(members)
    }
}
