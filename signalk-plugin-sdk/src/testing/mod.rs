//! A host for `cargo test`: no wasm target, no server, and a clock that the test drives.
//!
//! The plugin runs behind the same exports that the server calls, buffers included. The host does
//! what a real server does to a plugin: it completes the deltas that the plugin sends, and hands
//! them back to it before the call returns.
//!
//! ```
//! use signalk_plugin_sdk::prelude::*;
//! use signalk_plugin_sdk::testing::TestHost;
//!
//! struct Doubler;
//!
//! #[signalk_plugin]
//! impl Doubler {
//!     fn start() -> Result<Self> {
//!         Ok(Self)
//!     }
//!
//!     #[delta("environment.depth.belowKeel")]
//!     fn depth(&mut self, metres: Option<f64>) -> Result<()> {
//!         delta::set("environment.depth.doubled", metres.map(|metres| metres * 2.0))
//!     }
//! }
//!
//! let mut host = TestHost::<Doubler>::start("{}");
//! host.receive("environment.depth.belowKeel", 2.5);
//! assert_eq!(host.value("environment.depth.doubled").unwrap(), 5.0);
//! assert_eq!(host.error(), None);
//! ```

mod config;
mod providers;
mod requests;

use std::marker::PhantomData;
use std::time::{Duration, SystemTime};

use serde::Serialize;
use serde_json::{Value, json};

use crate::boundary::exports;
use crate::boundary::imports::native;
use crate::instance;
use crate::runtime::{Installed, Runtime};

pub use crate::boundary::imports::native::Event;
pub use requests::TestResponse;
pub use signalk_server_model::http::HttpRequest;

/// Another vessel, whose deltas reach every plugin as those of the own ship do.
pub const OTHER_VESSEL: &str = "vessels.urn:mrn:imo:mmsi:244999999";

/// Lets time pass without a poll, also from inside a handler: one that takes its time.
pub fn take_time(time: Duration) {
    native::with(|recorder| recorder.now += time);
}

/// A server with one plugin, on this thread.
///
/// There is one at a time on a thread; a new one starts with a new instance of the plugin.
#[derive(Debug)]
pub struct TestHost<P: Installed> {
    seen: usize,
    since_poll: Duration,
    plugin: PhantomData<P>,
}

/// The plugin goes with its host, while what it may call in its `Drop` is still there.
impl<P: Installed> Drop for TestHost<P> {
    fn drop(&mut self) {
        forget::<P>();
    }
}

/// Everything as before the first host of this thread.
fn forget<P: Installed>() {
    native::with(|recorder| recorder.listener = None);
    forget_instance::<P>();
    native::reset();
}

/// All that an instance of the module holds.
fn forget_instance<P: Installed>() {
    P::runtime().with(Runtime::forget);
    instance::reset();
}

impl<P: Installed> TestHost<P> {
    /// A server that has loaded the plugin and not started it.
    #[must_use]
    pub fn new() -> Self {
        forget::<P>();
        Self { seen: 0, since_poll: Duration::ZERO, plugin: PhantomData }
    }

    /// A server that has started the plugin with this configuration, a JSON object.
    #[must_use]
    pub fn start(config: &str) -> Self {
        let mut host = Self::new();
        host.configure(config);
        host
    }

    /// Starts the plugin, or saves another configuration: stop and start of the same instance. The
    /// result is what `plugin_start` answered; 0 is success.
    ///
    /// A JSON object gets the server's `enableDebug`; any other text is handed over as it is.
    pub fn configure(&mut self, config: &str) -> i32 {
        let config = match serde_json::from_str::<Value>(config) {
            Ok(Value::Object(mut object)) => {
                // The server writes its file first.
                let saved = Value::Object(object.clone()).to_string();
                native::with(|recorder| {
                    recorder.config = Some(saved);
                    recorder.is_config_torn = false;
                });
                object.entry("enableDebug").or_insert(Value::Bool(false));
                Value::Object(object).to_string()
            }
            _ => config.to_owned(),
        };
        self.configure_bytes(config.as_bytes())
    }

    /// As [`Self::configure`], with the bytes just as they are handed over.
    pub fn configure_bytes(&mut self, config: &[u8]) -> i32 {
        if native::with(|recorder| recorder.listener.is_some()) {
            self.stop();
        }
        let result = with_buffer(config, exports::plugin_start::<P>);
        if result == 0 {
            // The server subscribes the plugin once `plugin_start` has returned.
            native::with(|recorder| recorder.listener = Some(listener::<P>));
        }
        result
    }

    /// Disables the plugin by a form that holds this configuration, a JSON object. The server writes
    /// its file before it stops the plugin.
    pub fn disable(&mut self, form: &str) {
        native::with(|recorder| recorder.config = Some(form.to_owned()));
        self.stop();
    }

    /// Stops the plugin.
    pub fn stop(&mut self) {
        native::with(|recorder| recorder.listener = None);
        exports::plugin_stop::<P>();
    }

    /// Lets time pass, in steps of a second with a `poll` after each, as on the server.
    pub fn advance(&mut self, time: Duration) {
        const PERIOD: Duration = Duration::from_secs(1);
        let mut left = time;
        while !left.is_zero() {
            let step = left.min(PERIOD.saturating_sub(self.since_poll));
            left -= step;
            self.since_poll += step;
            native::with(|recorder| recorder.now += step);
            if self.since_poll == PERIOD {
                self.since_poll = Duration::ZERO;
                if native::with(|recorder| recorder.listener.is_some()) {
                    exports::poll::<P>();
                }
            }
        }
    }

