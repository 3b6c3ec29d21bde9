//! The scripts below `bench/`, run by the Node.js of the newest server.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;
use signalk_plugin_build::command;
use signalk_plugin_tests::env::InstalledServer;

use super::builds;
use crate::workspace::Workspace;

/// Runs them.
pub(super) struct Runner<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) server: &'a InstalledServer,
}

impl Runner<'_> {
    /// The folder of the server whose loader loads the plugins.
    pub(super) fn server(&self) -> &Path {
        &self.server.folder
    }

    /// Runs a script with what it is to do, and gives back what it tells.
    pub(super) fn run(&self, script: &str, what: &Value) -> Result<Value> {
        let file = builds::folder(self.workspace).join("what.json");
        fs::write(&file, what.to_string())
            .with_context(|| format!("{} could not be written", file.display()))?;
        let told = command::capture(
            Command::new(&self.server.node)
                // That WASI is experimental there.
                .arg("--no-warnings")
                .arg(self.workspace.root().join("bench").join(script))
                .arg(&file),
        )?;
        serde_json::from_str(&told).with_context(|| format!("{script} printed no JSON: {told}"))
    }
}
