//! The host of native tests: it answers as the server does, and records what the plugin did.

mod data;
pub(crate) mod sockets;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::Version;
use crate::clock::timestamp;

pub(super) use data::*;
pub(super) use sockets::*;

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
    /// It wrote a line to the server's console, `[package] INFO text`.
    Log(String),
    /// It sent a delta.
    Delta {
        /// The delta as the server completes it, with context, `$source` and timestamp.
        delta: Value,
        /// The data model that it is for.
        version: Version,
    },
    /// It published a notification.
    Notification {
        /// The path, `notifications.` included.
        path: String,
        /// State, method and message.
        value: Value,
    },
    /// It announced a PUT handler, which the server took or refused.
    PutHandler {
        /// The context, `vessels.self` for example.
        context: String,
        /// The path.
        path: String,
        /// Whether package.json grants the capability.
        granted: bool,
    },
    /// It announced itself as a provider, which the server took or refused.
    Provider {
        /// `resource`, `weather` or `radar`.
        kind: String,
        /// The type of resources, or the provider's name.
        name: String,
        /// Whether package.json grants the capability.
        granted: bool,
    },
    /// It wrote its configuration, what it stores included.
    ConfigSaved(Value),
    /// It pushed bytes to a stream.
    Stream {
        /// The stream's name as the server has it, `plugins/…/…` or `radars/…`.
        id: String,
        /// The bytes.
        data: Vec<u8>,
    },
}

/// The plugin's `delta_handler`, as the server calls it.
pub(crate) type Listener = fn(&str);

/// The answer of another plugin when a delta passes.
pub(crate) type Answerer = fn(&Value) -> Vec<String>;

/// The state of the recording host of one thread.
#[derive(Debug)]
pub(crate) struct Recorder {
    pub(crate) events: Vec<Event>,
    pub(crate) now: Duration,
    pub(crate) epoch: SystemTime,
    pub(crate) plugin_id: String,
    pub(crate) own_context: String,
    /// How many deltas came that say nothing, which is how a plugin asks for its own ship.
    pub(crate) questions: u32,
    /// Set while the plugin is subscribed.
    pub(crate) listener: Option<Listener>,
    /// Another plugin, which hears of each delta before this one does.
    pub(crate) answerer: Option<Answerer>,
    /// What package.json does not grant.
    pub(crate) withheld: Vec<String>,
    /// The `configuration` of the server's file, where there is one.
    pub(crate) config: Option<String>,
    /// Set where that file cannot be read.
    pub(crate) is_config_torn: bool,
    /// Set where it cannot be written.
    pub(crate) is_disk_full: bool,
    /// What the server answers for paths of the own ship.
    pub(crate) self_paths: BTreeMap<String, String>,
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
            questions: 0,
            listener: None,
            answerer: None,
            withheld: Vec::new(),
            config: None,
            is_config_torn: false,
            is_disk_full: false,
            self_paths: BTreeMap::new(),
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
    sockets::reset();
}

fn record(event: Event) {
    with(|recorder| recorder.events.push(event));
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
    let version = if version == 2 { Version::V2 } else { Version::V1 };
    deliver(&delta, version);
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
fn deliver(delta: &Value, version: Version) {
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

fn grants(capability: &str) -> bool {
    with(|recorder| !recorder.withheld.iter().any(|withheld| withheld == capability))
}

pub(super) fn register_put_handler(context: &str, path: &str) -> i32 {
    let granted = grants("putHandlers");
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

pub(super) fn initialise() {}

pub(super) fn polled() {}
