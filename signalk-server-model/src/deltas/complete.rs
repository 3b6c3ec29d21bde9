//! What the server does to a delta before it passes it on.

use serde_json::{Map, Value};
use signalk_plugin_contract::SELF_CONTEXT;

use super::notifications;
use crate::js::{self, truthy};
use crate::version::Ways;

/// What a delta is completed from.
pub(crate) struct Surroundings<'a> {
    pub(crate) ways: &'static Ways,
    pub(crate) self_context: String,
    pub(crate) timestamp: String,
    pub(crate) provider: &'a str,
}

/// What became of a delta: the rest of it, if any update is left, and the updates that were dropped.
#[derive(Debug)]
pub(crate) struct Accepted {
    pub(crate) delta: Option<Value>,
    pub(crate) dropped: Vec<(Value, String)>,
}

/// Completes a delta and drops what is malformed.
///
/// # Errors
///
/// Says why the server drops the message as a whole.
pub(crate) fn accept(mut message: Value, around: &Surroundings<'_>) -> Result<Accepted, String> {
    let Some(updates) =
        message.get_mut("updates").and_then(Value::as_array_mut).map(std::mem::take)
    else {
        return Err("it has no array \"updates\"".to_owned());
    };
    // Only an object has a member, so this cannot fail.
    let Some(delta) = message.as_object_mut() else {
        return Ok(Accepted { delta: None, dropped: Vec::new() });
    };
    match delta.get("context").map(Value::as_str) {
        None | Some(Some(SELF_CONTEXT)) => {
            delta.insert("context".to_owned(), Value::from(around.self_context.clone()));
        }
        Some(_) => {}
    }
    let is_self = delta.get("context").and_then(Value::as_str) == Some(&around.self_context);

    let mut kept = Vec::new();
    let mut dropped = Vec::new();
    for update in updates {
        match complete(update, around) {
            Ok(Some(update)) => kept.push(update),
            Ok(None) => {}
            Err(Wrong::Source(source)) => {
                return Err(format!("a \"source\" is {source}, expected an object"));
            }
            Err(Wrong::Update(_, reason)) if around.ways.one_update_costs_the_delta => {
                return Err(format!(
                    "{reason}, and this server version then drops the whole delta"
                ));
            }
            Err(Wrong::Update(update, reason)) => dropped.push((update, reason)),
        }
    }
    if kept.is_empty() {
        return Ok(Accepted { delta: None, dropped });
    }
    if is_self && around.ways.fails_on_null_vessel && kept.iter().any(sets_the_root_to_null) {
        return Err("it sets the own vessel itself, the path \"\", to null".to_owned());
    }
    if is_self {
        kept = kept
            .into_iter()
            .filter_map(|update| without_static_data(update, around.ways))
            .collect();
    }
    delta.insert("updates".to_owned(), Value::Array(kept));
    Ok(Accepted { delta: Some(message), dropped })
}

/// Fills in `$source` and `timestamp`. An update without values and meta is dropped without a word.
fn complete(mut update: Value, around: &Surroundings<'_>) -> Result<Option<Value>, Wrong> {
    if let Some(reason) = malformed(&update, around.ways) {
        return Err(Wrong::Update(update, reason));
    }
    let Some(fields) = update.as_object_mut() else { return Ok(None) };
    match fields.get_mut("source") {
        Some(source @ (Value::Object(_) | Value::Array(_))) => {
            // What JavaScript sets on an array is not seen when it is written.
            let mut nothing = Map::new();
            let source = source.as_object_mut().unwrap_or(&mut nothing);
            label(source, around);
            let id = source_id(source, around.ways);
            if !fields.get("$source").is_some_and(truthy) {
                fields.insert("$source".to_owned(), Value::from(id));
            }
        }
        Some(source) => return Err(Wrong::Source(source.take())),
        None => {
            fields.entry("$source").or_insert_with(|| Value::from(around.provider));
        }
    }
    if !fields.get("timestamp").is_some_and(truthy) {
        fields.insert("timestamp".to_owned(), Value::from(around.timestamp.clone()));
    }
    for key in ["values", "meta"] {
        if fields.get(key).is_some_and(|list| !list.is_array()) {
            fields.shift_remove(key);
        }
    }
    let counts = fields.contains_key("values") || fields.contains_key("meta");
    Ok(counts.then_some(update))
}

/// What is wrong with an update.
enum Wrong {
    /// The update itself, and why.
    Update(Value, String),
    /// Its source, on which the server fails as a whole.
    Source(Value),
}

fn malformed(update: &Value, ways: &Ways) -> Option<String> {
    if !update.is_object() {
        return Some(format!("an update is {update}, expected an object"));
    }
    let values = update.get("values")?;
    let Some(values) = values.as_array() else {
        return ways
            .refuses_values_without_list
            .then(|| format!("\"values\" is {values}, expected an array"));
    };
    let wrong = values.iter().find(|value| !value.get("path").is_some_and(Value::is_string))?;
    Some(format!("an entry of \"values\" is {wrong}, expected an object with a text \"path\""))
}

