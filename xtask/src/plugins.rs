//! The plugins of this workspace.

use std::path::Path;
use std::time::Instant;

use anyhow::Result;

use crate::plugin_build::{BuiltPlugin, PluginBuild};
use crate::progress;
use crate::toolchain::{self, WasmToolchain};
use crate::workspace::{self, Workspace};

/// The plugin that the demo shows.
pub(crate) const ANCHOR_WATCH: &str = "signalk-anchor-watch";

/// Builds plugins; all examples, where none is named. A name is that of a package of this workspace,
/// or the folder of a plugin elsewhere.
pub(crate) fn build(
    workspace: &Workspace,
    toolchain: &WasmToolchain,
    names: &[String],
) -> Result<Vec<BuiltPlugin>> {
    if names.is_empty() {
        let examples = workspace.examples().into_iter();
        return examples.map(|package| build_one(workspace, toolchain, package)).collect();
    }
    let build_named = |name: &String| {
        let folder = Path::new(name);
        if folder.join("Cargo.toml").is_file() {
            build_one(workspace, toolchain, &workspace::package_in(folder)?)
        } else {
            build_one(workspace, toolchain, workspace.package(name)?)
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

fn build_one(
    workspace: &Workspace,
    toolchain: &WasmToolchain,
    package: &cargo_metadata::Package,
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
            cargo
        },
        target: &workspace.wasm_target(),
        output: &workspace.plugins(),
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
