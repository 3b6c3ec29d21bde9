//! Reading what comes on the server's stream.

use serde_json::Value;

/// The path and value pairs of a delta; nothing for other messages.
pub fn values(message: &Value) -> impl Iterator<Item = (&str, &Value)> {
    entries(&message["updates"])
        .flat_map(|update| entries(&update["values"]))
        .filter_map(|entry| Some((entry["path"].as_str()?, &entry["value"])))
}

/// The value that a delta has for a path.
#[must_use]
pub fn value<'a>(message: &'a Value, path: &str) -> Option<&'a Value> {
    values(message).find(|(found, _)| *found == path).map(|(_, value)| value)
}

/// The state of the notification that a delta has for a path.
#[must_use]
pub fn notification_state<'a>(message: &'a Value, path: &str) -> Option<&'a str> {
    value(message, path)?["state"].as_str()
}

/// What the dashboard shows for a plugin, where a message tells.
#[must_use]
pub fn dashboard_line<'a>(message: &'a Value, plugin: &str) -> Option<DashboardLine<'a>> {
    if message["type"] != "PROVIDERSTATUS" {
        return None;
    }
    let entry = entries(&message["data"]).find(|entry| entry["id"] == plugin)?;
    Some(DashboardLine { is_error: entry["type"] == "error", text: entry["message"].as_str()? })
}

/// One plugin's line on the dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DashboardLine<'a> {
    /// Whether it is shown as an error.
    pub is_error: bool,
    /// What it says.
    pub text: &'a str,
}

fn entries(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}
