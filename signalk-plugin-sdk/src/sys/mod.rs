//! The host, as the rest of the crate sees it: safe functions over the imports of module `env`.
//!
//! On wasm they call the server. Natively they call the recording host of the current thread
//! ([`crate::testing`]), so that `cargo test` needs neither a wasm target nor a server.

#[cfg(not(target_family = "wasm"))]
pub(crate) mod native;
#[cfg(target_family = "wasm")]
mod wasm;

#[cfg(not(target_family = "wasm"))]
use native as backend;
#[cfg(target_family = "wasm")]
use wasm as backend;

use std::cell::Cell;
use std::time::{Duration, SystemTime};

thread_local!(static IN_HOST_CALL: Cell<bool> = const { Cell::new(false) });

/// Whether the plugin is waiting for an import to return, from which the host may call it again.
pub(crate) fn is_in_host_call() -> bool {
    IN_HOST_CALL.get()
}

fn host_call<R>(call: impl FnOnce() -> R) -> R {
    let before = IN_HOST_CALL.replace(true);
    let result = call();
    IN_HOST_CALL.set(before);
    result
}

/// Which data model a delta belongs to, as `sk_handle_message` numbers them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Version {
    /// The v1 data model, where almost everything belongs.
    #[default]
    V1,
    /// The v2 APIs' own paths (the Course API, for example), kept out of the v1 data model.
    V2,
}

/// Writes a line that the server shows under `DEBUG=signalk:wasm:bindings`.
pub(crate) fn debug(text: &str) {
    host_call(|| backend::debug(text));
}

/// Shows `text` as the plugin's status on the server's dashboard.
pub(crate) fn set_status(text: &str) {
    host_call(|| backend::set_status(text));
}

/// Shows `text` as the plugin's error on the server's dashboard.
pub(crate) fn set_error(text: &str) {
    host_call(|| backend::set_error(text));
}

/// Hands a delta to the server, which may call the plugin's own `delta_handler` before it returns.
pub(crate) fn handle_message(delta: &str, version: Version) {
    let number = match version {
        Version::V1 => 1,
        Version::V2 => 2,
    };
    host_call(|| backend::handle_message(delta, number));
}

/// Publishes a notification; `false` when the server refused it.
pub(crate) fn publish_notification(path: &str, value: &str) -> bool {
    host_call(|| backend::publish_notification(path, value)) == 0
}

/// Announces a PUT handler; `false` without the capability `putHandlers`.
pub(crate) fn register_put_handler(context: &str, path: &str) -> bool {
    host_call(|| backend::register_put_handler(context, path)) == 1
}

/// Time since some fixed moment of this instance, never running backwards.
pub(crate) fn monotonic() -> Duration {
    backend::monotonic()
}

/// The wall clock, which the boat's crew or a GPS may set at any time.
pub(crate) fn wall_clock() -> SystemTime {
    backend::wall_clock()
}

/// The npm package name under which the server loaded this plugin, where it says so.
pub(crate) fn plugin_id() -> Option<String> {
    backend::plugin_id()
}

/// Runs once per instance, before anything else.
pub(crate) fn initialise() {
    backend::initialise();
}

/// Told at every `poll`, for targets that have no clock of their own.
pub(crate) fn polled() {
    backend::polled();
}
