//! What the plugin did, in order, with the time of the driven clock.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;

use signalk_plugin_contract::capability::Capability;
use signalk_plugin_contract::package;

use crate::clock::Clock;
use crate::state::PluginState;

/// One thing that the plugin did or that happened to it, and when.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RecordedEvent {
    /// Time on the driven clock since the server started.
    pub at: Duration,
    /// What happened.
    pub event: Event,
}

/// What a plugin registered itself for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Registration {
    /// A PUT handler (`sk_register_put_handler`).
    Put {
        /// The context, e.g. `vessels.self`; it is compared as text.
        context: String,
        /// The Signal K path.
        path: String,
    },
    /// A resource provider (`sk_register_resource_provider`).
    Resources {
        /// The resource type, e.g. `routes`.
        resource_type: String,
    },
    /// The weather provider (`sk_register_weather_provider`).
    Weather {
        /// The name shown to users.
        name: String,
    },
    /// The radar provider (`sk_register_radar_provider`).
    Radar {
        /// The name shown to users.
        name: String,
    },
    /// An HTTP endpoint that `http_endpoints` listed.
    Http {
        /// `GET`, `POST`, `PUT` or `DELETE`.
        method: String,
        /// The path below `/plugins/<id>`, in Express syntax.
        path: String,
        /// The export that answers.
        handler: String,
    },
}

/// One thing that the plugin did or that happened to it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The module was instantiated; the number counts the instances, from 1.
    Instantiated {
        /// 1 for the first instance.
        instance: u32,
    },
    /// The state in the server's plugin list changed.
    State(PluginState),
    /// `sk_set_status`; an empty text clears the status.
    Status(String),
    /// `sk_set_error`; an empty text clears the status.
    Error(String),
    /// `sk_debug` (and `console.log` of module `env`).
    Debug(String),
    /// A line that the plugin wrote to standard output.
    Stdout(String),
    /// A line that the plugin wrote to standard error.
    Stderr(String),
    /// `sk_handle_message` with valid JSON, as the plugin sent it.
    Delta {
        /// 1 or 2: the Signal K version that the plugin gave.
        version: u8,
        /// The delta as sent, before the server filled in anything.
        delta: Value,
    },
    /// `sk_handle_message` with text that the server drops, and why; the plugin is not told.
    DeltaDropped {
        /// The text as sent.
        text: String,
        /// What was wrong with it.
        reason: String,
    },
    /// One update that the server dropped from a delta, and why; the plugin is not told.
    UpdateDropped {
        /// The update as sent.
        update: Value,
        /// What was wrong with it.
        reason: String,
    },
    /// `sk_publish_notification` that the server accepted.
    Notification {
        /// The path as sent.
        path: String,
        /// The notification as sent.
        value: Value,
    },
    /// `sk_publish_notification` that the server answered with -1, and why.
    NotificationRefused {
        /// The path as sent.
        path: String,
        /// The text as sent.
        text: String,
        /// What was wrong with it.
        reason: String,
    },
    /// A registration that the server accepted.
    Registered(Registration),
    /// A registration that the server answered with 0, and why.
    RegistrationRefused {
        /// What the plugin wanted to register.
        registration: Registration,
        /// Why the server refused it.
        reason: String,
    },
    /// `sk_save_config` that was written: the configuration as JSON.
    ConfigSaved(String),
    /// `sk_save_config` that the server answered with -1, and why.
    ConfigSaveFailed {
        /// What went wrong.
        reason: String,
    },
    /// `sk_emit_binary_stream` or `sk_radar_emit_spokes` that the server accepted.
    Binary {
        /// The stream, e.g. `plugins/my-plugin/scan` or `radars/front`.
        stream: String,
        /// The bytes.
        data: Vec<u8>,
    },
    /// Binary data that the server answered with 0, and why.
    BinaryRefused {
        /// The stream as sent.
        stream: String,
        /// Why the server refused it.
        reason: String,
    },
    /// A call into the plugin ended in a trap or its result could not be used. The real server
    /// only writes this to its debug log, unless the call was start or stop.
    Trap {
        /// The export that was called.
        handler: String,
        /// The message, in the words of Node.js where it has some.
        message: String,
    },
    /// `poll` or `plugin_stop` returned something other than 0, which the server only logs.
    Returned {
        /// The export that was called.
        handler: String,
        /// What it returned.
        code: i32,
    },
}

