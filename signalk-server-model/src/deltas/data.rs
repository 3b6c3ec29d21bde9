//! The data model: the latest value of every path.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// A value in the data model, with where and when it came from.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StoredValue {
    /// The value, in SI units as Signal K has them; `null` where it was cleared.
    pub value: Value,
    /// The source, e.g. the package name of a plugin.
    pub source: String,
    /// The time that the update carried.
    pub timestamp: String,
}

impl StoredValue {
    /// The node as `sk_get_self_path` would answer it.
    pub(crate) fn node(&self) -> Value {
        json!({ "value": self.value, "$source": self.source, "timestamp": self.timestamp })
    }
}

/// The values of a server, by context, then by path.
#[derive(Debug, Default)]
pub struct Data {
    contexts: BTreeMap<String, BTreeMap<String, StoredValue>>,
}

impl Data {
    /// Takes over the values of a delta that is complete.
    pub fn add(&mut self, delta: &Value) {
        let Some(context) = delta.get("context").and_then(Value::as_str) else { return };
        let paths = self.contexts.entry(context.to_owned()).or_default();
        for update in delta.get("updates").and_then(Value::as_array).into_iter().flatten() {
            let text =
                |key: &str| update.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            let stored = |value: &Value| StoredValue {
                value: value.clone(),
                source: text("$source"),
                timestamp: text("timestamp"),
            };
            for entry in update.get("values").and_then(Value::as_array).into_iter().flatten() {
                let (Some(path), Some(value)) =
                    (entry.get("path").and_then(Value::as_str), entry.get("value"))
                else {
                    continue;
                };
                match value {
                    // An empty path puts each member at the root of the vessel.
                    Value::Object(members) if path.is_empty() => {
                        paths.extend(
                            members.iter().map(|(key, value)| (key.clone(), stored(value))),
                        );
                    }
                    value => {
                        paths.insert(path.to_owned(), stored(value));
                    }
                }
            }
        }
    }

    /// The latest value of a path.
    #[must_use]
    pub fn get(&self, context: &str, path: &str) -> Option<&StoredValue> {
        self.contexts.get(context)?.get(path)
    }

    /// The paths of a context with their latest values.
    pub fn paths(&self, context: &str) -> impl Iterator<Item = (&String, &StoredValue)> {
        self.contexts.get(context).into_iter().flatten()
    }
}
