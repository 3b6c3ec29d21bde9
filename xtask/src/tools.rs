//! Programs from crates.io that the tests need, each built once.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use signalk_plugin_build::command;

use crate::progress;
use crate::workspace::Workspace;

/// A program of a package on crates.io.
pub(crate) struct Tool<'a> {
    pub(crate) package: &'a str,
    pub(crate) version: &'a str,
    pub(crate) program: &'a str,
    /// What `cargo install` is told beside that.
    pub(crate) options: &'a [&'a str],
    /// How long it takes to build, for those who wait.
    pub(crate) patience: &'a str,
}

impl Tool<'_> {
    /// Where the program is; it is installed where it is not there yet.
    pub(crate) fn set_up(&self, workspace: &Workspace) -> Result<PathBuf> {
        let Self { package, version, program, options, patience } = self;
        let folder = workspace.tools().join(format!("{package}-{version}"));
        let program = folder.join("bin").join(program);
        if program.exists() {
            return Ok(program);
        }
        let text = format!("building {package} {version} (about {patience})");
        progress::step("setup", &text, || {
            let build = workspace.tools().join(format!("build-{package}"));
            // cargo puts the programs in place when all are built.
            command::run(
                Command::new(workspace.cargo().get_program())
                    .args(["install", package, "--version", &format!("={version}")])
                    .args(*options)
                    .arg("--root")
                    .arg(&folder)
                    .arg("--target-dir")
                    .arg(&build),
            )?;
            Ok(fs::remove_dir_all(build)?)
        })?;
        Ok(program)
    }
}
