//! The plugins of this workspace.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Result;

use crate::plugin_build::{BuiltPlugin, PluginBuild};
use crate::progress;
use crate::toolchain::{self, WasmToolchain};
use crate::workspace::{self, Workspace};

/// The plugin that the demo shows.
pub(crate) const ANCHOR_WATCH: &str = "signalk-anchor-watch";

/// Where plugins are built, and how.
pub(crate) struct Place {
    /// Where cargo builds.
    pub(crate) target: PathBuf,
    /// Where the finished packages go.
    pub(crate) output: PathBuf,
    /// What is said otherwise than by the profile, by the names that cargo's variables have.
    pub(crate) profile: Vec<(&'static str, &'static str)>,
}

impl Place {
    /// Where they are built for use.
    fn usual(workspace: &Workspace) -> Self {
        Self { target: workspace.wasm_target(), output: workspace.plugins(), profile: Vec::new() }
    }
}

/// Builds plugins; all examples, where none is named. A name is that of a package of this workspace,
/// or the folder of a plugin elsewhere.
pub(crate) fn build(
    workspace: &Workspace,
    toolchain: &WasmToolchain,
    names: &[String],
) -> Result<Vec<BuiltPlugin>> {
    let place = Place::usual(workspace);
    if names.is_empty() {
        let examples = workspace.examples().into_iter();
        return examples.map(|package| build_one(workspace, toolchain, package, &place)).collect();
    }
    let build_named = |name: &String| {
        let folder = Path::new(name);
        if folder.join("Cargo.toml").is_file() {
            build_one(workspace, toolchain, &workspace::package_in(folder)?, &place)
        } else {
            build_one(workspace, toolchain, workspace.package(name)?, &place)
        }
    };
    names.iter().map(build_named).collect()
}

/// Whether it has the SDK's feature for https, whose cryptography is written in C.
fn uses_https(package: &cargo_metadata::Package) -> bool {
    package.dependencies.iter().any(|dependency| {
        dependency.name == "signalk-plugin-sdk"
            && dependency.features.iter().any(|feature| feature == "tls")
    })
}

/// Builds one plugin.
pub(crate) fn build_one(
    workspace: &Workspace,
    toolchain: &WasmToolchain,
    package: &cargo_metadata::Package,
    place: &Place,
) -> Result<BuiltPlugin> {
    progress::say(
        "build",
        &format!("{}, twice: plain, and with its schema embedded…", package.name),
    );
    let began = Instant::now();
    let c_compiler = if uses_https(package) { toolchain::c_compiler()? } else { Vec::new() };
    let built = PluginBuild {
        workspace: workspace.root(),
        package,
        cargo: &|| {
            let mut cargo = toolchain.cargo();
            cargo.envs(c_compiler.iter().map(|(name, value)| (name, value)));
            let variable = |(key, value)| (format!("CARGO_PROFILE_RELEASE_{key}"), value);
            cargo.envs(place.profile.iter().copied().map(variable));
            cargo
        },
        target: &place.target,
        output: &place.output,
    }
    .run()?;
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
