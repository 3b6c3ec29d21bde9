//! What the server reads from a plugin's package.json.

use serde_json::Value;

use crate::contract::package::problem_with_name;
use crate::contract::{capability, package as keys};
use crate::error::PackageError;

/// What the server takes from the `package.json` of a plugin: its name, version and capabilities.
///
/// ```
/// use signalk_plugin_host::{Capability, Package};
///
/// let package = Package::new("signalk-anchor-watch").capability(Capability::PutHandlers);
/// assert_eq!(package.id(), "signalk-anchor-watch");
/// assert!(package.has(Capability::PutHandlers));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    name: String,
    version: String,
    capabilities: Vec<Capability>,
    manifest: Option<String>,
}

/// An entry of `wasmCapabilities` that changes what the server lets a plugin do.
///
/// `dataRead`, `dataWrite`, `storage`, `httpEndpoints` and `serialPorts` exist too, but no server checks them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Capability {
    /// `network`: answers `sk_has_capability` and adds AssemblyScript's `as-fetch`, which is of no use to Rust.
    Network,
    /// `putHandlers`: `sk_register_put_handler`.
    PutHandlers,
    /// `resourceProvider`: `sk_register_resource_provider`.
    ResourceProvider,
    /// `weatherProvider`: `sk_register_weather_provider`.
    WeatherProvider,
    /// `radarProvider`: `sk_register_radar_provider` and `sk_radar_emit_spokes`.
    RadarProvider,
    /// `rawSockets`: every `sk_udp_*` and `sk_tcp_*`.
    RawSockets,
}

impl Capability {
    /// Every capability that the server checks.
    pub const ALL: [Self; 6] = [
        Self::Network,
        Self::PutHandlers,
        Self::ResourceProvider,
        Self::WeatherProvider,
        Self::RadarProvider,
        Self::RawSockets,
    ];

    /// The key in `wasmCapabilities`.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.entry().key
    }

    pub(crate) fn entry(self) -> capability::Capability {
        match self {
            Self::Network => capability::NETWORK,
            Self::PutHandlers => capability::PUT_HANDLERS,
            Self::ResourceProvider => capability::RESOURCE_PROVIDER,
            Self::WeatherProvider => capability::WEATHER_PROVIDER,
            Self::RadarProvider => capability::RADAR_PROVIDER,
            Self::RawSockets => capability::RAW_SOCKETS,
        }
    }
}