/// Puts the provider's label, where the version does not keep the sender's.
fn label(source: &mut Map<String, Value>, around: &Surroundings<'_>) {
    let keeps = around.ways.keeps_labels
        && source.get("label").and_then(Value::as_str).is_some_and(|label| {
            !label.is_empty()
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        });
    if !keeps {
        source.insert("label".to_owned(), Value::from(around.provider));
    }
}

fn source_id(source: &Map<String, Value>, ways: &Ways) -> String {
    let text = |key: &str| match source.get(key) {
        Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
        Some(number @ Value::Number(_)) => Some(js::stringify(number)),
        _ => None,
    };
    let label = text("label").unwrap_or_else(|| "unknown_source".to_owned());
    let talker = text("talker").unwrap_or_else(|| "XX".to_owned());
    if !ways.reads_source_ids_as_text {
        let is_set = |key: &&str| source.get(*key).is_some_and(truthy);
        let part = ["canName", "src"].into_iter().find(is_set).and_then(text);
        return format!("{label}.{}", part.unwrap_or(talker));
    }
    match text("canName").or_else(|| text("src")) {
        Some(id) => format!("{label}.{id}"),
        None if source.get("type").and_then(Value::as_str) == Some("plugin") => label,
        None => format!("{label}.{talker}"),
    }
}

/// Paths of the own vessel that are configured in the server and that no provider may overwrite.
const STATIC_PATHS: [&str; 6] = [
    "design.aisShipType",
    "design.beam",
    "design.length",
    "design.draft",
    "sensors.gps.fromBow",
    "sensors.gps.fromCenter",
];

/// Takes static data of the own vessel out. An update that has no values left goes, or
/// stays without `values`; this is also what becomes of `"values": []`.
fn without_static_data(mut update: Value, ways: &Ways) -> Option<Value> {
    let fields = update.as_object_mut()?;
    if fields.get("$source").and_then(Value::as_str) == Some("defaults") {
        return Some(update);
    }
    let Some(values) = fields.get_mut("values").and_then(Value::as_array_mut) else {
        return Some(update);
    };
    values.retain_mut(keeps_after_filter);
    if !values.is_empty() {
        return Some(update);
    }
    let has_meta = fields.contains_key("meta");
    fields.shift_remove("values");
    (has_meta || ways.passes_emptied_updates).then_some(update)
}

/// Tells whether an update sets the vessel itself to null, on which some versions fail while they look for
/// static data.
fn sets_the_root_to_null(update: &Value) -> bool {
    let values = update.get("values").and_then(Value::as_array).into_iter().flatten();
    let is_default = update.get("$source").is_some_and(|source| source == "defaults");
    let sets_to_null = |entry: &Value| {
        entry.get("path").is_some_and(|path| path == "")
            && entry.get("value").is_none_or(Value::is_null)
    };
    !is_default && values.into_iter().any(sets_to_null)
}

fn keeps_after_filter(entry: &mut Value) -> bool {
    let path = entry.get("path").and_then(Value::as_str).unwrap_or_default();
    if !path.is_empty() {
        return !STATIC_PATHS.contains(&path);
    }
    let Some(root) = entry.get_mut("value").and_then(Value::as_object_mut) else { return true };
    root.retain(|key, _| key != "name" && key != "mmsi");
    if let Some(communication) = root.get_mut("communication").and_then(Value::as_object_mut) {
        let had_callsign = communication.shift_remove("callsignVhf").is_some();
        if had_callsign && communication.is_empty() {
            root.shift_remove("communication");
        }
    }
    !root.is_empty()
}

/// Takes notification values out of a delta, one update each, as the notification manager wants
/// them. An update that had nothing else goes; the delta itself stays, if need be without updates.
pub(crate) fn take_notifications(delta: &mut Value) -> Vec<Value> {
    let mut taken = Vec::new();
    let Some(updates) = delta.get_mut("updates").and_then(Value::as_array_mut) else {
        return taken;
    };
    updates.retain_mut(|update| {
        let Some(fields) = update.as_object_mut() else { return true };
        if fields.contains_key(notifications::ID) {
            return true;
        }
        let Some(values) = fields.get_mut("values").and_then(Value::as_array_mut) else {
            return true;
        };
        let all = std::mem::take(values);
        let (notifications, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|value| {
            value
                .get("path")
                .and_then(Value::as_str)
                .is_some_and(|path| path.starts_with("notifications"))
        });
        let nothing_left = rest.is_empty();
        *values = rest;
        for value in notifications {
            let mut update = fields.clone();
            update.insert("values".to_owned(), Value::Array(vec![value]));
            taken.push(Value::Object(update));
        }
        !nothing_left
    });
    taken
}
