//! The notification manager: every notification leaves the delta that it came in and is sent again
//! with an id and a status.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::js::truthy;

/// The key of an update that the manager has dealt with.
pub(crate) const ID: &str = "notificationId";

/// One entry per context, path and source. Silencing and acknowledging are a user's doing and not
/// reproduced, so the status always says that nobody did.
#[derive(Debug, Default)]
pub(crate) struct Notifications {
    known: HashMap<String, Alarm>,
}

#[derive(Debug)]
struct Alarm {
    id: String,
    value: Value,
}

impl Notifications {
    /// The update as the manager sends it on. Ids count up instead of being random.
    pub(crate) fn process(&mut self, update: Value, context: &Value) -> Option<Value> {
        let Value::Object(mut fields) = update else { return None };
        let entry = fields.get("values")?.get(0)?.clone();
        let path = entry.get("path")?.as_str()?.to_owned();
        let key = format!("{context}/{path}/{}", fields.get("$source").unwrap_or(&Value::Null));

        let next = self.known.len() + 1;
        let alarm = self.known.entry(key).or_insert_with(|| Alarm {
            id: format!("00000000-0000-4000-8000-{next:012x}"),
            value: json!({ "state": "normal", "method": ["visual", "sound"], "message": "" }),
        });
        match entry.get("value").filter(|value| truthy(value)) {
            Some(value) => alarm.value = value.clone(),
            // A cleared notification keeps what else was known and returns to normal.
            None => {
                if let Some(value) = alarm.value.as_object_mut() {
                    value.insert("message".to_owned(), Value::from(""));
                    value.insert("method".to_owned(), json!([]));
                    value.insert("state".to_owned(), Value::from("normal"));
                }
            }
        }
        if let Some(value) = alarm.value.as_object_mut() {
            value.insert("id".to_owned(), Value::from(alarm.id.clone()));
            value.insert("status".to_owned(), status());
        }
        fields.insert(ID.to_owned(), Value::from(alarm.id.clone()));
        fields.insert("values".to_owned(), json!([{ "path": path, "value": alarm.value }]));
        Some(Value::Object(fields))
    }
}

fn status() -> Value {
    let entries = [
        ("silenced", false),
        ("acknowledged", false),
        ("canSilence", true),
        ("canAcknowledge", true),
        ("canClear", false),
    ];
    Value::Object(
        entries
            .into_iter()
            .map(|(key, value)| (key.to_owned(), Value::from(value)))
            .collect::<Map<_, _>>(),
    )
}
