//! The host of native tests: it answers as the server does, and records what the plugin did.

mod data;
mod recorder;
pub(crate) mod sockets;

use std::rc::Rc;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use signalk_plugin_contract::{SELF_CONTEXT, alarm_state, capability};

use super::DeltaVersion;
use crate::clock::format_rfc3339;

pub use recorder::Event;
pub(crate) use recorder::{Recorder, with};

use recorder::{grants, record};

pub(super) use data::*;
pub(super) use sockets::*;

/// A new host that has seen nothing.
pub(crate) fn reset() {
    with(Recorder::forget);
    sockets::reset();
}

pub(super) fn debug(text: &str) {
    record(Event::Debug(text.to_owned()));
}

pub(super) fn log(line: &[u8]) {
    record(Event::Log(String::from_utf8_lossy(line).trim_end_matches('\n').to_owned()));
}

pub(super) fn set_status(text: &str) {
    record(Event::Status(text.to_owned()));
}

pub(super) fn set_error(text: &str) {
    record(Event::Error(text.to_owned()));
}

/// As the server: complete the delta, keep it, and deliver it to the plugin before returning.
pub(super) fn handle_message(delta: &str, version: i32) {
    let Ok(mut delta) = serde_json::from_str::<Value>(delta) else {
        return debug(&format!("the server would drop this, for it is not JSON: {delta}"));
    };
    if !delta["updates"].is_array() {
        return debug(&format!("the server would drop this, for it has no updates: {delta}"));
    }
    with(|recorder| complete(&mut delta, recorder));
    let version = if version == 2 { DeltaVersion::V2 } else { DeltaVersion::V1 };
    deliver(&delta, version);
}

pub(super) fn publish_notification(path: &str, value: &str) -> i32 {
    let Ok(value) = serde_json::from_str::<Value>(value) else {
        return -1;
    };
    if !alarm_state::PUBLISHED.contains(&value["state"].as_str().unwrap_or_default()) {
        return -1;
    }
    record(Event::Notification { path: path.to_owned(), value: value.clone() });
    let mut delta = json!({"updates": [{"values": [{"path": path, "value": value}]}]});
    with(|recorder| complete(&mut delta, recorder));
    listener_call(&delta);
    0
}

/// Records a delta and hands it to the plugin.
fn deliver(delta: &Value, version: DeltaVersion) {
    // What has no values is not in the data model either: the question for the own ship is one.
    let says_something =
        delta["updates"].as_array().is_some_and(|updates| updates.iter().any(says_something));
    if says_something {
        record(Event::Delta { delta: delta.clone(), version });
        return listener_call(delta);
    }
    with(|recorder| recorder.questions += 1);
    let mut bare = delta.clone();
    bare["updates"] = json!([]);
    listener_call(&bare);
}

fn says_something(update: &Value) -> bool {
    ["values", "meta"].iter().any(|key| update[key].as_array().is_some_and(|list| !list.is_empty()))
}

fn listener_call(delta: &Value) {
    let Some(listener) = with(|recorder| recorder.listener) else {
        return;
    };
    let answerer = with(|recorder| recorder.answerer);
    for answer in answerer.map(|answerer| answerer(delta)).unwrap_or_default() {
        listener(&answer);
    }
    listener(&delta.to_string());
}

/// Fills in what the server fills in.
fn complete(delta: &mut Value, recorder: &Recorder) {
    let context = delta["context"].as_str().unwrap_or(SELF_CONTEXT);
    if context == SELF_CONTEXT {
        delta["context"] = Value::String(recorder.self_context.clone());
    }
    let timestamp = format_rfc3339(recorder.epoch + recorder.now);
    for update in delta["updates"].as_array_mut().into_iter().flatten() {
        if let Some(update) = update.as_object_mut() {
            let source = Value::String(recorder.plugin_id.clone());
            update.entry("$source").or_insert(source);
            let timestamp = Value::String(timestamp.clone());
            update.entry("timestamp").or_insert(timestamp);
        }
    }
}

pub(super) fn register_put_handler(context: &str, path: &str) -> i32 {
    let granted = grants(capability::PUT_HANDLERS.key);
    record(Event::PutHandler { context: context.to_owned(), path: path.to_owned(), granted });
    i32::from(granted)
}

pub(super) fn monotonic() -> Duration {
    with(|recorder| recorder.now)
}

pub(super) fn wall_clock() -> SystemTime {
    with(|recorder| recorder.epoch + recorder.now)
}

pub(super) fn plugin_id() -> Option<Rc<str>> {
    Some(with(|recorder| recorder.plugin_id.as_str().into()))
}

pub(super) fn initialize() {}

pub(super) fn polled() {}
