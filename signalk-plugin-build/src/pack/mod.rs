//! The package as npm takes it.

mod advice;
mod tarball;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::files::write_if_changed;
use crate::plugin_build::BuiltPlugin;

/// A package that is packed.
#[derive(Debug, Clone)]
pub struct Packed {
    /// The name of its file, as npm would call it.
    pub file_name: String,
    /// The bytes of the file: the same each time for the same package.
    pub tarball: Vec<u8>,
    /// Its files with their sizes in bytes.
    pub files: Vec<(String, u64)>,
    /// Things that the App Store and the plugin registry would miss, a sentence each.
    pub advice: Vec<String>,
}

impl Packed {
    /// Packs a built plugin.
    ///
    /// # Errors
    ///
    /// When its folder cannot be read.
    pub fn of(built: &BuiltPlugin) -> Result<Self> {
        let (tarball, files) = tarball::of(&built.folder)
            .with_context(|| format!("{} could not be packed", built.folder.display()))?;
        let text = fs::read_to_string(built.folder.join("package.json"))?;
        let package_json: Value = serde_json::from_str(&text)?;
        Ok(Self {
            file_name: format!("{}-{}.tgz", built.name, built.version),
            tarball,
            files,
            advice: advice::of(&package_json, &built.folder),
        })
    }

    /// Writes the file into a folder, and returns where it is.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn write(&self, folder: &Path) -> Result<PathBuf> {
        let file = folder.join(&self.file_name);
        write_if_changed(&file, &self.tarball)?;
        Ok(file)
    }
}
