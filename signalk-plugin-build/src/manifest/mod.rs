//! The package.json of a plugin: written from Cargo.toml, or by hand beside it.

mod by_hand;
mod from_cargo;
mod metadata;

use std::path::Path;

use anyhow::{Context, Result};
use cargo_metadata::Package as CargoPackage;
use serde_json::{Map, Value};
use signalk_plugin_contract::package as keys;
use signalk_plugin_host::{Package, required_capabilities};

use metadata::Metadata;

/// The file that servers without WebAssembly load.
pub(crate) const MAIN: &str = "main.js";

/// Its text, the same for all plugins.
pub(crate) const MAIN_TEXT: &str = include_str!("../../assets/main.js");

/// The .wasm, where package.json does not name it otherwise.
const WASM: &str = "plugin.wasm";

/// A package.json that lacks what only the finished .wasm and the files beside it can tell.
pub(crate) struct Manifest {
    json: Map<String, Value>,
    package: Package,
    /// The capabilities that Cargo.toml grants beyond those found in the .wasm.
    capabilities: Map<String, Value>,
}

impl Manifest {
    /// Reads what stands beside Cargo.toml or in it.
    pub(crate) fn read(plugin: &CargoPackage) -> Result<Self> {
        let metadata = Metadata::of(plugin)?;
        let mut json = match by_hand::read(plugin, metadata.is_some())? {
            Some(json) => json,
            None => from_cargo::json(plugin, metadata.as_ref())?,
        };
        json.entry(keys::MANIFEST).or_insert_with(|| WASM.into());
        let package = Package::from_json(&serde_json::to_string(&json)?)
            .with_context(|| format!("the package.json of {} will not do", plugin.name))?;
        let capabilities = metadata.map(|it| it.wasm_capabilities).unwrap_or_default();
        Ok(Self { json, package, capabilities })
    }

    /// As the server reads it.
    pub(crate) fn package(&self) -> &Package {
        &self.package
    }

    /// The path of the .wasm in the package.
    pub(crate) fn wasm(&self) -> &str {
        self.package.manifest().unwrap_or(WASM)
    }

    /// The members of package.json so far, by which the files of the package are chosen.
    pub(crate) fn json(&self) -> &Map<String, Value> {
        &self.json
    }

    /// Tells if the package has a `main` of its own.
    pub(crate) fn has_main(&self) -> bool {
        self.json.contains_key("main")
    }

    /// The text of package.json for a .wasm and the files that are in the package's folder.
    pub(crate) fn finish(&self, wasm: &[u8], folder: &Path) -> Result<String> {
        let mut json = self.json.clone();
        if !self.has_main() {
            json.insert("main".into(), MAIN.into());
        }
        if !json.contains_key(keys::CAPABILITIES) {
            let mut needed = required_capabilities(wasm);
            needed.extend(self.capabilities.clone());
            json.insert(keys::CAPABILITIES.into(), needed.into());
        }
        json.insert("files".into(), files(folder)?);
        Ok(serde_json::to_string_pretty(&json)? + "\n")
    }
}

/// All that is in the folder: what is published is what was built.
fn files(folder: &Path) -> Result<Value> {
    let mut names = Vec::new();
    for entry in folder.read_dir()? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.retain(|name| name != "package.json");
    names.sort();
    Ok(names.into())
}
