//! `cargo xtask size`: what the examples weigh.

use std::fs;
use std::path::Path;

use anyhow::Result;
use signalk_plugin_build::{BuiltPlugin, WASM_OPT, WasmOpt, grouped};

use crate::plugins;
use crate::toolchain::{self, WASI};
use crate::workspace::Workspace;

/// The subject of each example, in the words of `docs/size.md`.
const SHOWS: [(&str, &str); 10] = [
    ("signalk-hello", "hello: a setting, a value in, a value out"),
    ("signalk-track-log", "track log: a buffer, HTTP in parts and whole"),
    ("signalk-derived-data", "derived data: the data model, trigonometry, logarithms"),
    ("signalk-ais-watch", "AIS watch: other vessels, geometry, an alarm for each"),
    ("signalk-engine-hours", "engine hours: ids in paths, PUT, HTTP, storage, alarms"),
    ("signalk-anchor-watch", "anchor watch: alarm, PUT, HTTP, storage, trigonometry"),
    ("signalk-weather-provider", "weather provider: typed weather, storage"),
    ("signalk-routes-waypoints", "routes and waypoints: GeoJSON of two types, storage"),
    ("signalk-nmea0183", "NMEA 0183 over UDP or TCP, nineteen kinds of sentences"),
    ("signalk-weather", "weather: the same as the provider, tasks, HTTP, gzip, TLS"),
];

/// Builds, and prints the table.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let toolchain = toolchain::set_up(workspace, &[WASI])?;
    let mut built = plugins::build(workspace, &toolchain, &[])?;
    built.sort_by_key(|plugin| plugin.embedded_bytes);
    println!("Rust {}, in bytes:\n", toolchain.release()?);
    let wasm_opt = WasmOpt::find();
    let (title, line) = if wasm_opt.is_some() { (" `wasm-opt -Oz` |", "---:|") } else { ("", "") };
    println!("| | with its schema |{title} plain `cargo build --release` |");
    println!("|---|---:|{line}---:|");
    for plugin in &built {
        let (embedded, plain) = (grouped(plugin.embedded_bytes), grouped(plugin.plain_bytes));
        let optimized = match &wasm_opt {
            Some(wasm_opt) => format!(" {} |", grouped(optimized(workspace, wasm_opt, plugin)?)),
            None => String::new(),
        };
        println!("| {} | {embedded} |{optimized} {plain} |", shows(&plugin.folder));
    }
    if wasm_opt.is_none() {
        println!("\n{WASM_OPT} is not installed here (on Debian it is in the package binaryen).");
    }
    Ok(())
}

/// The bytes that wasm-opt leaves.
fn optimized(workspace: &Workspace, wasm_opt: &WasmOpt, plugin: &BuiltPlugin) -> Result<u64> {
    let folder = workspace.target().join("size");
    fs::create_dir_all(&folder)?;
    let optimized = wasm_opt.optimize(&plugin.wasm, &folder.join("optimized.wasm"))?;
    Ok(optimized.len() as u64)
}

fn shows(folder: &Path) -> String {
    let package = folder.file_name().unwrap_or_default().to_string_lossy();
    let found = SHOWS.iter().find(|(name, _)| *name == package);
    found.map_or_else(|| package.clone().into_owned(), |(_, shows)| (*shows).to_owned())
}