/// One line, as a log would show it.
///
/// ```
/// use signalk_server_model::Event;
///
/// assert_eq!(Event::Status("Anchored".to_owned()).to_string(), "status: Anchored");
/// ```
impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instantiated { instance } => write!(f, "instance {instance}"),
            Self::State(state) => write!(f, "state: {state}"),
            Self::Status(text) => write!(f, "status: {text}"),
            Self::Error(text) => write!(f, "error: {text}"),
            Self::Debug(text) => write!(f, "debug: {text}"),
            Self::Stdout(text) => write!(f, "stdout: {text}"),
            Self::Stderr(text) => write!(f, "stderr: {text}"),
            Self::Delta { version, delta } => write!(f, "delta (v{version}): {delta}"),
            Self::DeltaDropped { text, reason } => write!(f, "delta dropped, {reason}: {text}"),
            Self::UpdateDropped { update, reason } => {
                write!(f, "update dropped, {reason}: {update}")
            }
            Self::Notification { path, value } => write!(f, "notification: {path} {value}"),
            Self::NotificationRefused { path, text, reason } => {
                write!(f, "notification refused, {reason}: {path} {text}")
            }
            Self::Registered(registration) => write!(f, "registered: {registration}"),
            Self::RegistrationRefused { registration, reason } => {
                write!(f, "registration refused, {reason}: {registration}")
            }
            Self::ConfigSaved(configuration) => write!(f, "configuration saved: {configuration}"),
            Self::ConfigSaveFailed { reason } => write!(f, "configuration not saved: {reason}"),
            Self::Binary { stream, data } => write!(f, "binary: {} bytes on {stream}", data.len()),
            Self::BinaryRefused { stream, reason } => {
                write!(f, "binary refused, {reason}: {stream}")
            }
            Self::Trap { handler, message } => write!(f, "{handler} failed: {message}"),
            Self::Returned { handler, code } => write!(f, "{handler} returned {code}"),
        }
    }
}

impl fmt::Display for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Put { context, path } => write!(f, "PUT handler for {context} {path}"),
            Self::Resources { resource_type } => write!(f, "provider of {resource_type}"),
            Self::Weather { name } => write!(f, "weather provider {name}"),
            Self::Radar { name } => write!(f, "radar provider {name}"),
            Self::Http { method, path, handler } => {
                write!(f, "{method} {path} answered by {handler}")
            }
        }
    }
}

impl Event {
    pub(crate) fn refused_for_want_of(registration: Registration, capability: Capability) -> Self {
        Self::RegistrationRefused { registration, reason: Self::wants(capability) }
    }

    pub(crate) fn wants(capability: Capability) -> String {
        let key = capability.key;
        format!(
            "{} in package.json does not grant {key}; add \"{key}\": true",
            package::CAPABILITIES
        )
    }
}

/// The log that the server, the plugin's streams and the caller share.
#[derive(Debug, Clone)]
pub struct EventLog {
    entries: Arc<Mutex<Vec<RecordedEvent>>>,
    clock: Clock,
}

impl EventLog {
    pub(crate) fn new(clock: Clock) -> Self {
        Self { entries: Arc::default(), clock }
    }

    /// Adds an event, at the time of the clock.
    pub fn push(&self, event: Event) {
        let at = self.clock.elapsed();
        self.entries().push(RecordedEvent { at, event });
    }

    /// Everything that is in the log.
    #[must_use]
    pub fn snapshot(&self) -> Vec<RecordedEvent> {
        self.entries().clone()
    }

    /// Takes everything out of the log.
    #[must_use]
    pub fn take(&self) -> Vec<RecordedEvent> {
        std::mem::take(&mut *self.entries())
    }

    fn entries(&self) -> std::sync::MutexGuard<'_, Vec<RecordedEvent>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
