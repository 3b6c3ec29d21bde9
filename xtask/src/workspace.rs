//! Where things are: the folders of this workspace and what is kept below its target folder.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use cargo_metadata::{MetadataCommand, Package};
use signalk_plugin_build::Project;

/// The workspace as cargo sees it.
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
    packages: Vec<Package>,
    project: OnceCell<Project>,
}

impl Workspace {
    /// Asks cargo, so that `CARGO_TARGET_DIR` and cargo's configuration are honoured.
    ///
    /// The workspace is that of the running `cargo xtask`, or else of the current folder. Where xtask
    /// was compiled does not matter: a clone that was copied or moved comes with an xtask that cargo
    /// takes for up to date.
    pub(crate) fn load() -> Result<Self> {
        Self::of(&match std::env::var_os("CARGO_MANIFEST_DIR") {
            Some(xtask) => PathBuf::from(xtask),
            None => std::env::current_dir().context("there is no current folder")?,
        })
    }

    /// The workspace that a folder belongs to.
    fn of(folder: &Path) -> Result<Self> {
        let metadata =
            MetadataCommand::new().current_dir(folder).no_deps().exec().with_context(|| {
                format!("cargo cannot read a workspace in {}", folder.display())
            })?;
        if !metadata.packages.iter().any(|package| package.name == env!("CARGO_PKG_NAME")) {
            bail!(
                "{} is in the workspace {}, which has no package {}: run `cargo xtask` in the \
                 folder of the SDK's repository",
                folder.display(),
                metadata.workspace_root,
                env!("CARGO_PKG_NAME")
            );
        }
        Ok(Self {
            root: metadata.workspace_root.into(),
            target: metadata.target_directory.into(),
            packages: metadata.packages,
            project: OnceCell::new(),
        })
    }

    /// The cargo that runs xtask.
    pub(crate) fn cargo(&self) -> Command {
        signalk_plugin_build::cargo()
    }

    /// The workspace with all that it depends on, as plugins are built from it.
    pub(crate) fn project(&self) -> Result<&Project> {
        if let Some(project) = self.project.get() {
            return Ok(project);
        }
        let project = Project::load(&self.root)?;
        Ok(self.project.get_or_init(|| project))
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
        found.with_context(|| format!("there is no package `{name}` in {}", self.root.display()))
    }

    /// The test programs of a package, by the names of their files.
    pub(crate) fn test_files(&self, package: &str) -> Result<Vec<String>> {
        let targets = self.package(package)?.targets.iter();
        Ok(targets.filter(|target| target.is_test()).map(|target| target.name.clone()).collect())
    }

    /// The packages below `examples/`: each is a plugin.
    pub(crate) fn examples(&self) -> Vec<&Package> {
        self.below("examples")
    }

    /// The plugins that only the tests use.
    pub(crate) fn test_plugins(&self) -> Vec<&Package> {
        self.below("tests/plugins")
    }

    /// The plugins that are measured.
    pub(crate) fn bench_plugins(&self) -> Vec<&Package> {
        self.below("bench/plugins")
    }

    fn below(&self, folder: &str) -> Vec<&Package> {
        let folder = self.root.join(folder);
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

#[cfg(test)]
mod tests {
    use super::*;

    use std::fs;

    fn write(file: &Path, text: &str) {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// As in a clone that was copied: the program was compiled elsewhere.
    #[test]
    fn the_workspace_is_the_one_that_xtask_runs_in_and_not_where_it_was_compiled() {
        let copied = tempfile::tempdir().unwrap();
        let root = copied.path().canonicalize().unwrap();
        write(&root.join("Cargo.toml"), "[workspace]\nmembers = [\"xtask\"]\n");
        let package = "[package]\nname = \"xtask\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
        write(&root.join("xtask/Cargo.toml"), package);
        write(&root.join("xtask/src/main.rs"), "fn main() {}\n");
        let workspace = Workspace::of(&root.join("xtask")).unwrap();
        assert_eq!(workspace.root(), root);
        assert!(workspace.plugins().ends_with("plugins"));
    }

    #[test]
    fn a_folder_of_another_workspace_is_refused_with_a_sentence() {
        let other = tempfile::tempdir().unwrap();
        let package = "[package]\nname = \"other\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
        write(&other.path().join("Cargo.toml"), package);
        write(&other.path().join("src/lib.rs"), "");
        let error = Workspace::of(other.path()).err().unwrap().to_string();
        assert!(error.contains("run `cargo xtask` in the folder"), "{error}");
    }
}
