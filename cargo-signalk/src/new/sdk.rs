//! The source of a new plugin's SDK.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use signalk_plugin_build::cargo_metadata::semver::VersionReq;
use toml_edit::{InlineTable, Value};

/// The crate, and its folder in the repository.
pub(super) const SDK: &str = "signalk-plugin-sdk";

/// A folder, a version on the registry, or a git repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sdk {
    Folder(PathBuf),
    Version(String),
    Git(String),
}

impl Sdk {
    /// The clone that this program was built from, while that is there; else the same version as this
    /// program.
    pub(crate) fn usual() -> Self {
        let clone = option_env!("SIGNALK_SDK_CLONE").map(|clone| Path::new(clone).join(SDK));
        match clone.filter(|folder| folder.join("Cargo.toml").is_file()) {
            Some(folder) => Self::Folder(folder),
            None => Self::Version(env!("CARGO_PKG_VERSION").to_owned()),
        }
    }

    /// Reads what the command line says.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        if text.contains("://") || text.starts_with("git@") {
            return Ok(Self::Git(text.to_owned()));
        }
        let folder = Path::new(text);
        if folder.is_dir() {
            return Self::in_folder(folder);
        }
        if VersionReq::parse(text).is_ok() {
            return Ok(Self::Version(text.to_owned()));
        }
        bail!(
            "--sdk is {text}, which is no folder, no version such as 0.1, and no address of a git \
             repository such as https://example.org/sdk.git"
        )
    }

    /// The folder of the crate, or of the repository with it.
    fn in_folder(folder: &Path) -> Result<Self> {
        let candidates = [folder.join(SDK), folder.to_path_buf()];
        let found = candidates.iter().find(|it| is_sdk(it)).with_context(|| {
            format!(
                "--sdk is {}, where there is no crate {SDK}: name its folder, or that of its repository",
                folder.display()
            )
        })?;
        Ok(Self::Folder(found.canonicalize()?))
    }

    /// As a dependency, with the features that the template wants.
    pub(super) fn dependency(&self, features: Option<&Value>) -> InlineTable {
        let mut table = InlineTable::new();
        match self {
            Self::Folder(folder) => table.insert("path", folder.display().to_string().into()),
            Self::Version(version) => table.insert("version", version.as_str().into()),
            Self::Git(address) => table.insert("git", address.as_str().into()),
        };
        if let Some(features) = features {
            table.insert("features", features.clone());
        }
        table
    }

    /// The arguments of `cargo install` that bring this program to another machine.
    pub(super) fn install_arguments(&self) -> String {
        match self {
            Self::Git(address) => format!("--git {address} cargo-signalk"),
            Self::Folder(_) | Self::Version(_) => {
                format!("cargo-signalk --version {}", env!("CARGO_PKG_VERSION"))
            }
        }
    }
}

fn is_sdk(folder: &Path) -> bool {
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    manifest.lines().any(|line| line.trim() == format!("name = \"{SDK}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_a_version_and_an_address_are_told_apart() {
        let git = "https://example.org/sdk.git";
        assert_eq!(Sdk::parse(git).unwrap(), Sdk::Git(git.to_owned()));
        assert_eq!(Sdk::parse("0.1").unwrap(), Sdk::Version("0.1".to_owned()));
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let sdk = Sdk::Folder(repository.join(SDK).canonicalize().unwrap());
        assert_eq!(Sdk::parse(&repository.display().to_string()).unwrap(), sdk);
        assert_eq!(Sdk::parse(&repository.join(SDK).display().to_string()).unwrap(), sdk);
        let error = Sdk::parse("../nowhere").unwrap_err().to_string();
        assert!(error.contains("no folder, no version"), "{error}");
        let error = Sdk::parse(env!("CARGO_MANIFEST_DIR")).unwrap_err().to_string();
        assert!(error.contains("there is no crate signalk-plugin-sdk"), "{error}");
    }
}
