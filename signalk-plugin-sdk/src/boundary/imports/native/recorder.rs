//! The record of the host of native tests, and its settings.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::super::DeltaVersion;

/// An act of the plugin; they are kept in their order.
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
        version: DeltaVersion,
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
        /// Tells whether package.json grants the capability.
        granted: bool,
    },
    /// It announced itself as a provider, which the server took or refused.
    Provider {
        /// `resource`, `weather` or `radar`.
        kind: String,
        /// The type of resources, or the provider's name.
        name: String,
        /// Tells whether package.json grants the capability.
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
    pub(crate) self_context: String,
    /// The number of deltas that say nothing, by which a plugin asks for its own ship.
    pub(crate) questions: u32,
    /// Set while the plugin is subscribed.
    pub(crate) listener: Option<Listener>,
    /// Another plugin, which hears of each delta before this one does.
    pub(crate) answerer: Option<Answerer>,
    /// The capabilities that package.json does not grant.
    pub(crate) withheld: Vec<String>,
    /// The `configuration` of the server's file, where there is one.
    pub(crate) config: Option<String>,
    /// Set where that file cannot be read.
    pub(crate) is_config_torn: bool,
    /// Set where it cannot be written.
    pub(crate) is_disk_full: bool,
    /// The server's answers for paths of the own ship.
    pub(crate) self_paths: BTreeMap<String, String>,
}

impl Recorder {
    /// Becomes that of a new host.
    pub(super) fn forget(&mut self) {
        *self = Self::new();
    }

    fn new() -> Self {
        Self {
            events: Vec::new(),
            now: Duration::ZERO,
            // 2026-01-01T00:00:00Z: tests must not depend on the day on which they run.
            epoch: SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600),
            plugin_id: String::from("plugin-under-test"),
            self_context: String::from(
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

/// Notes what the plugin did.
pub(super) fn record(event: Event) {
    with(|recorder| recorder.events.push(event));
}

/// Tells whether package.json grants a capability.
pub(super) fn grants(capability: &str) -> bool {
    with(|recorder| !recorder.withheld.iter().any(|withheld| withheld == capability))
}
