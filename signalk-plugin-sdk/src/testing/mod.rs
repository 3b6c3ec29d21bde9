//! A host for `cargo test`: no wasm target, no server, and a clock that the test drives.
//!
//! The plugin runs behind the same exports that the server calls, buffers included. The server is that of
//! the crate `signalk-server-model`, which `signalk-plugin-host` plays for a `.wasm` too: it completes the
//! deltas that the plugin sends, hands them back to it before the call returns, sends notifications round
//! with an id, and reads requests as Express does.
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
//! let mut host = TestHost::<Doubler>::start_default();
//! host.receive("environment.depth.belowKeel", 2.5);
//! assert_eq!(host.number("environment.depth.doubled"), 5.0);
//! assert_eq!(host.error(), None);
//! ```
//!
//! | to | |
//! |---|---|
//! | start it | [`start_with`](TestHost::start_with), [`start_default`](TestHost::start_default), [`configure`](TestHost::configure) |
//! | let it hear something | [`receive`](TestHost::receive), [`receive_from`](TestHost::receive_from), [`receive_other`](TestHost::receive_other), [`play`](TestHost::play) |
//! | let time pass | [`advance`](TestHost::advance), [`jump_wall_clock`](TestHost::jump_wall_clock) |
//! | see what it sent | [`number`](TestHost::number), [`text`](TestHost::text), [`value`](TestHost::value), [`notification`](TestHost::notification), [`sent_for`](TestHost::sent_for), [`events`](TestHost::events) |
//! | see what its owner sees | [`status`](TestHost::status), [`error`](TestHost::error), [`saved_config`](TestHost::saved_config) |
//! | ask it | [`put`](TestHost::put), [`get`](TestHost::get), [`post`](TestHost::post), [`request`](TestHost::request) |
//! | let things go wrong | [`kill_server`](TestHost::kill_server), [`restart_server`](TestHost::restart_server), [`fill_disk`](TestHost::fill_disk), [`corrupt_config_file`](TestHost::corrupt_config_file), [`deny_capability`](TestHost::deny_capability) |

mod config;
mod play;
mod providers;
mod requests;
mod seen;
mod sent;

use std::marker::PhantomData;
use std::time::{Duration, SystemTime};

use serde::Serialize;
use serde_json::{Value, json};

use crate::boundary::exports;
use crate::boundary::imports::native;
use crate::instance;
use crate::runtime::{Installed, Runtime};

pub use requests::TestResponse;
pub use sent::Sent;
pub use signalk_server_model::http::HttpRequest;
pub use signalk_server_model::{Event, PutReply, Registration, ServerVersion};

/// Another vessel, whose deltas reach every plugin as those of the own ship do.
pub const OTHER_VESSEL: &str = "vessels.urn:mrn:imo:mmsi:244999999";

/// The source of what a test lets the own ship say without naming one.
const SOURCE: &str = "test.source";

/// Lets time pass without a poll, also from inside a handler: one that takes its time.
pub fn take_time(time: Duration) {
    native::with(|server| {
        let later = server.clock.elapsed().saturating_add(time);
        server.move_to(later);
    });
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
    native::unsubscribe();
    forget_instance::<P>();
    native::reset();
}

/// All that an instance of the module holds.
fn forget_instance<P: Installed>() {
    P::runtime().with(Runtime::forget);
    instance::reset();
}

