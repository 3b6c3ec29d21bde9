//! The subjects of a check.

mod cargo_toml;
mod dependencies;
mod json_text;
mod module;
mod package;
mod sources;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

pub use cargo_toml::Crate;
pub(crate) use cargo_toml::get;
pub use dependencies::{Dependencies, Dependency};
pub use json_text::JsonText;
pub use module::ModuleFile;
pub use package::PackageFolder;
pub(crate) use package::{PACKAGE_JSON, bare};
pub use sources::Text;

/// A plugin, or what there is of one.
#[derive(Debug, Clone, Default)]
pub struct Subject {
    /// Its .wasm.
    pub module: Option<ModuleFile>,
    /// Its package.
    pub package: Option<PackageFolder>,
    /// The crate that it is built from.
    pub krate: Option<Crate>,
}

impl Subject {
    /// Reads what there is: of a .wasm with the package.json beside it, of a package, or of a crate.
    ///
    /// # Errors
    ///
    /// When there is nothing to check, or it cannot be read.
    pub fn read(path: &Path) -> Result<Self> {
        Self::read_with(path, &[])
    }

    /// As [`read`](Self::read), with arguments for cargo, which is asked for the dependencies of a crate: `--locked`.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn read_with(path: &Path, cargo_arguments: &[&str]) -> Result<Self> {
        if path.is_dir() {
            return Self::of_folder(path, cargo_arguments);
        }
        if !path.exists() {
            bail!(
                "there is no {}: give a .wasm file, or the folder of a package or a crate",
                path.display()
            );
        }
        if path.file_name().is_some_and(|name| name == PACKAGE_JSON || name == "Cargo.toml") {
            return Self::of_folder(&folder_of(path), cargo_arguments);
        }
        // The package that names this very file; any other says nothing of it.
        let package = PackageFolder::read(&folder_of(path))?;
        let package = package.filter(|it| {
            it.manifest()
                .is_some_and(|manifest| path.file_name() == Path::new(manifest).file_name())
        });
        Ok(Self { module: Some(ModuleFile::read(path, package.as_ref())?), package, krate: None })
    }

    fn of_folder(folder: &Path, cargo_arguments: &[&str]) -> Result<Self> {
        let package = PackageFolder::read(folder)?;
        let krate = Crate::read(folder, cargo_arguments)?;
        if package.is_none() && krate.is_none() {
            bail!(
                "there is neither a package.json nor a Cargo.toml in {}: give a .wasm file, or the folder of a \
                 package or a crate",
                folder.display()
            );
        }
        let wasm = package.as_ref().and_then(|package| {
            let manifest = package.manifest().filter(|manifest| package.has_file(manifest))?;
            Some(folder.join(bare(manifest)))
        });
        let module = wasm.map(|file| ModuleFile::read(&file, package.as_ref())).transpose()?;
        Ok(Self { module, package, krate })
    }
}

fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}
