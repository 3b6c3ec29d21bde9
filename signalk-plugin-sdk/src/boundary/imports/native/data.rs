//! The configuration file, the data model, providers and streams of native tests.

use serde_json::Value;
use signalk_plugin_contract::capability;

use super::recorder::{Event, grants, record, with};

fn copy(out: &mut [u8], text: &str) -> i32 {
    match out.get_mut(..text.len()) {
        Some(out) => {
            out.copy_from_slice(text.as_bytes());
            i32::try_from(text.len()).unwrap_or(0)
        }
        None => 0,
    }
}

/// 0 where no test has said what the server answers: real servers have no answer.
pub(in crate::boundary::imports) fn get_self_path(path: &str, out: &mut [u8]) -> i32 {
    let node = with(|recorder| recorder.self_paths.get(path).cloned());
    node.map_or(0, |node| copy(out, &node))
}

/// A file that is not there or cannot be read is `{}`, as on the server.
pub(in crate::boundary::imports) fn read_config(out: &mut [u8]) -> i32 {
    let config = with(|recorder| recorder.config.clone().filter(|_| !recorder.is_config_torn));
    copy(out, config.as_deref().unwrap_or("{}"))
}

pub(in crate::boundary::imports) fn save_config(config: &str) -> i32 {
    let is_full = with(|recorder| recorder.is_disk_full);
    let Ok(value) = serde_json::from_str::<Value>(config) else {
        return -1;
    };
    if is_full {
        return -1;
    }
    with(|recorder| recorder.config = Some(config.to_owned()));
    record(Event::ConfigSaved(value));
    0
}

pub(in crate::boundary::imports) fn has_capability(name: &str) -> i32 {
    i32::from(capability::ASKABLE.iter().any(|known| known.key == name) && grants(name))
}

fn provider(kind: &str, name: &str, capability: &str) -> i32 {
    let granted = grants(capability);
    record(Event::Provider { kind: kind.to_owned(), name: name.to_owned(), granted });
    i32::from(granted)
}

pub(in crate::boundary::imports) fn register_resource_provider(kind: &str) -> i32 {
    provider("resource", kind, capability::RESOURCE_PROVIDER.key)
}

pub(in crate::boundary::imports) fn register_weather_provider(name: &str) -> i32 {
    provider("weather", name, capability::WEATHER_PROVIDER.key)
}

#[cfg(feature = "unstable-radar")]
pub(in crate::boundary::imports) fn register_radar_provider(name: &str) -> i32 {
    provider("radar", name, capability::RADAR_PROVIDER.key)
}

pub(in crate::boundary::imports) fn emit_binary_stream(id: &str, data: &[u8]) -> i32 {
    let plugin = with(|recorder| format!("plugins/{}/", recorder.plugin_id));
    if !id.starts_with(&plugin) {
        return 0;
    }
    record(Event::Stream { id: id.to_owned(), data: data.to_vec() });
    1
}

#[cfg(feature = "unstable-radar")]
pub(in crate::boundary::imports) fn emit_spokes(id: &str, data: &[u8]) -> i32 {
    let is_id = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if !grants(capability::RADAR_PROVIDER.key) || !id.bytes().all(is_id) {
        return 0;
    }
    record(Event::Stream { id: format!("radars/{id}"), data: data.to_vec() });
    1
}
