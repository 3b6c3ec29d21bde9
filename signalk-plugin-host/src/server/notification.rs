//! The notification manager: every notification leaves the delta that it came in and is sent again
//! with an id and a status.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::ServerVersion;
use crate::js::truthy;

/// The key of an update that the manager has dealt with.
pub(crate) const ID: &str = "notificationId";

/// One entry per context, path and source. What users do about a notification is not reproduced;
/// what its value says about itself is.
#[derive(Debug, Default)]
pub(crate) struct Notifications {
    known: HashMap<String, Alarm>,
}

#[derive(Debug)]
struct Alarm {
    id: String,
    value: Value,
    status: Status,
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
        version: ServerVersion,
        now: &str,
    ) -> Option<Value> {
        let Value::Object(mut fields) = update else { return None };
        let entry = fields.get("values")?.get(0)?.clone();
        let path = entry.get("path")?.as_str()?.to_owned();
        let key = format!("{context}/{path}/{}", fields.get("$source").unwrap_or(&Value::Null));

        let next = self.known.len() + 1;
        let alarm = self.known.entry(key).or_insert_with(|| Alarm::new(next));
        alarm.take(entry.get("value"), version, now)?;
        let id = Value::from(alarm.id.clone());
        let status = alarm.status.value();
        if let Some(value) = alarm.value.as_object_mut() {
            value.insert("id".to_owned(), id.clone());
            value.insert("status".to_owned(), status);
        }
        fields.insert(ID.to_owned(), id);
        fields.insert("values".to_owned(), json!([{ "path": path, "value": alarm.value }]));
        Some(Value::Object(fields))
    }
}

impl Alarm {
    fn new(number: usize) -> Self {
        let status = Status {
            silenced: false,
            acknowledged: false,
            can_silence: true,
            can_acknowledge: true,
            acknowledged_at: None,
        };
        Self {
            id: format!("00000000-0000-4000-8000-{number:012x}"),
            value: json!({
                "state": "normal",
                "method": ["visual", "sound"],
                "message": "",
                "status": status.value(),
            }),
            status,
        }
    }

    /// Takes a new value over. The manager fails on what can have no members, such as a text.
    fn take(&mut self, value: Option<&Value>, version: ServerVersion, now: &str) -> Option<()> {
        let was_normal = self.value.get("state").is_some_and(|state| state == "normal");
        match value.filter(|value| truthy(value)) {
            Some(value) => self.value = value.clone(),
            // A cleared notification keeps what else was known and returns to normal.
            None => {
                let members = self.value.as_object_mut()?;
                members.insert("message".to_owned(), Value::from(""));
                members.insert("method".to_owned(), json!([]));
                members.insert("state".to_owned(), Value::from("normal"));
            }
        }
        let is_normal = self.value.get("state").is_some_and(|state| state == "normal");
        if version >= ServerVersion::V2_32 && was_normal && !is_normal {
            self.status.acknowledged = false;
            self.status.acknowledged_at = None;
            self.status.silenced = false;
        }
        if !matches!(self.value, Value::Object(_) | Value::Array(_)) {
            return None;
        }
        self.heed_what_the_value_says(version, now);
        self.align_method(version)
    }

    fn heed_what_the_value_says(&mut self, version: ServerVersion, now: &str) {
        let says = |key: &str| self.value.get(key).map(|answer| answer == "Yes");
        let status = &mut self.status;
        if let Some(acknowledged) = says("acknowledgeStatus").filter(|_| !status.acknowledged) {
            status.acknowledged = acknowledged;
            if version >= ServerVersion::V2_32 {
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
    fn align_method(&mut self, version: ServerVersion) -> Option<()> {
        let is_emergency = self.value.get("state").is_some_and(|state| state == "emergency");
        let Some(members) = self.value.as_object_mut() else { return Some(()) };
        if self.status.acknowledged {
            let method = if is_emergency { json!(["visual"]) } else { json!([]) };
            members.insert("method".to_owned(), method);
        } else if self.status.silenced && !is_emergency {
            match members.get_mut("method") {
                Some(Value::Array(methods)) => methods.retain(|method| method != "sound"),
                None if version >= ServerVersion::V2_32 => {}
                _ => return None,
            }
        }
        Some(())
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