    /// Sets the wall clock, forwards or back. It goes on with [`Self::advance`]; the monotonic clock
    /// does not notice.
    pub fn set_wall_clock(&mut self, time: SystemTime) {
        native::with(|recorder| recorder.epoch = time - recorder.now);
    }

    /// Delivers a value of the own ship, from a source `test.source`.
    ///
    /// # Panics
    /// When the value cannot be written as JSON.
    #[allow(clippy::expect_used)]
    pub fn receive<T: Serialize>(&mut self, path: &str, value: T) {
        let value = serde_json::to_value(value).expect("a value that can be written as JSON");
        let context = self.self_context();
        self.receive_json(&delta(&context, path, &value));
    }

    /// Delivers a value of another context, [`OTHER_VESSEL`] for example.
    ///
    /// # Panics
    /// When the value cannot be written as JSON.
    #[allow(clippy::expect_used)]
    pub fn receive_from<T: Serialize>(&mut self, context: &str, path: &str, value: T) {
        let value = serde_json::to_value(value).expect("a value that can be written as JSON");
        self.receive_json(&delta(context, path, &value));
    }

    /// Delivers the JSON text of a whole delta, just as it is.
    pub fn receive_json(&mut self, delta: &str) {
        if native::with(|recorder| recorder.listener.is_some()) {
            listener::<P>(delta);
        }
    }

    /// Has another plugin answer what this one sends, with the JSON texts of deltas that the server then
    /// hands over before the sending is over. It hears of each delta first.
    pub fn answer_deltas(&mut self, answerer: fn(&Value) -> Vec<String>) {
        native::with(|recorder| recorder.answerer = Some(answerer));
    }

    /// The own vessel's context.
    #[must_use]
    pub fn self_context(&self) -> String {
        native::with(|recorder| recorder.self_context.clone())
    }

    /// All that the plugin did so far, in order.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        native::with(|recorder| recorder.events.clone())
    }

    /// What the plugin did since this was last called.
    pub fn new_events(&mut self) -> Vec<Event> {
        let events = self.events();
        let new = events.get(self.seen..).unwrap_or_default().to_vec();
        self.seen = events.len();
        new
    }

    /// The value that the plugin last sent for a path of the own ship, notifications included;
    /// null where it cleared the path.
    #[must_use]
    pub fn value(&self, path: &str) -> Option<Value> {
        let own = self.self_context();
        self.events().into_iter().rev().find_map(|event| match event {
            Event::Delta { delta, .. } if delta["context"] == own.as_str() => {
                last_value(&delta, path)
            }
            Event::Notification { path: of, value } if of == path => Some(value),
            _ => None,
        })
    }

    /// The state of the notification of a path, `navigation.anchor` for example.
    #[must_use]
    pub fn notification_state(&self, path: &str) -> Option<String> {
        let value = self.value(&format!("notifications.{path}"))?;
        value["state"].as_str().map(str::to_owned)
    }

    /// The status on the dashboard; `None` where an error stands there, or nothing yet.
    #[must_use]
    pub fn status(&self) -> Option<String> {
        match self.line()? {
            Event::Status(text) => Some(text),
            _ => None,
        }
    }

    /// The error on the dashboard; `None` where a status stands there, or nothing yet.
    #[must_use]
    pub fn error(&self) -> Option<String> {
        match self.line()? {
            Event::Error(text) => Some(text),
            _ => None,
        }
    }

    fn line(&self) -> Option<Event> {
        let is_line = |event: &Event| matches!(event, Event::Status(_) | Event::Error(_));
        self.events().into_iter().rev().find(is_line)
    }
}

impl<P: Installed> Default for TestHost<P> {
    fn default() -> Self {
        Self::new()
    }
}

fn listener<P: Installed>(delta: &str) {
    with_buffer(delta.as_bytes(), exports::delta_handler::<P>);
}

/// Hands bytes over as the server does: ask for a buffer, fill it, call, give it back.
fn with_buffer<R>(bytes: &[u8], call: impl FnOnce(*const u8, usize) -> R) -> R {
    let pointer = exports::allocate(bytes.len());
    // A buffer that cannot be written is one that the call cannot read; it tells.
    let _ = crate::boundary::memory::write(pointer, bytes.len(), bytes);
    let result = call(pointer, bytes.len());
    exports::deallocate(pointer, bytes.len());
    result
}

fn delta(context: &str, path: &str, value: &Value) -> String {
    let timestamp =
        native::with(|recorder| crate::clock::format_rfc3339(recorder.epoch + recorder.now));
    json!({
        "updates": [{
            "values": [{"path": path, "value": value}],
            "$source": "test.source",
            "timestamp": timestamp,
        }],
        "context": context,
    })
    .to_string()
}

fn last_value(delta: &Value, path: &str) -> Option<Value> {
    let updates = delta["updates"].as_array()?;
    let values = updates.iter().filter_map(|update| update["values"].as_array()).flatten();
    let found = values.rev().find(|value| value["path"] == path)?;
    Some(found["value"].clone())
}
