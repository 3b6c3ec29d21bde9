//! The imports of module `env` that the server offers.

use crate::capability;
use crate::function::{Argument, Function, ValueType};

/// The module.
pub const MODULE: &str = "env";

/// Hands the table of imports to the macro `$then`: one line for each with a constant, a function's name,
/// the import's name, the arguments (see [`Argument`](crate::Argument)), the result and the capability.
///
/// ```
/// macro_rules! names {
///     ($($(#[$doc:meta])* $constant:ident, $function:ident = $name:literal $arguments:tt $(-> $result:ident)? $(, $capability:ident)?;)*) => {
///         [$($name),*]
///     };
/// }
/// assert!(signalk_plugin_contract::env_imports!(names).contains(&"sk_debug"));
/// ```
#[macro_export]
macro_rules! env_imports {
    ($then:ident) => {
        $then! {
            /// Writes a line to the server's debug log.
            DEBUG, debug = "sk_debug"(Text);
            /// Sets the plugin's line on the dashboard; an empty one clears it.
            SET_STATUS, set_status = "sk_set_status"(Text);
            /// The same, as an error.
            SET_ERROR, set_error = "sk_set_error"(Text);
            /// Sends a delta. The second argument is the version of the data model, 2 or else 1.
            HANDLE_MESSAGE, handle_message = "sk_handle_message"(Text, Number), DATA_WRITE;
            /// Publishes a notification: path and value. 0, or -1 if its state is none of
            /// [`PUBLISHED`](crate::alarm_state::PUBLISHED).
            PUBLISH_NOTIFICATION, publish_notification = "sk_publish_notification"(Text, Text) -> I32, DATA_WRITE;
            /// The node of the own vessel's data at a path. 0 is "absent", "too long", and what
            /// every server so far answers.
            GET_SELF_PATH, get_self_path = "sk_get_self_path"(Text, Out) -> I32, DATA_READ;
            /// The configuration as the file has it. 0 if it is too long.
            READ_CONFIG, read_config = "sk_read_config"(Out) -> I32;
            /// Writes the configuration to the file: 0, or -1.
            SAVE_CONFIG, save_config = "sk_save_config"(Text) -> I32, STORAGE;
            /// Tells whether package.json grants one of [`ASKABLE`](crate::capability::ASKABLE): 1 or 0.
            HAS_CAPABILITY, has_capability = "sk_has_capability"(Text) -> I32;
            /// Registers a PUT handler: context and path. 1 or 0.
            REGISTER_PUT_HANDLER, register_put_handler = "sk_register_put_handler"(Text, Text) -> I32, PUT_HANDLERS;
            /// Registers a provider of a type of resources: 1 or 0.
            REGISTER_RESOURCE_PROVIDER, register_resource_provider = "sk_register_resource_provider"(Text) -> I32, RESOURCE_PROVIDER;
            /// Registers a weather provider by its name: 1 or 0.
            REGISTER_WEATHER_PROVIDER, register_weather_provider = "sk_register_weather_provider"(Text) -> I32, WEATHER_PROVIDER;
            /// Registers a radar provider by its name: 1 or 0.
            REGISTER_RADAR_PROVIDER, register_radar_provider = "sk_register_radar_provider"(Text) -> I32, RADAR_PROVIDER;
            /// Sends data to those who follow a stream: its id, `plugins/<package>/…` or `radars/…`,
            /// and bytes. 1 or 0.
            EMIT_BINARY_STREAM, emit_binary_stream = "sk_emit_binary_stream"(Text, Text) -> I32;
            /// Sends spokes of a radar: its id and bytes. 1 or 0.
            RADAR_EMIT_SPOKES, radar_emit_spokes = "sk_radar_emit_spokes"(Text, Text) -> I32, RADAR_PROVIDER;
            /// Creates a socket for IPv4 (0) or IPv6 (1): its id, or -1.
            UDP_CREATE, udp_create = "sk_udp_create"(Number) -> I32, RAW_SOCKETS;
            /// Binds a socket to a port: 0, also where that fails later, or -1.
            UDP_BIND, udp_bind = "sk_udp_bind"(Number, Number) -> I32, RAW_SOCKETS;
            /// Joins a group: socket, address, and that of the interface, empty for the default. 0 or -1.
            UDP_JOIN_MULTICAST, udp_join_multicast = "sk_udp_join_multicast"(Number, Text, Text) -> I32, RAW_SOCKETS;
            /// Leaves a group, likewise.
            UDP_LEAVE_MULTICAST, udp_leave_multicast = "sk_udp_leave_multicast"(Number, Text, Text) -> I32, RAW_SOCKETS;
            /// Sets how many routers a datagram may pass: 0 or -1.
            UDP_SET_MULTICAST_TTL, udp_set_multicast_ttl = "sk_udp_set_multicast_ttl"(Number, Number) -> I32, RAW_SOCKETS;
            /// Sets whether the own machine gets what is sent to a group: 0 or -1.
            UDP_SET_MULTICAST_LOOPBACK, udp_set_multicast_loopback = "sk_udp_set_multicast_loopback"(Number, Number) -> I32, RAW_SOCKETS;
            /// Sets whether broadcasts may be sent: 0 or -1.
            UDP_SET_BROADCAST, udp_set_broadcast = "sk_udp_set_broadcast"(Number, Number) -> I32, RAW_SOCKETS;
            /// Sends a datagram: socket, address, port and data. Its length, or -1.
            UDP_SEND, udp_send = "sk_udp_send"(Number, Text, Number, Text) -> I32, RAW_SOCKETS;
            /// The next datagram and its sender. The length, 0 if there is none, or -1.
            UDP_RECV, udp_recv = "sk_udp_recv"(Number, Out, Address, Port) -> I32, RAW_SOCKETS;
            /// The number of datagrams that wait: 0 for an unknown socket, or -1.
            UDP_PENDING, udp_pending = "sk_udp_pending"(Number) -> I32, RAW_SOCKETS;
            /// Closes a socket.
            UDP_CLOSE, udp_close = "sk_udp_close"(Number), RAW_SOCKETS;
            /// Creates a socket: its id, or -1.
            TCP_CREATE, tcp_create = "sk_tcp_create"() -> I32, RAW_SOCKETS;
            /// Begins to connect: socket, host and port. 0 or -1.
            TCP_CONNECT, tcp_connect = "sk_tcp_connect"(Number, Text, Number) -> I32, RAW_SOCKETS;
            /// Tells whether it is connected: 1, 0 or -1.
            TCP_CONNECTED, tcp_connected = "sk_tcp_connected"(Number) -> I32, RAW_SOCKETS;
            /// Has what comes split into lines (1) or not (0): 0 or -1.
            TCP_SET_LINE_BUFFERING, tcp_set_line_buffering = "sk_tcp_set_line_buffering"(Number, Number) -> I32, RAW_SOCKETS;
            /// Sends data. Its length, also on a socket that is not connected, or -1.
            TCP_SEND, tcp_send = "sk_tcp_send"(Number, Text) -> I32, RAW_SOCKETS;
            /// The next line. The length, 0 if there is none, or -1.
            TCP_RECV_LINE, tcp_recv_line = "sk_tcp_recv_line"(Number, Out) -> I32, RAW_SOCKETS;
            /// The next chunk. The length, 0 if there is none, or -1.
            TCP_RECV_RAW, tcp_recv_raw = "sk_tcp_recv_raw"(Number, Out) -> I32, RAW_SOCKETS;
            /// The number of chunks or lines that wait: 0 for an unknown socket, or -1.
            TCP_PENDING, tcp_pending = "sk_tcp_pending"(Number) -> I32, RAW_SOCKETS;
            /// Closes a socket.
            TCP_CLOSE, tcp_close = "sk_tcp_close"(Number), RAW_SOCKETS;
            /// AssemblyScript's runtime gives up.
            ABORT, abort = "abort"(Number, Number, Number, Number);
            /// Seeds AssemblyScript's random numbers.
            SEED, seed = "seed"() -> F64;
            /// AssemblyScript's log.
            CONSOLE_LOG, console_log = "console.log"(Text);
        }
    };
}

macro_rules! constants {
    ($(
        $(#[$doc:meta])*
        $constant:ident, $function:ident = $name:literal($($argument:ident),*) $(-> $result:ident)? $(, $capability:ident)?;
    )*) => {
        $(
            $(#[$doc])*
            pub const $constant: Function = Function {
                name: $name,
                arguments: &[$(Argument::$argument),*],
                result: constants!(@ $(ValueType::$result)?),
                capability: constants!(@ $(capability::$capability)?),
            };
        )*

        /// Every import. The last three serve AssemblyScript's runtime.
        pub const ALL: &[Function] = &[$($constant),*];
    };
    (@) => { None };
    (@ $value:expr) => { Some($value) };
}

env_imports!(constants);

/// The import of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Function> {
    ALL.iter().find(|import| import.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_35_signal_k_imports_each_named_once() {
        let named = |name| ALL.iter().filter(|import| import.name == name).count();
        assert!(ALL.iter().all(|import| named(import.name) == 1));
        assert_eq!(ALL.iter().filter(|import| import.name.starts_with("sk_")).count(), 35);
    }
}
