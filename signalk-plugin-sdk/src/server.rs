//! The server itself: the status line on its dashboard, and what it is told of this plugin.

use signalk_plugin_contract::capability;

use crate::boundary::imports;
use crate::{report, self_vessel};

/// Shows `text` on the server's dashboard as the plugin's status.
///
/// While a handler is failing, its error is what the owner must see: the status is kept and shown
/// when the handler works again. The same text again costs nothing.
///
/// ```
/// signalk_plugin_sdk::server::set_status("Watching: 23 m of 50 m");
/// ```
pub fn set_status(text: &str) {
    report::status(text);
}

/// Shows `text` on the server's dashboard as an error, until the next [`set_status`].
///
/// Handlers need it seldom: an error that they return is shown by itself, and taken back when the
/// handler succeeds again.
pub fn set_error(text: &str) {
    report::error(text);
}

/// Writes `text` to the server's debug log, which it shows with `DEBUG=signalk:wasm:bindings`, among
/// much else. What an owner is to find is for the macros of the [`log`] crate, `info!` and its like:
/// they write to the server's console, with the plugin's name and a level.
pub fn debug(text: &str) {
    imports::debug(text);
}

/// The npm package name under which the server loaded this plugin, where the server says so. It
/// is the `$source` of everything the plugin sends, but for deltas in which it names another.
#[must_use]
pub fn plugin_id() -> Option<String> {
    imports::plugin_id().map(|id| id.to_string())
}

/// The own vessel's context, `vessels.urn:mrn:…`; `None` before the first delta or poll has told it,
/// and in a plugin that has no handlers of deltas.
#[must_use]
pub fn self_context() -> Option<String> {
    self_vessel::context().map(|context| context.to_string())
}

/// A capability that package.json grants in `wasmCapabilities`, and the server knows of when it is
/// asked. It does not tell of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Capability {
    /// `rawSockets`: what [`net`](crate::net) needs.
    RawSockets,
    /// `network`: HTTP requests of plugins in AssemblyScript; nothing for Rust.
    Network,
}

/// Tells whether package.json grants a capability: for a plugin that does without it, since everything
/// that needs one says so itself.
///
/// ```
/// use signalk_plugin_sdk::server::{self, Capability};
///
/// if !server::has_capability(Capability::RawSockets) {
///     server::set_status("Without the gateway");
/// }
/// ```
#[must_use]
pub fn has_capability(capability: Capability) -> bool {
    imports::has_capability(match capability {
        Capability::RawSockets => capability::RAW_SOCKETS.key,
        Capability::Network => capability::NETWORK.key,
    })
}
