//! The plugins of this workspace.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Result;
use signalk_plugin_build::cargo_metadata::Package;
use signalk_plugin_build::progress::Lines;
use signalk_plugin_build::{Builder, BuiltPlugin, Project};

use crate::progress;
use crate::toolchain::Toolchain;
use crate::workspace::Workspace;

/// The plugin that the demo shows.
pub(crate) const ANCHOR_WATCH: &str = "signalk-anchor-watch";

/// Where plugins are built, and how.
pub(crate) struct Place {
    /// Where cargo builds.
    pub(crate) target: PathBuf,
    /// Where the finished packages go.
    pub(crate) output: PathBuf,
    /// The settings in place of those of the profile, by their keys.
    pub(crate) profile: Vec<(&'static str, &'static str)>,
}

impl Place {
    /// Where they are built for use.
    fn usual(workspace: &Workspace) -> Self {
        Self { target: workspace.wasm_target(), output: workspace.plugins(), profile: Vec::new() }
    }
}

/// Builds packages of this workspace; all examples, where none is named.
pub(crate) fn build(
    workspace: &Workspace,
    toolchain: &Toolchain,
    names: &[String],
) -> Result<Vec<BuiltPlugin>> {
    let place = Place::usual(workspace);
    let packages = if names.is_empty() {
        workspace.examples()
    } else {
        names.iter().map(|name| workspace.package(name)).collect::<Result<_>>()?
    };
    packages.iter().map(|package| build_one(workspace, toolchain, package, &place)).collect()
}

/// Builds one plugin.
pub(crate) fn build_one(
    workspace: &Workspace,
    toolchain: &Toolchain,
    package: &Package,
    place: &Place,
) -> Result<BuiltPlugin> {
    let project = workspace.project()?;
    let mut builder =
        Builder::new(project, toolchain, &Lines).target(&place.target).output(&place.output);
    for (key, value) in &place.profile {
        builder = builder.profile(key, value);
    }
    told(&builder, package)
}

/// Builds a plugin that is in no workspace, with cargo's part in a folder of its own. The package goes to
/// those of this workspace.
pub(crate) fn build_elsewhere(
    workspace: &Workspace,
    toolchain: &Toolchain,
    plugin: &Path,
    target: &Path,
) -> Result<BuiltPlugin> {
    let project = Project::load(plugin)?;
    let builder =
        Builder::new(&project, toolchain, &Lines).target(target).output(workspace.plugins());
    let package = project.plugins()?;
    told(&builder, package[0])
}

fn told(builder: &Builder, package: &Package) -> Result<BuiltPlugin> {
    progress::say(
        "build",
        &format!("{}, twice: plain, and with its schema embedded…", package.name),
    );
    let began = Instant::now();
    let built = builder.build(package)?;
    progress::say(
        "build",
        &format!(
            "{} in {:.1} s: {} bytes, with its schema embedded {} bytes",
            built.wasm.display(),
            began.elapsed().as_secs_f64(),
            built.plain_bytes,
            built.embedded_bytes,
        ),
    );
    Ok(built)
}
