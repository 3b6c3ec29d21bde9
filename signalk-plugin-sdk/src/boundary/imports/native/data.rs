//! The configuration file, the data model, providers and streams of native tests.

use super::with;

fn copy(out: &mut [u8], text: &str) -> i32 {
    match out.get_mut(..text.len()) {
        Some(out) => {
            out.copy_from_slice(text.as_bytes());
            i32::try_from(text.len()).unwrap_or(0)
        }
        None => 0,
    }
}

pub(in crate::boundary::imports) fn get_self_path(path: &str, out: &mut [u8]) -> i32 {
    with(|server| server.self_path(path)).map_or(0, |node| copy(out, &node))
}

pub(in crate::boundary::imports) fn read_config(out: &mut [u8]) -> i32 {
    copy(out, &with(|server| server.read_config()))
}

pub(in crate::boundary::imports) fn save_config(config: &str) -> i32 {
    if with(|server| server.save_config(config)) { 0 } else { -1 }
}

pub(in crate::boundary::imports) fn has_capability(name: &str) -> i32 {
    with(|server| server.has_capability(name)).into()
}

pub(in crate::boundary::imports) fn register_resource_provider(kind: &str) -> i32 {
    with(|server| server.register_resource_provider(kind.to_owned())).into()
}

pub(in crate::boundary::imports) fn register_weather_provider(name: &str) -> i32 {
    with(|server| server.register_weather_provider(name.to_owned())).into()
}

#[cfg(feature = "unstable-radar")]
pub(in crate::boundary::imports) fn register_radar_provider(name: &str) -> i32 {
    with(|server| server.register_radar_provider(name.to_owned())).into()
}

pub(in crate::boundary::imports) fn emit_binary_stream(id: &str, data: &[u8]) -> i32 {
    with(|server| server.emit_binary_stream(id.to_owned(), data.to_vec())).into()
}

#[cfg(feature = "unstable-radar")]
pub(in crate::boundary::imports) fn emit_spokes(id: &str, data: &[u8]) -> i32 {
    with(|server| server.emit_spokes(id, data.to_vec())).into()
}
