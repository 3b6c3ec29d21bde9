//! The contents of a plugin's package.json.

/// The keyword by which the server finds a WebAssembly plugin.
pub const KEYWORD: &str = "signalk-wasm-plugin";
/// The keyword by which the server's App Store lists it.
pub const APP_STORE_KEYWORD: &str = "signalk-node-server-plugin";
/// The key whose value is the path of the .wasm, relative to package.json.
pub const MANIFEST: &str = "wasmManifest";
/// The key whose value is an object of capabilities, see [`capability`](crate::capability).
pub const CAPABILITIES: &str = "wasmCapabilities";

/// The custom section of the .wasm into which `#[signalk_plugin]` writes the capabilities that the plugin
/// needs. The server does not read it; tools do.
pub const SECTION: &str = "signalk-plugin-sdk";
