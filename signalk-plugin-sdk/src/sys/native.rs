//! The host of native tests: it answers as the server does, and records what the plugin did.

use std::cell::RefCell;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

/// What the plugin did, in the order in which it did it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// It set its status.
    Status(String),
    /// It showed an error.
    Error(String),
    /// It wrote a debug line.
    Debug(String),
    /// It sent a delta; as the server completes it, with context, `$source` and timestamp.
    Delta(Value),
    /// It published a notification.
    Notification {
        /// The path, `notifications.` included.
        path: String,
        /// State, method and message.
        value: Value,
    },
}

/// The plugin's `delta_handler`, as the server calls it.
pub(crate) type Listener = fn(&str);

/// The state of the recording host of one thread.
#[derive(Debug)]
pub(crate) struct Recorder {
    pub(crate) events: Vec<Event>,
    pub(crate) now: Duration,
    pub(crate) epoch: SystemTime,
    pub(crate) plugin_id: String,
    pub(crate) own_context: String,
    /// Set while the plugin is subscribed.
    pub(crate) listener: Option<Listener>,
}

impl Recorder {
    fn new() -> Self {
        Self {
            events: Vec::new(),
            now: Duration::ZERO,
            // 2026-01-01T00:00:00Z: tests must not depend on the day on which they run.
            epoch: SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600),
            plugin_id: String::from("plugin-under-test"),
            own_context: String::from(
                "vessels.urn:mrn:signalk:uuid:00000000-0000-4000-8000-000000000001",
            ),
            listener: None,
        }
    }
}

thread_local! {
    static RECORDER: RefCell<Recorder> = RefCell::new(Recorder::new());
}

/// Runs `f` on this thread's recorder. It must not call the plugin.
pub(crate) fn with<R>(f: impl FnOnce(&mut Recorder) -> R) -> R {
    RECORDER.with_borrow_mut(f)
}

/// A new host that has seen nothing.
pub(crate) fn reset() {
    with(|recorder| *recorder = Recorder::new());
}

fn record(event: Event) {
    with(|recorder| recorder.events.push(event));
}

pub(super) fn debug(text: &str) {
    record(Event::Debug(text.to_owned()));
}

pub(super) fn set_status(text: &str) {
    record(Event::Status(text.to_owned()));
}

pub(super) fn set_error(text: &str) {
    record(Event::Error(text.to_owned()));
}

/// As the server: complete the delta, keep it, and deliver it to the plugin before returning.
pub(super) fn handle_message(delta: &str, _version: i32) {
    let Ok(mut delta) = serde_json::from_str::<Value>(delta) else {
        return debug(&format!("the server would drop this, for it is not JSON: {delta}"));
    };
    if !delta["updates"].is_array() {
        return debug(&format!("the server would drop this, for it has no updates: {delta}"));
    }
    with(|recorder| complete(&mut delta, recorder));
    deliver(&delta);
}

pub(super) fn publish_notification(path: &str, value: &str) -> i32 {
    const STATES: [&str; 5] = ["normal", "alert", "warn", "alarm", "emergency"];
    let Ok(value) = serde_json::from_str::<Value>(value) else {
        return -1;
    };
    if !STATES.contains(&value["state"].as_str().unwrap_or_default()) {
        return -1;
    }
    record(Event::Notification { path: path.to_owned(), value: value.clone() });
    let mut delta = json!({"updates": [{"values": [{"path": path, "value": value}]}]});
    with(|recorder| complete(&mut delta, recorder));
    listener_call(&delta);
    0
}

/// Records a delta and hands it to the plugin.
fn deliver(delta: &Value) {
    // What has no values is not in the data model either: the question for the own ship is one.
    let says_something =
        delta["updates"].as_array().is_some_and(|updates| updates.iter().any(says_something));
    if says_something {
        record(Event::Delta(delta.clone()));
        return listener_call(delta);
    }
    let mut bare = delta.clone();
    bare["updates"] = json!([]);
    listener_call(&bare);
}

fn says_something(update: &Value) -> bool {
    ["values", "meta"].iter().any(|key| update[key].as_array().is_some_and(|list| !list.is_empty()))
}

fn listener_call(delta: &Value) {
    if let Some(listener) = with(|recorder| recorder.listener) {
        listener(&delta.to_string());
    }
}

/// Fills in what the server fills in.
fn complete(delta: &mut Value, recorder: &Recorder) {
    let context = delta["context"].as_str().unwrap_or("vessels.self");
    if context == "vessels.self" {
        delta["context"] = Value::String(recorder.own_context.clone());
    }
    let timestamp = timestamp(recorder.epoch + recorder.now);
    for update in delta["updates"].as_array_mut().into_iter().flatten() {
        if let Some(update) = update.as_object_mut() {
            let source = Value::String(recorder.plugin_id.clone());
            update.entry("$source").or_insert(source);
            let timestamp = Value::String(timestamp.clone());
            update.entry("timestamp").or_insert(timestamp);
        }
    }
}

/// ISO 8601 with milliseconds, in UTC, as JavaScript writes it.
pub(crate) fn timestamp(time: SystemTime) -> String {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let (seconds, millis) = (since.as_secs(), since.subsec_millis());
    let (days, of_day) = (seconds / 86_400, seconds % 86_400);
    // Days since 1970 to a date, by the 400-year cycle of the Gregorian calendar counted from
    // March, so that the leap day is the last of its year.
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

pub(super) fn monotonic() -> Duration {
    with(|recorder| recorder.now)
}

pub(super) fn wall_clock() -> SystemTime {
    with(|recorder| recorder.epoch + recorder.now)
}

pub(super) fn plugin_id() -> Option<String> {
    Some(with(|recorder| recorder.plugin_id.clone()))
}

pub(super) fn initialise() {}

pub(super) fn polled() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_written_as_the_server_writes_them() {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        assert_eq!(timestamp(at(0)), "1970-01-01T00:00:00.000Z");
        assert_eq!(timestamp(at(951_782_400)), "2000-02-29T00:00:00.000Z");
        assert_eq!(timestamp(at(1_767_225_599)), "2025-12-31T23:59:59.000Z");
        assert_eq!(timestamp(at(4_107_542_400)), "2100-03-01T00:00:00.000Z");
    }
}
