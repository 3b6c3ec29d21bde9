//! The directory behind `/`.

use std::any::Any;
use std::io;
use std::path::{Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use wasmi_wasi::wasi_common::dir::{OpenResult, ReaddirCursor, ReaddirEntity, WasiDir};
use wasmi_wasi::wasi_common::file::{FdFlags, Filestat, OFlags};
use wasmi_wasi::wasi_common::sync::dir::Dir as SyncDir;
use wasmi_wasi::wasi_common::{Error, SystemTimeSpec};

/// A preopened directory that is looked up by its path in every call, as Node.js does, and not held
/// open: once the server has deleted it, everything in it is "not found", and creating `/` brings it back.
pub(crate) struct Preopened {
    root: PathBuf,
}

impl Preopened {
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    fn open(&self) -> io::Result<SyncDir> {
        Dir::open_ambient_dir(&self.root, ambient_authority()).map(SyncDir::from_cap_std)
    }
}

/// A path with its `..` resolved as text, none of which leads above the root; `.` for the root.
fn inside(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

#[async_trait::async_trait]
impl WasiDir for Preopened {
    fn as_any(&self) -> &dyn Any {
        self
    }

    async fn open_file(
        &self,
        symlink_follow: bool,
        path: &str,
        oflags: OFlags,
        read: bool,
        write: bool,
        fdflags: FdFlags,
    ) -> Result<OpenResult, Error> {
        WasiDir::open_file(
            &self.open()?,
            symlink_follow,
            &inside(path),
            oflags,
            read,
            write,
            fdflags,
        )
        .await
    }

    async fn create_dir(&self, path: &str) -> Result<(), Error> {
        if inside(path) == "." {
            return Ok(std::fs::create_dir(&self.root)?);
        }
        WasiDir::create_dir(&self.open()?, &inside(path)).await
    }

    async fn readdir(
        &self,
        cursor: ReaddirCursor,
    ) -> Result<Box<dyn Iterator<Item = Result<ReaddirEntity, Error>> + Send>, Error> {
        self.open()?.readdir(cursor).await
    }

    async fn symlink(&self, old_path: &str, new_path: &str) -> Result<(), Error> {
        WasiDir::symlink(&self.open()?, old_path, &inside(new_path)).await
    }

    async fn remove_dir(&self, path: &str) -> Result<(), Error> {
        WasiDir::remove_dir(&self.open()?, &inside(path)).await
    }

    async fn unlink_file(&self, path: &str) -> Result<(), Error> {
        WasiDir::unlink_file(&self.open()?, &inside(path)).await
    }

    async fn read_link(&self, path: &str) -> Result<PathBuf, Error> {
        WasiDir::read_link(&self.open()?, &inside(path)).await
    }

    async fn get_filestat(&self) -> Result<Filestat, Error> {
        self.open()?.get_filestat().await
    }

    async fn get_path_filestat(
        &self,
        path: &str,
        follow_symlinks: bool,
    ) -> Result<Filestat, Error> {
        self.open()?.get_path_filestat(&inside(path), follow_symlinks).await
    }

    async fn rename(
        &self,
        path: &str,
        dest_dir: &dyn WasiDir,
        dest_path: &str,
    ) -> Result<(), Error> {
        let here = self.open()?;
        match dest_dir.as_any().downcast_ref::<Self>() {
            Some(dest) => {
                WasiDir::rename(&here, &inside(path), &dest.open()?, &inside(dest_path)).await
            }
            None => WasiDir::rename(&here, &inside(path), dest_dir, dest_path).await,
        }
    }

    async fn hard_link(
        &self,
        path: &str,
        target_dir: &dyn WasiDir,
        target_path: &str,
    ) -> Result<(), Error> {
        let here = self.open()?;
        match target_dir.as_any().downcast_ref::<Self>() {
            Some(target) => {
                WasiDir::hard_link(&here, &inside(path), &target.open()?, &inside(target_path))
                    .await
            }
            None => WasiDir::hard_link(&here, &inside(path), target_dir, target_path).await,
        }
    }

    async fn set_times(
        &self,
        path: &str,
        atime: Option<SystemTimeSpec>,
        mtime: Option<SystemTimeSpec>,
        follow_symlinks: bool,
    ) -> Result<(), Error> {
        WasiDir::set_times(&self.open()?, &inside(path), atime, mtime, follow_symlinks).await
    }
}
