//! Where things are: the folders of this workspace and what is kept below its target folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use cargo_metadata::{MetadataCommand, Package};

/// The workspace as cargo sees it.
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
    packages: Vec<Package>,
}

impl Workspace {
    /// Asks cargo, so that `CARGO_TARGET_DIR` and cargo's configuration are honoured.
    pub(crate) fn load() -> Result<Self> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
        let metadata = MetadataCommand::new()
            .manifest_path(manifest)
            .no_deps()
            .exec()
            .context("cargo cannot read this workspace")?;
        Ok(Self {
            root: metadata.workspace_root.into(),
            target: metadata.target_directory.into(),
            packages: metadata.packages,
        })
    }

    /// The cargo that runs xtask.
    pub(crate) fn cargo(&self) -> Command {
        Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }

    /// The version of a dependency that Cargo.lock has.
    pub(crate) fn locked_version(&self, name: &str) -> Result<Option<String>> {
        let metadata = MetadataCommand::new()
            .manifest_path(self.root.join("Cargo.toml"))
            .exec()
            .context("cargo cannot resolve the dependencies of this workspace")?;
        let found = metadata.packages.iter().find(|package| package.name == name);
        Ok(found.map(|package| package.version.to_string()))
    }

    /// The folder that holds the workspace's Cargo.toml.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The target folder; all that xtask makes is below it.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Target folder of all wasm builds, apart from the host's since their rustc may be another one.
    pub(crate) fn wasm_target(&self) -> PathBuf {
        self.target.join("wasm")
    }

    /// Holds one folder for each built plugin, ready to be linked into a server's node_modules.
    pub(crate) fn plugins(&self) -> PathBuf {
        self.target.join("plugins")
    }

    /// Helper programs that the tests need.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// The workspace's package of that name.
    pub(crate) fn package(&self, name: &str) -> Result<&Package> {
        let found = self.packages.iter().find(|package| package.name == name);
        match found {
            Some(package) => Ok(package),
            None => bail!(
                "there is no package `{name}` in {}, nor a folder `{name}` with a Cargo.toml",
                self.root.display()
            ),
        }
    }

    /// The packages below `examples/`: each is a plugin.
    pub(crate) fn examples(&self) -> Vec<&Package> {
        let folder = self.root.join("examples");
        self.packages
            .iter()
            .filter(|package| package.manifest_path.as_std_path().starts_with(&folder))
            .collect()
    }

    /// The plugins that only the tests use.
    pub(crate) fn test_plugins(&self) -> Vec<&Package> {
        let folder = self.root.join("tests/plugins");
        self.packages
            .iter()
            .filter(|package| package.manifest_path.as_std_path().starts_with(&folder))
            .collect()
    }

    /// The packages that are meant for the registry.
    pub(crate) fn published(&self) -> Vec<&Package> {
        self.packages
            .iter()
            .filter(|package| package.publish.as_ref().is_none_or(|to| !to.is_empty()))
            .collect()
    }
}

/// The package whose Cargo.toml is in `folder`.
pub(crate) fn package_in(folder: &Path) -> Result<Package> {
    let manifest = folder.join("Cargo.toml").canonicalize()?;
    let metadata = MetadataCommand::new()
        .manifest_path(&manifest)
        .no_deps()
        .exec()
        .with_context(|| format!("cargo cannot read {}", manifest.display()))?;
    let is_it = |package: &Package| package.manifest_path.as_std_path() == manifest;
    let found = metadata.packages.into_iter().find(is_it);
    found.with_context(|| format!("{} has no [package]", manifest.display()))
}
