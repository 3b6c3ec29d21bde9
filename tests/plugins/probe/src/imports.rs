//! Every import of the host contract, to be called by its name.
#![allow(unsafe_code)]

macro_rules! imports {
    ($($name:ident($($arg:ident),*) $(-> $result:ty)?;)*) => {
        #[link(wasm_import_module = "env")]
        unsafe extern "C" {
            $(fn $name($($arg: i32),*) $(-> $result)?;)*
        }

        /// Calls an import with these arguments; missing ones are 0. `None` where there is no such
        /// import; `Some(None)` where it has no result.
        pub(crate) fn call(name: &str, arguments: &[i32]) -> Option<Option<i32>> {
            let mut rest = arguments.iter().copied();
            match name {
                $(stringify!($name) => {
                    $(let $arg = rest.next().unwrap_or(0);)*
                    // SAFETY: any integers are fine: what the host makes of bad pointers and
                    // lengths is what is asked, and what it may write has room for it.
                    let result = unsafe { $name($($arg),*) };
                    Some(imports!(@result result $(, $result)?))
                })*
                _ => None,
            }
        }
    };
    (@result $result:ident, $type:ty) => { Some($result) };
    (@result $result:ident) => {{
        let () = $result;
        None
    }};
}

imports! {
    sk_debug(a, b);
    sk_set_status(a, b);
    sk_set_error(a, b);
    sk_handle_message(a, b, c);
    sk_publish_notification(a, b, c, d) -> i32;
    sk_get_self_path(a, b, c, d) -> i32;
    sk_read_config(a, b) -> i32;
    sk_save_config(a, b) -> i32;
    sk_has_capability(a, b) -> i32;
    sk_register_put_handler(a, b, c, d) -> i32;
    sk_register_resource_provider(a, b) -> i32;
    sk_register_weather_provider(a, b) -> i32;
    sk_register_radar_provider(a, b) -> i32;
    sk_emit_binary_stream(a, b, c, d) -> i32;
    sk_radar_emit_spokes(a, b, c, d) -> i32;
    sk_udp_create(a) -> i32;
    sk_udp_bind(a, b) -> i32;
    sk_udp_join_multicast(a, b, c, d, e) -> i32;
    sk_udp_leave_multicast(a, b, c, d, e) -> i32;
    sk_udp_set_multicast_ttl(a, b) -> i32;
    sk_udp_set_multicast_loopback(a, b) -> i32;
    sk_udp_set_broadcast(a, b) -> i32;
    sk_udp_send(a, b, c, d, e, f) -> i32;
    sk_udp_recv(a, b, c, d, e) -> i32;
    sk_udp_pending(a) -> i32;
    sk_udp_close(a);
    sk_tcp_create() -> i32;
    sk_tcp_connect(a, b, c, d) -> i32;
    sk_tcp_connected(a) -> i32;
    sk_tcp_set_line_buffering(a, b) -> i32;
    sk_tcp_send(a, b, c) -> i32;
    sk_tcp_recv_line(a, b, c) -> i32;
    sk_tcp_recv_raw(a, b, c) -> i32;
    sk_tcp_pending(a) -> i32;
    sk_tcp_close(a);
}
