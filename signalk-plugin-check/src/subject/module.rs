//! A .wasm file.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, Result};
use serde_json::Value;
use signalk_plugin_host::{Capability, Host, Module, Package};

use super::package::PackageFolder;

/// A module, with the package that the server would take it for.
#[derive(Debug, Clone)]
pub struct ModuleFile {
    /// The file.
    pub file: PathBuf,
    /// The contents.
    pub wasm: Vec<u8>,
    /// As the server reads its package.json.
    pub package: Package,
    schema: OnceLock<Option<Value>>,
}

impl ModuleFile {
    pub(super) fn read(file: &Path, folder: Option<&PackageFolder>) -> Result<Self> {
        let wasm = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
        Ok(Self::new(file, wasm, folder))
    }

    /// A module of a package; without one, of a package that grants everything.
    #[must_use]
    pub fn new(file: &Path, wasm: Vec<u8>, folder: Option<&PackageFolder>) -> Self {
        let package = folder.and_then(|it| Package::from_json(&it.json.text).ok());
        let package = package.unwrap_or_else(|| {
            Capability::ALL.into_iter().fold(Package::new("plugin"), Package::capability)
        });
        Self { file: file.to_owned(), wasm, package, schema: OnceLock::new() }
    }

    /// The schema that it tells a server, asked for once; `None` where that is no JSON.
    pub(crate) fn schema(&self) -> Option<&Value> {
        let ask = || {
            let loaded = Module::load(&self.wasm, self.package.clone()).ok()?;
            let plugin = Host::new().install(loaded).ok()?;
            serde_json::from_str(plugin.schema()).ok()
        };
        self.schema.get_or_init(ask).as_ref()
    }
}
