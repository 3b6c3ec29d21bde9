//! The crate or workspace in which the plugins are.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use cargo_metadata::{CrateType, Metadata, MetadataCommand, Package, Target};

/// The crate that every plugin depends on.
const SDK: &str = "signalk-plugin-sdk";

/// A crate or workspace as cargo sees it, with all that it depends on.
#[derive(Debug, Clone)]
pub struct Project {
    metadata: Metadata,
}

impl Project {
    /// The project that a folder belongs to: its Cargo.toml, or the nearest above.
    ///
    /// # Errors
    ///
    /// When there is none, or cargo cannot read it.
    pub fn load(folder: &Path) -> Result<Self> {
        Self::load_with(folder, &[])
    }

    /// As [`load`](Self::load), with arguments for cargo: `--locked`. Without that one, cargo brings Cargo.lock up to
    /// date.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load).
    pub fn load_with(folder: &Path, cargo_arguments: &[&str]) -> Result<Self> {
        if !folder.is_dir() {
            bail!("there is no folder {}", folder.display());
        }
        let mut metadata = MetadataCommand::new();
        metadata
            .other_options(cargo_arguments.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
        let metadata = metadata.current_dir(folder).exec().with_context(|| {
            format!("cargo cannot read the crate or workspace in {}", folder.display())
        })?;
        Ok(Self { metadata })
    }

    /// The folder of the workspace, or of the crate where it is in none.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.metadata.workspace_root.as_std_path()
    }

    /// The target folder of cargo.
    #[must_use]
    pub fn target(&self) -> &Path {
        self.metadata.target_directory.as_std_path()
    }

    /// The folder of everything that is kept of builds.
    #[must_use]
    pub fn state(&self) -> PathBuf {
        self.target().join("signalk")
    }

    /// The plugins: that of the folder, or all of a workspace whose folder has no crate of its own.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn plugins(&self) -> Result<Vec<&Package>> {
        if let Some(package) = self.metadata.root_package() {
            library(package)?;
            return Ok(vec![package]);
        }
        let members = self.metadata.workspace_packages().into_iter();
        let plugins: Vec<_> = members.filter(|package| is_plugin(package)).collect();
        if plugins.is_empty() {
            bail!(
                "no member of the workspace {} is a plugin: a plugin has crate-type = [\"cdylib\"] in \
                 [lib] and depends on {SDK}",
                self.root().display()
            );
        }
        Ok(plugins)
    }

    /// The member of that name.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn package(&self, name: &str) -> Result<&Package> {
        let members = self.metadata.workspace_packages();
        let found = members.iter().find(|package| package.name == name);
        found.copied().with_context(|| {
            let names: Vec<_> = members.iter().map(|package| package.name.as_str()).collect();
            format!(
                "there is no package `{name}` in {}; those there are: {}",
                self.root().display(),
                names.join(", ")
            )
        })
    }

    /// The folders of the packages that come from a folder outside of this workspace, with their names.
    pub(crate) fn folders_elsewhere(&self) -> Vec<(&str, &Path)> {
        let from_folders = self.metadata.packages.iter().filter(|it| it.source.is_none());
        let mut folders: Vec<_> = from_folders
            .map(|package| (package.name.as_str(), folder(package)))
            .filter(|(_, folder)| !folder.starts_with(self.root()))
            .collect();
        folders.sort();
        folders
    }
}

/// The folder of a package.
#[must_use]
pub fn folder(package: &Package) -> &Path {
    let folder = package.manifest_path.parent();
    folder.map_or_else(|| package.manifest_path.as_std_path(), |it| it.as_std_path())
}

fn is_plugin(package: &Package) -> bool {
    library(package).is_ok() && sdk(package).is_some()
}

fn sdk(package: &Package) -> Option<&cargo_metadata::Dependency> {
    package.dependencies.iter().find(|it| it.name == SDK)
}

/// Tells if it has the SDK's feature for https, whose cryptography is written in C.
pub(crate) fn uses_https(package: &Package) -> bool {
    sdk(package).is_some_and(|sdk| sdk.features.iter().any(|feature| feature == "tls"))
}

/// The target that becomes the .wasm.
pub(crate) fn library(package: &Package) -> Result<&Target> {
    let library = package.targets.iter().find(|it| it.crate_types.contains(&CrateType::CDyLib));
    library.with_context(|| {
        format!(
            "{} builds no .wasm: its Cargo.toml needs crate-type = [\"cdylib\"] in [lib]",
            package.name
        )
    })
}

/// The cargo of the toolchain that runs, or that of `PATH`.
#[must_use]
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}
