//! What a plugin exports.

use super::Signature;

const NONE: Signature = Signature::new(0);
/// `(ptr, len)`.
const TEXT_IN: Signature = Signature::new(2);
/// `(out, max) -> written`.
const TEXT_OUT: Signature = Signature::new(2).returning();
/// `(ptr, len, out, max) -> written`.
pub(crate) const EXCHANGE: Signature = Signature::new(4).returning();

/// The exports that the server calls on every plugin, with their signatures. A memory called
/// `memory` comes on top.
pub const MANDATORY_EXPORTS: [(&str, Signature); 7] = [
    ("allocate", Signature::new(1).returning()),
    ("deallocate", Signature::new(2)),
    ("plugin_id", TEXT_OUT),
    ("plugin_name", TEXT_OUT),
    ("plugin_schema", TEXT_OUT),
    ("plugin_start", TEXT_IN.returning()),
    ("plugin_stop", NONE.returning()),
];

/// The exports that make the server take a module for a Rust plugin.
pub const RECOGNISED_BY: [&str; 2] = ["plugin_id", "allocate"];

/// Exports that break a plugin: `_start` makes the server run the module as a command, once.
pub const FORBIDDEN_EXPORTS: [&str; 1] = ["_start"];

/// The exports of a resource provider.
pub const RESOURCE_EXPORTS: [&str; 4] = [
    "resources_list_resources",
    "resources_get_resource",
    "resources_set_resource",
    "resources_delete_resource",
];

/// The exports of a weather provider.
pub const WEATHER_EXPORTS: [&str; 3] =
    ["weather_get_observations", "weather_get_forecasts", "weather_get_warnings"];

/// The exports of a radar provider that take a request; `radar_get_radars` takes none.
pub const RADAR_EXPORTS: [&str; 16] = [
    "radar_get_radar_info",
    "radar_set_power",
    "radar_set_range",
    "radar_set_gain",
    "radar_set_sea",
    "radar_set_rain",
    "radar_set_controls",
    "radar_get_capabilities",
    "radar_get_state",
    "radar_get_control",
    "radar_set_control",
    "radar_get_targets",
    "radar_acquire_target",
    "radar_cancel_target",
    "radar_get_arpa_settings",
    "radar_set_arpa_settings",
];

/// The optional exports with a fixed name that are no provider's, with their signatures.
pub const EXPORTS: [(&str, Signature); 5] = [
    ("_initialize", NONE),
    ("poll", NONE.returning()),
    ("delta_handler", TEXT_IN),
    ("http_endpoints", TEXT_OUT),
    ("radar_get_radars", TEXT_OUT),
];

/// The signature that the server expects of the export `name`, or `None` where the name means
/// nothing to it.
pub(crate) fn expected(name: &str) -> Option<Signature> {
    let fixed = MANDATORY_EXPORTS.iter().chain(&EXPORTS).find(|(known, _)| *known == name);
    if let Some((_, signature)) = fixed {
        return Some(*signature);
    }
    let exchanges = RESOURCE_EXPORTS.iter().chain(&WEATHER_EXPORTS).chain(&RADAR_EXPORTS);
    let is_exchange =
        exchanges.into_iter().any(|known| *known == name) || name.starts_with("handle_put_");
    is_exchange.then_some(EXCHANGE)
}
