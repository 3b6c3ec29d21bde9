//! The directories that the server makes for a plugin.

use std::io;
use std::path::{Path, PathBuf};

use signalk_server_model::ConfigStore;

use crate::options::Files as Policy;

/// `plugin-config-data`, real or temporary, as far as a plugin's files are concerned.
pub(super) struct Files {
    root: PathBuf,
    /// Deletes the directory at the end, where the configuration store is in memory.
    _temporary: Option<tempfile::TempDir>,
    id: String,
    policy: Policy,
}

impl Files {
    pub(super) fn new(store: &ConfigStore, id: String, policy: Policy) -> io::Result<Self> {
        let (root, temporary) = match store.directory_path() {
            Some(directory) => (directory.to_owned(), None),
            None => {
                let temporary = tempfile::tempdir()?;
                (temporary.path().to_owned(), Some(temporary))
            }
        };
        Ok(Self { root, _temporary: temporary, id, policy })
    }

    /// The directory of the instance that is made at server start.
    pub(super) fn at_start(&self) -> io::Result<PathBuf> {
        made(self.root.join(format!(".temp-{}", self.id)))
    }

    /// The directory of an instance that is made by enabling.
    pub(super) fn on_enable(&self) -> io::Result<PathBuf> {
        made(self.vfs())
    }

    /// What the server does once a plugin is loaded that is not disabled: makes the lasting
    /// directory and deletes the one that the instance has got.
    pub(super) fn after_load(&self) -> io::Result<()> {
        for name in ["data", "config", "tmp"] {
            made(self.vfs().join(name))?;
        }
        match self.policy {
            Policy::Present => Ok(()),
            Policy::AsServer | Policy::Absent => {
                deleted(&self.root.join(format!(".temp-{}", self.id)))
            }
        }
    }

    /// Deletes the directory of an instance that was made by enabling, where that was asked for.
    pub(super) fn after_enable(&self) -> io::Result<()> {
        match self.policy {
            Policy::Absent => deleted(&self.vfs()),
            Policy::AsServer | Policy::Present => Ok(()),
        }
    }

    /// Where an instance that was made by enabling has its files.
    pub(super) fn vfs(&self) -> PathBuf {
        self.root.join(&self.id).join("vfs")
    }
}

fn made(directory: PathBuf) -> io::Result<PathBuf> {
    std::fs::create_dir_all(&directory)?;
    Ok(directory)
}

fn deleted(directory: &Path) -> io::Result<()> {
    match std::fs::remove_dir_all(directory) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
