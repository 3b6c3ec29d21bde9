//! The host, as the rest of the crate sees it: safe functions over the imports of module `env`.
//!
//! On wasm they call the server. Natively they call the recording host of the current thread
//! ([`crate::testing`]), so that `cargo test` needs neither a wasm target nor a server.

#[cfg(not(target_family = "wasm"))]
pub(crate) mod native;
mod sender;
mod version;
#[cfg(target_family = "wasm")]
mod wasm;

#[cfg(not(target_family = "wasm"))]
use native as backend;
#[cfg(target_family = "wasm")]
use wasm as backend;

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, SystemTime};

use crate::instance::state;

pub(crate) use sender::SenderAddress;
pub use version::DeltaVersion;

state! {
    call static IN_HOST_CALL: Cell<bool> = false;
}

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

/// Writes a line, its end included, to the console of the server's process, whatever it is told to show.
pub(crate) fn log(line: &[u8]) {
    host_call(|| backend::log(line));
}

/// Has `told` called when the plugin ends itself by `exit`.
#[cfg(target_os = "wasi")]
pub(crate) fn at_exit(told: fn()) {
    backend::at_exit(told);
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
pub(crate) fn handle_message(delta: &str, version: DeltaVersion) {
    let number = match version {
        DeltaVersion::V1 => 1,
        DeltaVersion::V2 => 2,
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

/// Announces a provider of one type of resources; `false` without the capability
/// `resourceProvider`.
pub(crate) fn register_resource_provider(kind: &str) -> bool {
    host_call(|| backend::register_resource_provider(kind)) == 1
}

/// Announces the weather provider; `false` without the capability `weatherProvider`.
pub(crate) fn register_weather_provider(name: &str) -> bool {
    host_call(|| backend::register_weather_provider(name)) == 1
}

/// Announces the radar provider; `false` without the capability `radarProvider`.
#[cfg(feature = "unstable-radar")]
pub(crate) fn register_radar_provider(name: &str) -> bool {
    host_call(|| backend::register_radar_provider(name)) == 1
}

/// The node of the own ship's data model at `path`, as JSON; `None` where the host does not answer,
/// which is what all servers do so far.
pub(crate) fn get_self_path(path: &str) -> Option<String> {
    // Not larger: where nothing answers, which is everywhere so far, it is asked each time.
    filled(&[16_384], |out| host_call(|| backend::get_self_path(path, out)))
}

/// The configuration as it stands in the server's file; `{}` where there is no such file, and where
/// the server cannot read it.
pub(crate) fn read_config() -> Option<String> {
    filled(&[8_192, 262_144, 8_388_608], |out| host_call(|| backend::read_config(out)))
}

/// Calls `fill` with a buffer of each size until it says how much of one it took. The host answers
/// 0 where the buffer was too small, and for everything else that fails too.
fn filled(sizes: &[usize], fill: impl Fn(&mut [u8]) -> i32) -> Option<String> {
    for size in sizes {
        let mut out = vec![0; *size];
        let len = usize::try_from(fill(&mut out)).unwrap_or(0);
        if (1..=out.len()).contains(&len) {
            out.truncate(len);
            return String::from_utf8(out).ok();
        }
    }
    None
}

/// Writes the configuration to the server's file; `false` when it did not.
pub(crate) fn save_config(config: &str) -> bool {
    host_call(|| backend::save_config(config)) == 0
}

/// Whether package.json grants a capability; the server knows `network` and `rawSockets` only.
pub(crate) fn has_capability(name: &str) -> bool {
    host_call(|| backend::has_capability(name)) == 1
}

/// Pushes bytes to those who follow a stream; `false` when its name is none.
pub(crate) fn emit_binary_stream(id: &str, data: &[u8]) -> bool {
    host_call(|| backend::emit_binary_stream(id, data)) == 1
}

/// Pushes spokes of a radar; `false` without the capability `radarProvider`.
#[cfg(feature = "unstable-radar")]
pub(crate) fn emit_spokes(id: &str, data: &[u8]) -> bool {
    host_call(|| backend::emit_spokes(id, data)) == 1
}

/// The sockets, as the host numbers and answers them: see [`crate::net`].
pub(crate) mod socket {
    use super::{SenderAddress, backend, host_call};

    macro_rules! calls {
        ($($name:ident($($argument:ident: $type:ty),*) -> $result:ty;)*) => {$(
            pub(crate) fn $name($($argument: $type),*) -> $result {
                host_call(|| backend::$name($($argument),*))
            }
        )*};
    }

    calls! {
        udp_create(kind: i32) -> i32;
        udp_bind(id: i32, port: u16) -> i32;
        udp_is_bound(id: i32) -> bool;
        udp_membership(id: i32, join: bool, group: &str, interface: &str) -> i32;
        udp_set_multicast_ttl(id: i32, hops: u8) -> i32;
        udp_set_multicast_loopback(id: i32, on: bool) -> i32;
        udp_set_broadcast(id: i32, on: bool) -> i32;
        udp_send(id: i32, host: &str, port: u16, data: &[u8]) -> i32;
        udp_recv(id: i32, out: &mut [u8], sender: &mut SenderAddress) -> i32;
        udp_pending(id: i32) -> i32;
        udp_close(id: i32) -> ();
        tcp_create() -> i32;
        tcp_connect(id: i32, host: &str, port: u16) -> i32;
        tcp_connected(id: i32) -> i32;
        tcp_set_line_buffering(id: i32, on: bool) -> i32;
        tcp_send(id: i32, data: &[u8]) -> i32;
        tcp_recv_raw(id: i32, out: &mut [u8]) -> i32;
        tcp_pending(id: i32) -> i32;
        tcp_close(id: i32) -> ();
    }
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
pub(crate) fn plugin_id() -> Option<Rc<str>> {
    backend::plugin_id()
}

/// Runs once per instance, before anything else.
pub(crate) fn initialize() {
    backend::initialize();
}

/// Told at every `poll`, for targets that have no clock of their own.
pub(crate) fn polled() {
    backend::polled();
}
