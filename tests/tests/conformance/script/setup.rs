//! The packages that the server starts with.

use serde_json::{Value, json};

use super::PROBE;

/// A package with the probe in it, and what the server has for it when it starts.
pub(crate) struct Setup {
    /// The name of the package.
    pub(crate) package: String,
    /// Its configuration document; `None` where there is none.
    pub(crate) document: Option<Value>,
    /// What takes the place of the probe's capabilities.
    capabilities: Option<Value>,
}

impl Setup {
    /// Before the lines of this plugin; nothing for the plugin that the script is about.
    pub(crate) fn mark(&self) -> String {
        match self.package.strip_prefix(PROBE) {
            Some("") => String::new(),
            Some(variant) => format!("{} ", variant.trim_start_matches('-')),
            None => format!("{} ", self.package),
        }
    }

    /// The id of the plugin, as it is in its path and in the name of its document.
    pub(crate) fn id(&self) -> String {
        self.package.replace(['@', '/'], "_")
    }

    /// The probe's package.json, made this package's.
    pub(crate) fn manifest(&self, manifest: &str) -> String {
        let mut manifest: Value = serde_json::from_str(manifest).unwrap();
        manifest["name"] = self.package.as_str().into();
        if let Some(capabilities) = &self.capabilities {
            manifest["wasmCapabilities"] = capabilities.clone();
        }
        manifest.to_string()
    }
}

/// The package whose name has a scope.
pub(crate) const SCOPED: &str = "@conformance/signalk-test-probe";

/// What `id` makes of [`SCOPED`].
pub(crate) const SCOPED_ID: &str = "_conformance_signalk-test-probe";

/// The plugin that the script is about, not yet enabled, and the variants of it.
pub(crate) fn setups() -> Vec<Setup> {
    let setup = |package: &str, document| Setup {
        package: package.to_owned(),
        document,
        capabilities: None,
    };
    let enabled =
        |start: Value| Some(json!({ "enabled": true, "configuration": { "start": start } }));
    let says = json!(["call", "sk_debug", "started with the server"]);
    let sound = json!([
        says,
        ["write", "/file", "text"],
        ["mkdir", "/"],
        ["write", "/file", "text"],
        ["read", "/file"],
        ["report"],
    ]);
    let fails = json!([says, ["return", 7]]);
    // Without `enabled` the endpoints are asked for, and live, and nothing is started. A plugin that
    // runs would hear what the probe sends on a real server, but not in the embedded host.
    let loaded = || Some(json!({ "configuration": {} }));
    let bare = Setup {
        capabilities: Some(json!({ "network": true })),
        ..setup(&format!("{PROBE}-bare"), loaded())
    };
    let odd = json!({ "enabled": "yes", "enableDebug": 1, "configuration": { "start": fails } });
    let mut all = vec![
        setup(PROBE, None),
        setup(SCOPED, None),
        setup(&format!("{PROBE}-at-start"), enabled(sound)),
        setup(&format!("{PROBE}-fails"), enabled(fails)),
        setup(&format!("{PROBE}-truthy"), Some(odd)),
        setup(&format!("{PROBE}-null"), Some(json!({ "enabled": null, "configuration": 7 }))),
        setup(
            &format!("{PROBE}-text"),
            Some(json!({ "enabled": true, "configuration": "é\u{1f600}" })),
        ),
        bare,
    ];
    let variants = [
        "loaded",
        "zero",
        "negative",
        "long",
        "outside-name",
        "outside-schema",
        "outside-endpoints",
        "trap-initialize",
        "trap-name",
        "trap-schema",
        "trap-endpoints",
        "not-json-schema",
        "not-json-endpoints",
    ];
    all.extend(variants.map(|variant| setup(&format!("{PROBE}-{variant}"), loaded())));
    all
}