impl Package {
    /// A package of this name, version 0.0.0, without capabilities. A name that npm would not take is
    /// an error of [`Module::load`](crate::Module::load).
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            version: "0.0.0".to_owned(),
            capabilities: Vec::new(),
            manifest: None,
        }
    }

    /// Reads a `package.json`.
    ///
    /// # Errors
    ///
    /// When the text is not a JSON object, has no `name` or one that npm would not take, or has no
    /// `wasmManifest`, without which the server does not take the package for a WebAssembly plugin, or
    /// one that is not below the package's folder.
    ///
    /// ```
    /// use signalk_plugin_host::{Capability, Package};
    ///
    /// let package = Package::from_json(
    ///     r#"{ "name": "signalk-anchor-watch", "version": "1.2.0", "wasmManifest": "plugin.wasm",
    ///          "keywords": ["signalk-wasm-plugin"], "wasmCapabilities": { "putHandlers": true } }"#,
    /// )?;
    /// assert_eq!(package.name(), "signalk-anchor-watch");
    /// assert!(package.has(Capability::PutHandlers));
    /// # Ok::<(), signalk_plugin_host::PackageError>(())
    /// ```
    pub fn from_json(package_json: &str) -> Result<Self, PackageError> {
        let json: Value = serde_json::from_str(package_json)
            .map_err(|error| PackageError::NotJson { error: error.to_string() })?;
        let name = json
            .get("name")
            .and_then(Value::as_str)
            .filter(|name| !name.is_empty())
            .ok_or(PackageError::NoName)?;
        if let Some(problem) = problem_with_name(name) {
            return Err(PackageError::BadName { name: name.to_owned(), problem });
        }
        let manifest = json
            .get(keys::MANIFEST)
            .and_then(Value::as_str)
            .filter(|path| !path.is_empty())
            .ok_or(PackageError::NoManifest)?;
        if !is_below(manifest) {
            return Err(PackageError::BadManifest { path: manifest.to_owned() });
        }
        let version = json.get("version").and_then(Value::as_str).unwrap_or("0.0.0");
        let granted = json.get(keys::CAPABILITIES);
        let capabilities = Capability::ALL
            .into_iter()
            .filter(|capability| {
                granted
                    .and_then(|all| all.get(capability.key()))
                    .is_some_and(signalk_server_model::js::truthy)
            })
            .collect();
        Ok(Self {
            name: name.to_owned(),
            version: version.to_owned(),
            capabilities,
            manifest: Some(manifest.to_owned()),
        })
    }

    /// Grants a capability.
    #[must_use]
    pub fn capability(mut self, capability: Capability) -> Self {
        if !self.has(capability) {
            self.capabilities.push(capability);
        }
        self
    }

    /// Sets the version (`version` in package.json), which the server shows in its plugin list.
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = version.into();
        self
    }

    /// Whether the capability was granted.
    #[must_use]
    pub fn has(&self, capability: Capability) -> bool {
        self.capabilities.contains(&capability)
    }

    /// The npm package name, which is what the plugin's deltas carry as `$source`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version as package.json gives it.
    #[must_use]
    pub fn version_text(&self) -> &str {
        &self.version
    }

    /// The path of the .wasm (`wasmManifest`), relative to package.json; `None` for [`Package::new`].
    #[must_use]
    pub fn manifest(&self) -> Option<&str> {
        self.manifest.as_deref()
    }

    /// The plugin's id: the package name with `@` and `/` turned into `_`. It names the
    /// configuration file and the path below `/plugins`.
    #[must_use]
    pub fn id(&self) -> String {
        signalk_server_model::plugin_id(&self.name)
    }

    /// Whether the name has a scope (`@scope/name`), which breaks the plugin's configuration calls.
    #[must_use]
    pub fn is_scoped(&self) -> bool {
        self.id() != self.name
    }
}

/// Tells whether a path stays below the folder that it is relative to.
fn is_below(path: &str) -> bool {
    let parts = path.split(['/', '\\']);
    let climbs = parts.clone().any(|part| part == ".." || part.contains(['\0', ':']));
    let is_absolute = path.starts_with(['/', '\\']);
    !climbs && !is_absolute
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_would_lead_elsewhere_is_refused_with_a_sentence() {
        for name in [
            "../settings",
            "..",
            ".",
            ".hidden",
            "/etc/passwd",
            "a/../b",
            "a/b",
            "a\\b",
            "..\\settings",
            "C:settings",
            "a\0b",
            "a\nb",
            "a b",
            "@a",
            "@/b",
            "@a/",
            "@a/..",
            "@../b",
            "@a/b/c",
            "@a/../b",
            "@a/b@c",
            "a@b",
        ] {
            let json = serde_json::json!({ "name": name, "wasmManifest": "plugin.wasm" });
            let error = Package::from_json(&json.to_string()).unwrap_err();
            assert!(matches!(error, PackageError::BadName { .. }), "{name:?} {error}");
            let error = error.to_string();
            assert!(error.contains("cannot be the name") && !error.contains('\0'), "{error}");
        }
        assert!(problem_with_name(&"a".repeat(215)).is_some());
        for name in
            ["signalk-shallow", "@me/plugin", "a.b_c~d", "Old_Name", "plugin2", &"a".repeat(214)]
        {
            assert_eq!(problem_with_name(name), None, "{name}");
        }
    }

    #[test]
    fn a_wasm_outside_of_the_package_is_refused() {
        for path in [
            "../plugin.wasm",
            "/plugin.wasm",
            "a/../../b.wasm",
            "a\\..\\b",
            "C:\\b.wasm",
            "a\0.wasm",
        ] {
            let json = serde_json::json!({ "name": "a", "wasmManifest": path });
            let error = Package::from_json(&json.to_string()).unwrap_err();
            assert!(matches!(error, PackageError::BadManifest { .. }), "{path:?} {error}");
        }
        for path in ["plugin.wasm", "./dist/plugin.wasm", "a..b.wasm"] {
            let json = serde_json::json!({ "name": "a", "wasmManifest": path });
            assert_eq!(Package::from_json(&json.to_string()).unwrap().manifest(), Some(path));
        }
    }
}
