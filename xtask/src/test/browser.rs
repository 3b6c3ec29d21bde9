//! The browser in which pages are looked at.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::command;
use crate::toolchain;

/// Names that Chromium, and what takes its options, goes by.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Debian's package of it.
const PACKAGE: &str = "chromium";

/// The browser that is there, or on Debian the one that is installed now.
pub(super) fn set_up() -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    if command::is_there("apt-get") {
        toolchain::install_debian(&[PACKAGE], "to look at pages in a browser")?;
        if let Some(found) = find() {
            return Ok(found);
        }
    }
    bail!(
        "there is no browser to look at pages with: install Chromium or Chrome, so that one of {} \
         is in PATH",
        NAMES.join(", ")
    )
}

fn find() -> Option<PathBuf> {
    NAMES.into_iter().find_map(command::find_in_path)
}
