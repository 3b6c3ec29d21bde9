//! A page in a real browser, headless.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::env;

/// The page at an address, written as HTML again after its scripts have run.
///
/// # Errors
///
/// If [`env::CHROMIUM`] is not set, or the browser fails.
pub fn page_after_scripts(url: &str) -> Result<String> {
    let browser: PathBuf = env::chromium()?;
    let profile = tempfile::tempdir()?;
    let output = Command::new(&browser)
        // In a container there is no sandbox for root; the pages are the tests' own.
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        // Timers come at once, and the page is done when none is left.
        .arg("--virtual-time-budget=10000")
        .args(["--dump-dom", url])
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{} cannot be started", browser.display()))?;
    ensure!(
        output.status.success(),
        "{} failed: {}\n{}",
        browser.display(),
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).context("the browser printed something that is not UTF-8")
}
