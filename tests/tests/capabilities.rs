//! What the built plugins say that they need, against what their package.json grants.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects")]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use signalk_plugin_host::{custom_section, required_capabilities};
use signalk_plugin_tests::env::plugin_folder;
use signalk_plugin_tests::{Way, cases};

cases! {
    [built]
    package_json_grants_what_the_module_needs_and_nothing_else
    the_section_is_still_there_after_linking_and_stripping
}

/// One without the SDK, and that of the README, which another part of the tests builds.
const OTHERS: [&str; 2] = ["signalk-test-probe", "signalk-shallow"];

/// Built with the SDK.
fn plugins() -> Vec<PathBuf> {
    let all = plugin_folder("").unwrap().read_dir().unwrap();
    let is_plugin = |folder: &PathBuf| {
        folder.join("plugin.wasm").exists() && !OTHERS.iter().any(|other| folder.ends_with(other))
    };
    all.map(|entry| entry.unwrap().path()).filter(is_plugin).collect()
}

fn package(folder: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join("package.json")).unwrap()).unwrap()
}

fn package_json_grants_what_the_module_needs_and_nothing_else(_: Way) {
    for folder in plugins() {
        let wasm = fs::read(folder.join("plugin.wasm")).unwrap();
        let needed = Value::Object(required_capabilities(&wasm));
        assert_eq!(package(&folder)["wasmCapabilities"], needed, "{}", folder.display());
    }
}

fn the_section_is_still_there_after_linking_and_stripping(_: Way) {
    let folders = plugins();
    assert!(folders.len() >= 3, "{folders:?}");
    for folder in folders {
        let wasm = fs::read(folder.join("plugin.wasm")).unwrap();
        let section = custom_section(&wasm, "signalk-plugin-sdk");
        let section = section.unwrap_or_else(|| panic!("{} has no section", folder.display()));
        let section: Value = serde_json::from_slice(section).unwrap();
        assert_eq!(section["sdk"], env!("CARGO_PKG_VERSION"), "{}", folder.display());
        assert!(section["wasmCapabilities"].is_object(), "{section}");
    }
}
