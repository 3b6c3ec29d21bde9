//! The time that plugins take to start on the real server.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use signalk_plugin_tests::Server;
use signalk_plugin_tests::env::InstalledServer;

use super::builds;
use super::candidates::{ALL, Candidate, NODE, ONE, SCAN, TYPED};
use super::table;
use crate::workspace::Workspace;

/// The plugins that are started.
const PLUGINS: [&str; 5] = [TYPED, ONE, ALL, SCAN, NODE];

/// The number of times, each on a server that was just started, for it loads a plugin once.
const TIMES: usize = 9;

/// The number of times that a form is saved before, so that the server's own code is warm.
const BEFORE: usize = 5;

/// The time that a plugin takes.
pub(super) struct Start {
    pub(super) name: String,
    /// The median.
    pub(super) took: Duration,
}

/// Enables each of them on a server, as its page does.
pub(super) fn measure(
    workspace: &Workspace,
    installed: &InstalledServer,
    candidates: &[Candidate],
) -> Result<Vec<Start>> {
    let folder = builds::folder(workspace).join("start");
    let of = |id: &&str| candidates.iter().find(|candidate| candidate.id == *id);
    let packages = PLUGINS.iter().filter_map(of).map(|candidate| package(candidate, &folder));
    let packages = packages.collect::<Result<Vec<_>>>()?;
    let builder = Server::builder(installed.clone());
    let put_in = |builder: signalk_plugin_tests::ServerBuilder, package: &Package| {
        builder.plugin(&package.folder)
    };
    let mut server = packages.iter().fold(builder, put_in).start()?;
    let mut saving = Vec::new();
    let mut times = vec![Vec::new(); packages.len()];
    for time in 0..TIMES {
        if time > 0 {
            server.restart()?;
        }
        for package in packages.iter().cycle().take(BEFORE * packages.len()) {
            save(&server, package, false)?;
        }
        for turn in 0..packages.len() {
            // In an order that turns.
            let which = (turn + time) % packages.len();
            let (Some(package), Some(times)) = (packages.get(which), times.get_mut(which)) else {
                continue;
            };
            saving.push(save(&server, package, false)?);
            times.push(save(&server, package, true)?);
            save(&server, package, false)?;
        }
    }
    let saving = Start { name: "saving a form alone".to_owned(), took: median(saving)? };
    let starts = packages.into_iter().zip(times).map(|(package, times)| {
        Ok(Start { name: table::name_of(package.id).to_owned(), took: median(times)? })
    });
    std::iter::once(Ok(saving)).chain(starts).collect()
}

/// The time until the server answers; it has started the plugin by then.
fn save(server: &Server, package: &Package, enabled: bool) -> Result<Duration> {
    let body = json!({ "enabled": enabled, "configuration": {} });
    let began = Instant::now();
    let (status, answer) =
        server.rest().post(&format!("/plugins/{}/config", package.name), &body)?;
    let took = began.elapsed();
    ensure!(status == 200, "the server answered for {} with {status}: {answer}", package.name);
    Ok(took)
}

fn median(mut times: Vec<Duration>) -> Result<Duration> {
    times.sort();
    times.get(times.len() / 2).copied().context("nothing was measured")
}

/// A package for the server.
struct Package {
    id: &'static str,
    name: String,
    folder: PathBuf,
}

/// The package of a plugin, made where there is none yet.
fn package(candidate: &Candidate, folder: &Path) -> Result<Package> {
    let beside = candidate.file.parent().context("a plugin is in no folder")?;
    if candidate.id != SCAN {
        let text = fs::read_to_string(beside.join("package.json"))?;
        let name = serde_json::from_str::<Value>(&text)?["name"].as_str().map(str::to_owned);
        let name = name.with_context(|| format!("{} has no name", beside.display()))?;
        return Ok(Package { id: candidate.id, name, folder: beside.to_owned() });
    }
    let (name, folder) = (candidate.id.to_owned(), folder.join(candidate.id));
    fs::create_dir_all(&folder)?;
    fs::copy(&candidate.file, folder.join("plugin.wasm"))?;
    let manifest = json!({
        "name": name,
        "version": "0.1.0",
        "keywords": ["signalk-node-server-plugin", "signalk-wasm-plugin"],
        "wasmManifest": "plugin.wasm",
        "wasmCapabilities": { "dataRead": true },
    });
    fs::write(folder.join("package.json"), manifest.to_string())?;
    Ok(Package { id: candidate.id, name, folder })
}
