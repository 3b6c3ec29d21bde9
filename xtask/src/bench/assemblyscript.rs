//! The plugins in AssemblyScript, with the SDK and the compiler that npm has.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use signalk_plugin_build::command;
use signalk_plugin_tests::copy_folder;
use signalk_plugin_tests::env::InstalledServer;

use super::builds;
use super::candidates::{Candidate, JSON, SCAN};
use crate::progress;
use crate::servers;
use crate::workspace::Workspace;

/// With the names of their sources.
const PLUGINS: [(&str, &str); 2] = [(SCAN, "scan"), (JSON, "json")];

/// Written last, so that an installation that was cut off is not taken for a whole one.
const STAMP: &str = "installed-from.json";

/// Installs what is missing, and builds.
pub(super) fn build(workspace: &Workspace, server: &InstalledServer) -> Result<Vec<Candidate>> {
    let sources = workspace.root().join("bench/assemblyscript");
    let folder = builds::folder(workspace).join("assemblyscript");
    install(&sources, &folder)?;
    copy_folder(&sources.join("assembly"), &folder.join("assembly"))?;
    fs::copy(sources.join("asconfig.json"), folder.join("asconfig.json"))?;
    let build = |(id, name): (&'static str, &str)| {
        let wasm = format!("{name}.wasm");
        let source = format!("assembly/{name}.ts");
        command::run_quietly(
            Command::new(&server.node)
                .current_dir(&folder)
                .args(["node_modules/assemblyscript/bin/asc.js", &source])
                .args(["--target", "release", "--outFile", &wasm]),
        )?;
        let file = folder.join(wasm);
        let bytes = fs::metadata(&file)?.len();
        Ok(Candidate::assemblyscript(id, file, bytes))
    };
    PLUGINS.into_iter().map(build).collect()
}

/// Runs npm, unless what is there is what the lock says.
fn install(sources: &Path, folder: &Path) -> Result<()> {
    let lock = sources.join("package-lock.json");
    let lock = fs::read(&lock).with_context(|| format!("{} cannot be read", lock.display()))?;
    if fs::read(folder.join(STAMP)).is_ok_and(|found| found == lock) {
        return Ok(());
    }
    progress::step("bench", "installing AssemblyScript with npm", || {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
        fs::copy(sources.join("package.json"), folder.join("package.json"))?;
        fs::write(folder.join("package-lock.json"), &lock)?;
        servers::npm_install(folder)?;
        Ok(fs::write(folder.join(STAMP), &lock)?)
    })
}
