//! Built plugins as packages, for the embedded host and, changed in some way, for a server.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;
use signalk_plugin_host::{Module, Package};
use tempfile::TempDir;

use crate::env::plugin_folder;

/// A built plugin: its package.json, and a .wasm.
pub struct BuiltPlugin {
    manifest: Value,
    wasm: PathBuf,
}

impl BuiltPlugin {
    /// The plugin of a package of this workspace.
    ///
    /// # Errors
    ///
    /// Where it was not built.
    pub fn of(package: &str) -> Result<Self> {
        Self::in_folder(&plugin_folder(package)?)
    }

    /// The plugin in a folder.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub fn in_folder(folder: &Path) -> Result<Self> {
        let text = fs::read_to_string(folder.join("package.json"))
            .with_context(|| format!("there is no built plugin in {}", folder.display()))?;
        let manifest: Value = serde_json::from_str(&text)?;
        let wasm = manifest["wasmManifest"].as_str().context("no wasmManifest in package.json")?;
        Ok(Self { wasm: folder.join(wasm), manifest })
    }

    /// The same under another name.
    #[must_use]
    pub fn renamed(mut self, name: &str) -> Self {
        self.manifest["name"] = name.into();
        self
    }

    /// The same with some capabilities less.
    ///
    /// # Errors
    ///
    /// Where it did not have one of them.
    pub fn without(mut self, capabilities: &[&str]) -> Result<Self> {
        let granted = self.manifest["wasmCapabilities"].as_object_mut();
        let granted = granted.context("package.json grants nothing")?;
        for capability in capabilities {
            granted.remove(*capability).with_context(|| format!("{capability} was not granted"))?;
        }
        Ok(self)
    }

    /// Compiled, for the embedded host.
    ///
    /// # Errors
    ///
    /// Where the host refuses it.
    pub fn module(&self) -> Result<Module> {
        self.compiled(&fs::read(&self.wasm)?)
    }

    /// As [`Self::module`], of a later build: other bytes.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn later_module(&self) -> Result<Module> {
        self.compiled(&later(&fs::read(&self.wasm)?))
    }

    fn compiled(&self, wasm: &[u8]) -> Result<Module> {
        let package = Package::from_json(&self.manifest.to_string())?;
        Ok(Module::load(wasm, package)?)
    }

    /// A folder with it, for a server.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn copy(&self) -> Result<TempDir> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("package.json"), self.manifest.to_string())?;
        let name = self.wasm.file_name().context("the .wasm has no name")?;
        fs::copy(&self.wasm, folder.path().join(name))?;
        Ok(folder)
    }
}

/// The same module with other bytes, as a later build would have: a custom section more.
#[must_use]
pub fn later(wasm: &[u8]) -> Vec<u8> {
    [wasm, b"\x00\x06\x05later"].concat()
}
