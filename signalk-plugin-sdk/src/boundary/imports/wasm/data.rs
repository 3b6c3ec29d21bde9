//! The imports that read the data model and the configuration, register providers and push streams.
//!
//! Every `unsafe` block here rests on the same argument: pointer and length describe a live slice;
//! the host reads from shared slices and writes to the mutable one, of whose length it is told,
//! during the call only. None of these imports calls the plugin back, but for the registrations,
//! and no reference into the runtime lives across those.

use super::raw;

pub(in crate::boundary::imports) fn get_self_path(path: &str, out: &mut [u8]) -> i32 {
    // SAFETY: see above.
    unsafe { raw::get_self_path(path.as_ptr(), path.len(), out.as_mut_ptr(), out.len()) }
}

pub(in crate::boundary::imports) fn read_config(out: &mut [u8]) -> i32 {
    // SAFETY: see above.
    unsafe { raw::read_config(out.as_mut_ptr(), out.len()) }
}

pub(in crate::boundary::imports) fn save_config(config: &str) -> i32 {
    // SAFETY: see above.
    unsafe { raw::save_config(config.as_ptr(), config.len()) }
}

pub(in crate::boundary::imports) fn has_capability(name: &str) -> i32 {
    // SAFETY: see above.
    unsafe { raw::has_capability(name.as_ptr(), name.len()) }
}

pub(in crate::boundary::imports) fn register_resource_provider(kind: &str) -> i32 {
    // SAFETY: see above.
    unsafe { raw::register_resource_provider(kind.as_ptr(), kind.len()) }
}

pub(in crate::boundary::imports) fn register_weather_provider(name: &str) -> i32 {
    // SAFETY: see above.
    unsafe { raw::register_weather_provider(name.as_ptr(), name.len()) }
}

#[cfg(feature = "unstable-radar")]
pub(in crate::boundary::imports) fn register_radar_provider(name: &str) -> i32 {
    // SAFETY: see above.
    unsafe { raw::register_radar_provider(name.as_ptr(), name.len()) }
}

pub(in crate::boundary::imports) fn emit_binary_stream(id: &str, data: &[u8]) -> i32 {
    // SAFETY: see above.
    unsafe { raw::emit_binary_stream(id.as_ptr(), id.len(), data.as_ptr(), data.len()) }
}

#[cfg(feature = "unstable-radar")]
pub(in crate::boundary::imports) fn emit_spokes(id: &str, data: &[u8]) -> i32 {
    // SAFETY: see above.
    unsafe { raw::radar_emit_spokes(id.as_ptr(), id.len(), data.as_ptr(), data.len()) }
}
