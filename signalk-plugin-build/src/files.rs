//! Writing files.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Leaves the file's time alone where nothing changes, so that cargo sees no change either.
pub(crate) fn write_if_changed(file: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(file).is_ok_and(|found| found == bytes) {
        return Ok(());
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    write(file, bytes)
}

/// Writes a file, or says which one could not be written.
pub(crate) fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(file, bytes).with_context(|| format!("{} could not be written", file.display()))
}
