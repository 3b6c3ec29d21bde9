//! The entries of `wasmCapabilities` in a plugin's package.json.

/// An entry of `wasmCapabilities`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capability {
    /// The key.
    pub key: &'static str,
    /// The value that grants it, as JSON.
    pub value: &'static str,
    /// Tells whether the server refuses anything to a plugin without it.
    pub is_checked: bool,
}

macro_rules! capabilities {
    ($($(#[$doc:meta])* $constant:ident = $key:literal: $value:literal, $checked:ident;)*) => {
        $(
            $(#[$doc])*
            pub const $constant: Capability =
                Capability { key: $key, value: $value, is_checked: capabilities!(@ $checked) };
        )*

        /// Every capability that the server's documentation knows.
        pub const ALL: &[Capability] = &[$($constant),*];
    };
    (@ checked) => { true };
    (@ ignored) => { false };
}

capabilities! {
    /// Answers `sk_has_capability`, and adds the module `as-fetch` for AssemblyScript.
    NETWORK = "network": "true", checked;
    /// Every `sk_udp_*` and `sk_tcp_*`; without it they answer -1.
    RAW_SOCKETS = "rawSockets": "true", checked;
    /// `sk_register_put_handler`, which answers 0 without it.
    PUT_HANDLERS = "putHandlers": "true", checked;
    /// `sk_register_resource_provider`, which answers 0 without it.
    RESOURCE_PROVIDER = "resourceProvider": "true", checked;
    /// `sk_register_weather_provider`, which answers 0 without it.
    WEATHER_PROVIDER = "weatherProvider": "true", checked;
    /// `sk_register_radar_provider` and `sk_radar_emit_spokes`, which answer 0 without it.
    RADAR_PROVIDER = "radarProvider": "true", checked;
    /// `delta_handler` and `sk_get_self_path`.
    DATA_READ = "dataRead": "true", ignored;
    /// `sk_handle_message` and `sk_publish_notification`.
    DATA_WRITE = "dataWrite": "true", ignored;
    /// `sk_save_config` and files.
    STORAGE = "storage": "\"vfs-only\"", ignored;
    /// `http_endpoints`.
    HTTP_ENDPOINTS = "httpEndpoints": "true", ignored;
    /// Nothing that a plugin can call.
    SERIAL_PORTS = "serialPorts": "true", ignored;
}

/// The capabilities of which `sk_has_capability` tells; it answers 0 to every other word.
pub const ASKABLE: [Capability; 2] = [NETWORK, RAW_SOCKETS];
