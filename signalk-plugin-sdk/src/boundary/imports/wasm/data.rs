//! The imports that read the data model and the configuration, register providers and push streams.
//!
//! Every `unsafe` block here rests on the same argument: pointer and length describe a live slice;
//! the host reads from shared slices and writes to the mutable one, of whose length it is told,
//! during the call only. None of these imports calls the plugin back, but for the registrations,
//! and no reference into the runtime lives across those.

mod raw {
    #[link(wasm_import_module = "env")]
    unsafe extern "C" {
        pub(super) fn sk_get_self_path(
            path: *const u8,
            path_len: usize,
            out: *mut u8,
            max: usize,
        ) -> i32;
        pub(super) fn sk_read_config(out: *mut u8, max: usize) -> i32;
        pub(super) fn sk_save_config(config: *const u8, len: usize) -> i32;
        pub(super) fn sk_has_capability(name: *const u8, len: usize) -> i32;
        pub(super) fn sk_register_resource_provider(kind: *const u8, len: usize) -> i32;
        pub(super) fn sk_register_weather_provider(name: *const u8, len: usize) -> i32;
        pub(super) fn sk_register_radar_provider(name: *const u8, len: usize) -> i32;
        pub(super) fn sk_emit_binary_stream(
            id: *const u8,
            id_len: usize,
            data: *const u8,
            len: usize,
        ) -> i32;
        pub(super) fn sk_radar_emit_spokes(
            id: *const u8,
            id_len: usize,
            data: *const u8,
            len: usize,
        ) -> i32;
    }
}

pub(in crate::boundary::imports) fn get_self_path(path: &str, out: &mut [u8]) -> i32 {
    // SAFETY: see above.
    unsafe { raw::sk_get_self_path(path.as_ptr(), path.len(), out.as_mut_ptr(), out.len()) }
}

pub(in crate::boundary::imports) fn read_config(out: &mut [u8]) -> i32 {
    // SAFETY: see above.
    unsafe { raw::sk_read_config(out.as_mut_ptr(), out.len()) }
}

pub(in crate::boundary::imports) fn save_config(config: &str) -> i32 {
    // SAFETY: see above.
    unsafe { raw::sk_save_config(config.as_ptr(), config.len()) }
}

pub(in crate::boundary::imports) fn has_capability(name: &str) -> i32 {
    // SAFETY: see above.
    unsafe { raw::sk_has_capability(name.as_ptr(), name.len()) }
}

pub(in crate::boundary::imports) fn register_resource_provider(kind: &str) -> i32 {
    // SAFETY: see above.
    unsafe { raw::sk_register_resource_provider(kind.as_ptr(), kind.len()) }
}

pub(in crate::boundary::imports) fn register_weather_provider(name: &str) -> i32 {
    // SAFETY: see above.
    unsafe { raw::sk_register_weather_provider(name.as_ptr(), name.len()) }
}

pub(in crate::boundary::imports) fn register_radar_provider(name: &str) -> i32 {
    // SAFETY: see above.
    unsafe { raw::sk_register_radar_provider(name.as_ptr(), name.len()) }
}

pub(in crate::boundary::imports) fn emit_binary_stream(id: &str, data: &[u8]) -> i32 {
    // SAFETY: see above.
    unsafe { raw::sk_emit_binary_stream(id.as_ptr(), id.len(), data.as_ptr(), data.len()) }
}

pub(in crate::boundary::imports) fn emit_spokes(id: &str, data: &[u8]) -> i32 {
    // SAFETY: see above.
    unsafe { raw::sk_radar_emit_spokes(id.as_ptr(), id.len(), data.as_ptr(), data.len()) }
}
