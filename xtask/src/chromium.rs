//! The browser in which pages and forms are tested, and the program that drives it.

use std::path::PathBuf;

use anyhow::{Result, bail};
use signalk_plugin_build::command;

use crate::toolchain;

/// Names that Chromium, and what takes its options, goes by.
const BROWSERS: [&str; 4] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// The program that drives it.
pub(crate) const DRIVER: &str = "chromedriver";

/// The browser. It and its driver are installed where that is allowed and they are not there.
pub(crate) fn set_up() -> Result<PathBuf> {
    if let Some(browser) = find() {
        return Ok(browser);
    }
    if command::is_there("apt-get") {
        toolchain::install_debian_packages(
            &["chromium", "chromium-driver"],
            "to look at pages in a browser",
        )?;
        if let Some(browser) = find() {
            return Ok(browser);
        }
    }
    bail!(
        "the tests of pages and forms need Chromium or Chrome (one of {}), and the {DRIVER} that is \
         made for it, in PATH: install both, or leave these tests out with `--skip browser forms`",
        BROWSERS.join(", ")
    )
}

/// Not started to be asked for its version, for a browser takes its time.
fn find() -> Option<PathBuf> {
    let browser = BROWSERS.into_iter().find_map(command::find_in_path)?;
    command::find_in_path(DRIVER)?;
    Some(browser)
}