fn is_running() -> bool {
    native::with(|server| server.subscribed)
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

    /// A server that has started the plugin with this configuration, such as the plugin's own type or
    /// [`json!`](serde_json::json).
    ///
    /// ```
    /// use signalk_plugin_sdk::prelude::*;
    /// use signalk_plugin_sdk::testing::TestHost;
    ///
    /// /// Settings.
    /// #[derive(Serialize, Deserialize, JsonSchema)]
    /// struct Settings {
    ///     /// Greeting
    ///     greeting: String,
    /// }
    ///
    /// struct Hello;
    ///
    /// #[signalk_plugin]
    /// impl Hello {
    ///     fn start(settings: Settings) -> Result<Self> {
    ///         server::set_status(&settings.greeting);
    ///         Ok(Self)
    ///     }
    /// }
    ///
    /// let host = TestHost::<Hello>::start_with(&Settings { greeting: "Ahoy".to_owned() });
    /// assert_eq!(host.status().as_deref(), Some("Ahoy"));
    /// ```
    ///
    /// # Panics
    /// When the configuration cannot be written as JSON.
    #[must_use]
    pub fn start_with<C: Serialize>(config: &C) -> Self {
        Self::start(&json_of(config).to_string())
    }

    /// A server whose owner has enabled the plugin and set nothing.
    #[must_use]
    pub fn start_default() -> Self {
        Self::start("{}")
    }

    /// Has the server behave like a release from now on; it is the newest that is known unless set.
    pub fn set_server_version(&mut self, version: ServerVersion) {
        native::with(|server| server.setup.version = version);
    }

    /// Stops the plugin.
    pub fn stop(&mut self) {
        native::unsubscribe();
        exports::plugin_stop::<P>();
        native::with(|server| server.close_sockets_at_stop());
    }

    /// Lets time pass, in steps of a second with a `poll` after each, as on the server.
    pub fn advance(&mut self, time: Duration) {
        const PERIOD: Duration = Duration::from_secs(1);
        let mut left = time;
        while !left.is_zero() {
            let step = left.min(PERIOD.saturating_sub(self.since_poll));
            left -= step;
            self.since_poll += step;
            take_time(step);
            if self.since_poll == PERIOD {
                self.since_poll = Duration::ZERO;
                if is_running() {
                    exports::poll::<P>();
                }
            }
        }
    }

    /// Sets the wall clock, forwards or back. It goes on with [`Self::advance`]; the monotonic clock
    /// does not notice.
    pub fn set_wall_clock(&mut self, time: SystemTime) {
        native::with(|server| server.clock.set_wall(time));
    }

    /// Sets the wall clock by so many seconds, forwards or back, as a GPS or somebody at the computer does.
    pub fn jump_wall_clock(&mut self, seconds: i64) {
        native::with(|server| server.clock.set_wall_by(seconds));
    }

    /// Delivers a value of the own ship, from a source `test.source`.
    ///
    /// # Panics
    /// When the value cannot be written as JSON.
    pub fn receive<T: Serialize>(&mut self, path: &str, value: T) {
        self.receive_from(SOURCE, path, value);
    }

    /// Delivers a value of the own ship from a source of a name, such as the second of two antennas.
    ///
    /// ```
    /// # use signalk_plugin_sdk::prelude::*;
    /// # use signalk_plugin_sdk::testing::TestHost;
    /// # struct Doubler;
    /// # #[signalk_plugin]
    /// # impl Doubler {
    /// #     fn start() -> Result<Self> {
    /// #         Ok(Self)
    /// #     }
    /// #     #[delta("environment.depth.belowKeel")]
    /// #     fn depth(&mut self, metres: Option<f64>) -> Result<()> {
    /// #         delta::set("environment.depth.doubled", metres.map(|metres| metres * 2.0))
    /// #     }
    /// # }
    /// # let mut host = TestHost::<Doubler>::start_default();
    /// host.receive_from("sounder.fore", "environment.depth.belowKeel", 2.5);
    /// host.receive_from("sounder.aft", "environment.depth.belowKeel", 9.0);
    /// // One source at a time: the second is not heard while the first speaks.
    /// assert_eq!(host.number("environment.depth.doubled"), 5.0);
    /// ```
    ///
    /// # Panics
    /// When the value cannot be written as JSON.
    pub fn receive_from<T: Serialize>(&mut self, source: &str, path: &str, value: T) {
        deliver(&self.self_context(), source, path, json_of(&value));
    }

    /// Delivers a value of another vessel: of [`OTHER_VESSEL`] or another context, such as
    /// `aircraft.urn:mrn:imo:mmsi:111099999`.
    ///
    /// # Panics
    /// When the value cannot be written as JSON.
    pub fn receive_other<T: Serialize>(&mut self, vessel: &str, path: &str, value: T) {
        deliver(vessel, SOURCE, path, json_of(&value));
    }

    /// Delivers the JSON text of a whole delta to the plugin, just as it is.
    pub fn receive_json(&mut self, delta: &str) {
        if is_running() {
            handler::<P>(delta);
        }
    }

    /// Has another plugin answer what this one sends, with the JSON texts of deltas that the server then
    /// hands over before the sending is over. It hears of each delta first.
    pub fn answer_deltas(&mut self, answerer: fn(&Value) -> Vec<String>) {
        native::answer_deltas(answerer);
    }

    /// The own vessel's context.
    #[must_use]
    pub fn self_context(&self) -> String {
        native::with(|server| server.self_context())
    }
}

impl<P: Installed> Default for TestHost<P> {
    fn default() -> Self {
        Self::new()
    }
}

#[allow(clippy::expect_used)]
fn json_of<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).expect("a value that can be written as JSON")
}

/// The plugin's `delta_handler`.
fn handler<P: Installed>(delta: &str) {
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

fn deliver(context: &str, source: &str, path: &str, value: Value) {
    let values = json!([{ "path": path, "value": value }]);
    let delta = json!({ "updates": [{ "values": values, "$source": source }], "context": context });
    native::deliver(source, delta);
}
