//! All that is told while a plugin runs.

use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

use serde_json::{Map, Value, json};
use signalk_plugin_host::Event;

/// Something that has happened.
#[derive(Debug)]
pub(crate) struct News {
    /// By the clock of the plugin for what it did, by that of the machine for all else.
    pub(crate) at: SystemTime,
    pub(crate) what: What,
}

/// The kinds of it.
#[derive(Debug)]
pub(crate) enum What {
    /// Something that the plugin did or that was done to it.
    Plugin(Event),
    /// The plugin is there, for the first time or again.
    Loaded { name: String, version: String, because: &'static str },
    /// The host has something to say against the plugin, or could not do what was asked for.
    Problem(String),
    /// A build has begun, because of these files.
    BuildBegun(Vec<String>),
    /// A build is done.
    Built { bytes: u64, took: Duration },
    /// The check warns of something in what was built.
    Check(String),
    /// A build has failed, with all that the compiler says.
    BuildFailed(String),
    /// Something about where the data comes from.
    Data(String),
    /// The replay has come to its end.
    ReplayEnded,
    /// The page is served here.
    Page(String),
    /// A page does not read as fast as things happen, and so many of them were not told to it.
    LeftOut(usize),
    /// The user wants it to end.
    Interrupted,
    /// The plugin has been stopped, and all is over.
    Ended,
}

impl News {
    pub(crate) fn now(what: What) -> Self {
        Self { at: SystemTime::now(), what }
    }

    /// One object, whose `kind` says which other members it has.
    pub(crate) fn to_json(&self) -> Value {
        let mut object = Map::new();
        let time = humantime::format_rfc3339_millis(self.at).to_string();
        object.insert("time".to_owned(), time.into());
        let (kind, members) = self.what.parts();
        object.insert("kind".to_owned(), kind.into());
        if let Value::Object(members) = members {
            object.extend(members);
        }
        Value::Object(object)
    }
}

impl What {
    fn parts(&self) -> (&'static str, Value) {
        match self {
            Self::Plugin(event) => event_parts(event),
            Self::Loaded { name, version, because } => {
                ("loaded", json!({ "name": name, "version": version, "because": because }))
            }
            Self::Problem(text) => ("problem", json!({ "text": text })),
            Self::BuildBegun(files) => ("build", json!({ "changed": files })),
            Self::Built { bytes, took } => {
                ("built", json!({ "bytes": bytes, "seconds": took.as_secs_f64() }))
            }
            Self::Check(text) => ("check", json!({ "text": text })),
            Self::BuildFailed(text) => ("build-failed", json!({ "text": text })),
            Self::Data(text) => ("data", json!({ "text": text })),
            Self::ReplayEnded => ("replay-ended", json!({})),
            Self::Page(address) => ("page", json!({ "address": address })),
            Self::LeftOut(count) => (
                "left-out",
                json!({ "text": format!("the page is too slow, which has left {count} lines out") }),
            ),
            Self::Interrupted => ("interrupted", json!({})),
            Self::Ended => ("ended", json!({})),
        }
    }
}

fn event_parts(event: &Event) -> (&'static str, Value) {
    match event {
        Event::Instantiated { instance } => ("instance", json!({ "number": instance })),
        Event::State(state) => ("state", json!({ "state": state.to_string() })),
        Event::Status(text) => ("status", json!({ "text": text })),
        Event::Error(text) => ("error", json!({ "text": text })),
        Event::Debug(text) => ("log", json!({ "stream": "debug", "text": text })),
        Event::Stdout(text) => ("log", json!({ "stream": "stdout", "text": text })),
        Event::Stderr(text) => ("log", json!({ "stream": "stderr", "text": text })),
        Event::Delta { version, delta } => ("delta", json!({ "version": version, "delta": delta })),
        Event::DeltaDropped { text, reason } => {
            ("dropped", json!({ "reason": reason, "text": text }))
        }
        Event::UpdateDropped { update, reason } => {
            ("dropped", json!({ "reason": reason, "update": update }))
        }
        Event::Notification { path, value } => {
            ("notification", json!({ "path": path, "value": value }))
        }
        Event::Registered(registration) => {
            ("registered", json!({ "text": registration.to_string() }))
        }
        Event::ConfigSaved(configuration) => {
            let configuration: Value = serde_json::from_str(configuration).unwrap_or_default();
            ("saved", json!({ "configuration": configuration }))
        }
        Event::Binary { stream, data } => {
            ("binary", json!({ "stream": stream, "bytes": data.len() }))
        }
        Event::Trap { handler, message } => ("trap", json!({ "call": handler, "text": message })),
        Event::Returned { handler, code } => ("returned", json!({ "call": handler, "code": code })),
        Event::NotificationRefused { .. }
        | Event::RegistrationRefused { .. }
        | Event::ConfigSaveFailed { .. }
        | Event::BinaryRefused { .. } => ("refused", json!({ "text": event.to_string() })),
        other => ("other", json!({ "text": other.to_string() })),
    }
}

/// The paths of a delta with their values, on one line.
pub(crate) fn values_line(delta: &Value) -> String {
    let mut line = String::new();
    if let Some(context) = delta["context"].as_str().filter(|it| *it != "vessels.self") {
        let _ = write!(line, "{context}: ");
    }
    let updates = delta["updates"].as_array().into_iter().flatten();
    let values = updates.flat_map(|update| {
        let of = |key: &str| update[key].as_array().cloned().unwrap_or_default();
        of("values").into_iter().chain(of("meta"))
    });
    for (index, entry) in values.enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        let path = entry["path"].as_str().unwrap_or_default();
        let _ = write!(line, "{comma}{path} {}", entry["value"]);
    }
    line
}
