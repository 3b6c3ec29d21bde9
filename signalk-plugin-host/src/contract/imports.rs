//! What the server offers to a plugin.

use super::{Signature, ValueType};

/// The modules that a Rust plugin may import from.
pub const IMPORT_MODULES: [&str; 2] = ["env", "wasi_snapshot_preview1"];

const fn takes(params: usize) -> Signature {
    Signature::new(params)
}

const fn answers(params: usize) -> Signature {
    Signature::new(params).returning()
}

/// The functions of module `env` with their signatures, the same in servers 2.23.0 and 2.32.0.
///
/// The last three serve AssemblyScript's runtime.
pub const ENV_IMPORTS: [(&str, Signature); 38] = [
    ("sk_debug", takes(2)),
    ("sk_set_status", takes(2)),
    ("sk_set_error", takes(2)),
    ("sk_handle_message", takes(3)),
    ("sk_publish_notification", answers(4)),
    ("sk_get_self_path", answers(4)),
    ("sk_read_config", answers(2)),
    ("sk_save_config", answers(2)),
    ("sk_has_capability", answers(2)),
    ("sk_register_put_handler", answers(4)),
    ("sk_register_resource_provider", answers(2)),
    ("sk_register_weather_provider", answers(2)),
    ("sk_register_radar_provider", answers(2)),
    ("sk_emit_binary_stream", answers(4)),
    ("sk_radar_emit_spokes", answers(4)),
    ("sk_udp_create", answers(1)),
    ("sk_udp_bind", answers(2)),
    ("sk_udp_join_multicast", answers(5)),
    ("sk_udp_leave_multicast", answers(5)),
    ("sk_udp_set_multicast_ttl", answers(2)),
    ("sk_udp_set_multicast_loopback", answers(2)),
    ("sk_udp_set_broadcast", answers(2)),
    ("sk_udp_send", answers(6)),
    ("sk_udp_recv", answers(5)),
    ("sk_udp_pending", answers(1)),
    ("sk_udp_close", takes(1)),
    ("sk_tcp_create", answers(0)),
    ("sk_tcp_connect", answers(4)),
    ("sk_tcp_connected", answers(1)),
    ("sk_tcp_set_line_buffering", answers(2)),
    ("sk_tcp_send", answers(3)),
    ("sk_tcp_recv_line", answers(3)),
    ("sk_tcp_recv_raw", answers(3)),
    ("sk_tcp_pending", answers(1)),
    ("sk_tcp_close", takes(1)),
    ("abort", takes(4)),
    ("seed", Signature { params: 0, result: Some(ValueType::F64) }),
    ("console.log", takes(2)),
];

/// Names that documents or other SDKs mention but no server offers, and what to use instead.
pub const IMPORT_HINTS: [(&str, &str); 9] = [
    ("sk_get_path", "no server offers it: keep what delta_handler brings"),
    (
        "sk_emit_delta",
        "it is called sk_handle_message, with the Signal K version as a third argument",
    ),
    ("sk_emit", "it is called sk_handle_message, with the Signal K version as a third argument"),
    ("sk_subscribe", "every delta comes to the export delta_handler without subscribing"),
    ("sk_set_plugin_status", "it is called sk_set_status"),
    ("sk_set_plugin_error", "it is called sk_set_error"),
    ("sk_log", "it is called sk_debug"),
    ("sk_notify", "it is called sk_publish_notification"),
    (
        "sk_fetch",
        "no server offers it to Rust: use the TCP functions with the capability rawSockets",
    ),
];

/// The functions of module `wasi_snapshot_preview1`.
pub const WASI_IMPORTS: [&str; 46] = [
    "args_get",
    "args_sizes_get",
    "clock_res_get",
    "clock_time_get",
    "environ_get",
    "environ_sizes_get",
    "fd_advise",
    "fd_allocate",
    "fd_close",
    "fd_datasync",
    "fd_fdstat_get",
    "fd_fdstat_set_flags",
    "fd_fdstat_set_rights",
    "fd_filestat_get",
    "fd_filestat_set_size",
    "fd_filestat_set_times",
    "fd_pread",
    "fd_prestat_dir_name",
    "fd_prestat_get",
    "fd_pwrite",
    "fd_read",
    "fd_readdir",
    "fd_renumber",
    "fd_seek",
    "fd_sync",
    "fd_tell",
    "fd_write",
    "path_create_directory",
    "path_filestat_get",
    "path_filestat_set_times",
    "path_link",
    "path_open",
    "path_readlink",
    "path_remove_directory",
    "path_rename",
    "path_symlink",
    "path_unlink_file",
    "poll_oneoff",
    "proc_exit",
    "proc_raise",
    "random_get",
    "sched_yield",
    "sock_accept",
    "sock_recv",
    "sock_send",
    "sock_shutdown",
];

pub(crate) fn env_import(name: &str) -> Option<Signature> {
    ENV_IMPORTS.iter().find(|(known, _)| *known == name).map(|(_, signature)| *signature)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_35_signal_k_imports_each_named_once() {
        let mut names: Vec<_> = ENV_IMPORTS
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| name.starts_with("sk_"))
            .collect();
        assert_eq!(names.len(), 35);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 35);
    }

    #[test]
    fn no_hint_is_given_for_a_name_that_exists() {
        assert!(IMPORT_HINTS.iter().all(|(name, _)| env_import(name).is_none()));
    }
}
