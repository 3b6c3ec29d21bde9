//! The folder of a finished package, as a server takes it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use signalk_server_model::app_store::pictures;

use crate::files::write;
use crate::manifest::{MAIN, MAIN_TEXT, Manifest};
use crate::package_files;

/// Beginnings of the names that a licence goes by.
const LICENCES: [&str; 2] = ["LICENSE", "LICENCE"];

/// The parts of a package.
pub(crate) struct Parts<'a> {
    /// The folder of the plugin.
    pub(crate) plugin: &'a Path,
    /// The folder of its workspace, whose licence is that of a plugin without one.
    pub(crate) workspace: &'a Path,
    pub(crate) manifest: &'a Manifest,
    pub(crate) wasm: &'a [u8],
}

impl Parts<'_> {
    /// Puts the package into a folder in place of an earlier one, and returns where its .wasm is.
    pub(crate) fn put(&self, folder: &Path) -> Result<PathBuf> {
        let name = folder.file_name().context("a package has a name")?.to_string_lossy();
        let building = folder.with_file_name(format!(".building-{name}"));
        remove(&building)?;
        self.write(&building)?;
        remove(folder)?;
        fs::rename(&building, folder)
            .with_context(|| format!("{} could not be put in place", folder.display()))?;
        Ok(folder.join(self.manifest.wasm()))
    }

    fn write(&self, folder: &Path) -> Result<()> {
        let wasm = folder.join(self.manifest.wasm());
        fs::create_dir_all(wasm.parent().unwrap_or(folder))?;
        package_files::copy(self.plugin, self.manifest.json(), folder)?;
        self.add_licence(folder)?;
        self.all_that_is_shown_is_there(folder)?;
        write(&wasm, self.wasm)?;
        if !self.manifest.has_main() {
            write(&folder.join(MAIN), MAIN_TEXT.as_bytes())?;
        }
        let package_json = self.manifest.finish(self.wasm, folder)?;
        write(&folder.join("package.json"), package_json.as_bytes())
    }

    fn add_licence(&self, folder: &Path) -> Result<()> {
        if !licences(folder)?.is_empty() {
            return Ok(());
        }
        for licence in licences(self.workspace)? {
            let name = licence.file_name().unwrap_or_default();
            fs::copy(&licence, folder.join(name))
                .with_context(|| format!("{} could not be copied", licence.display()))?;
        }
        Ok(())
    }

    /// Refuses a package without the pictures that its package.json names for the App Store.
    fn all_that_is_shown_is_there(&self, folder: &Path) -> Result<()> {
        let json = Value::Object(self.manifest.json().clone());
        for picture in pictures(&json) {
            if !folder.join(picture.path.trim_start_matches("./")).is_file() {
                bail!(
                    "the {} {} is not in the package: put the file there, in {}, or leave it out; a \
                     folder other than assets and public has to be named in `files`",
                    picture.kind(),
                    picture.path,
                    self.plugin.display()
                );
            }
        }
        Ok(())
    }
}

fn licences(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in folder.read_dir()? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_uppercase();
        if entry.file_type()?.is_file() && LICENCES.iter().any(|it| name.starts_with(it)) {
            found.push(entry.path());
        }
    }
    Ok(found)
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("{} could not be emptied", folder.display()))?;
    }
    Ok(())
}
