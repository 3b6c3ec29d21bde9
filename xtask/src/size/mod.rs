//! `cargo xtask size`: what the examples weigh, and what is in one of them.

mod explain;
mod names;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Result;
use signalk_plugin_build::BuiltPlugin;
use signalk_plugin_build::command;

use crate::bench::grouped;
use crate::plugins;
use crate::toolchain::{self, Toolchain, WASI};
use crate::workspace::Workspace;

/// The tool that makes a .wasm smaller once it is built; part of no set-up.
const WASM_OPT: &str = "wasm-opt";

/// The features of WebAssembly that rustc uses, which wasm-opt must be allowed.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// The subject of each example, in the words of `docs/size.md`.
const SHOWS: [(&str, &str); 8] = [
    ("signalk-hello", "hello: a setting, a value in, a value out"),
    ("signalk-track-log", "track log: a buffer, HTTP in parts and whole"),
    ("signalk-derived-data", "derived data: the data model, trigonometry, logarithms"),
    ("signalk-anchor-watch", "anchor watch: alarm, PUT, HTTP, storage, trigonometry"),
    ("signalk-weather-provider", "weather provider: typed weather, storage"),
    ("signalk-routes-waypoints", "routes and waypoints: GeoJSON of two types, storage"),
    ("signalk-nmea0183", "NMEA 0183 over UDP or TCP, nineteen kinds of sentences"),
    ("signalk-weather", "weather: the same as the provider, tasks, HTTP, gzip, TLS"),
];

/// The choice of what to print.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Size {
    /// The package whose code is to be told apart.
    pub(crate) explain: Option<String>,
}

/// Builds, and prints the table.
pub(crate) fn run(workspace: &Workspace, size: &Size) -> Result<()> {
    let toolchain = toolchain::set_up(workspace, &[WASI])?;
    match &size.explain {
        Some(package) => explain::run(workspace, &toolchain, package),
        None => examples(workspace, &toolchain),
    }
}

fn examples(workspace: &Workspace, toolchain: &Toolchain) -> Result<()> {
    let mut built = plugins::build(workspace, toolchain, &[])?;
    built.sort_by_key(|plugin| plugin.embedded_bytes);
    println!("Rust {}, in bytes:\n", toolchain.release()?);
    let optimizes = command::is_there(WASM_OPT);
    let (title, line) = if optimizes { (" `wasm-opt -Oz` |", "---:|") } else { ("", "") };
    println!("| | `cargo xtask build` |{title} plain `cargo build --release` |");
    println!("|---|---:|{line}---:|");
    for plugin in &built {
        let (embedded, plain) = (grouped(plugin.embedded_bytes), grouped(plugin.plain_bytes));
        let optimized = if optimizes {
            format!(" {} |", grouped(optimized(workspace, plugin)?))
        } else {
            String::new()
        };
        println!("| {} | {embedded} |{optimized} {plain} |", shows(&plugin.folder));
    }
    if !optimizes {
        println!("\n{WASM_OPT} is not installed here (on Debian it is in the package binaryen).");
    }
    Ok(())
}

/// The bytes that wasm-opt leaves.
fn optimized(workspace: &Workspace, plugin: &BuiltPlugin) -> Result<u64> {
    let folder = workspace.target().join("size");
    fs::create_dir_all(&folder)?;
    let file = folder.join("optimized.wasm");
    let mut wasm_opt = Command::new(WASM_OPT);
    wasm_opt.arg("-Oz").args(FEATURES).arg(&plugin.wasm).arg("-o").arg(&file);
    command::run_quietly(&mut wasm_opt)?;
    Ok(fs::metadata(file)?.len())
}

fn shows(folder: &Path) -> String {
    let package = folder.file_name().unwrap_or_default().to_string_lossy();
    let found = SHOWS.iter().find(|(name, _)| *name == package);
    found.map_or_else(|| package.clone().into_owned(), |(_, shows)| (*shows).to_owned())
}
