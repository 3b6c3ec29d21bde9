//! Writes the page of all tests anew.

use std::fs;

use anyhow::{Context, Result};
use signalk_plugin_tests::topics;

use crate::workspace::Workspace;

const FILE: &str = "tests/TESTED.md";

/// Writes the page from the names of the tests; a test fails while it is not up to date.
pub(crate) fn write(workspace: &Workspace) -> Result<()> {
    let file = workspace.root().join(FILE);
    fs::write(&file, topics::page(workspace.root())?)
        .with_context(|| format!("{} cannot be written", file.display()))?;
    println!("{FILE} is written");
    Ok(())
}
