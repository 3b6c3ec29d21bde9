//! A second target folder for cargo that begins as a copy of the first, so that what both have in common
//! is built once.

use std::fs::{self, File, FileTimes};
use std::path::Path;

use anyhow::{Context, Result};

/// Copies a folder with the times of its files, by which cargo tells that they are up to date. A copy that
/// is there already is left alone.
pub(crate) fn copy_once(from: &Path, to: &Path) -> Result<()> {
    if to.exists() || !from.exists() {
        return Ok(());
    }
    let copied = copy(from, to);
    if copied.is_err() {
        // A part of it could be taken for the whole.
        fs::remove_dir_all(to).ok();
    }
    copied.with_context(|| format!("{} could not be copied", from.display()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in from.read_dir()? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
            continue;
        }
        fs::copy(entry.path(), &to)?;
        let modified = entry.metadata()?.modified()?;
        File::options()
            .append(true)
            .open(&to)?
            .set_times(FileTimes::new().set_modified(modified))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::time::{Duration, SystemTime};

    #[test]
    fn files_are_copied_with_their_times_and_once() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("a"), folder.path().join("b"));
        copy_once(&from, &to).unwrap();
        assert!(!to.exists(), "there is nothing to copy");
        fs::create_dir_all(from.join("deps")).unwrap();
        fs::write(from.join("deps/x.rlib"), "x").unwrap();
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let file = File::options().append(true).open(from.join("deps/x.rlib")).unwrap();
        file.set_times(FileTimes::new().set_modified(long_ago)).unwrap();
        copy_once(&from, &to).unwrap();
        assert_eq!(to.join("deps/x.rlib").metadata().unwrap().modified().unwrap(), long_ago);
        fs::write(from.join("deps/x.rlib"), "y").unwrap();
        copy_once(&from, &to).unwrap();
        assert_eq!(fs::read_to_string(to.join("deps/x.rlib")).unwrap(), "x");
    }
}
