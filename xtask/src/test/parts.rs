//! What each part of the tests does.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use signalk_plugin_build::{cache, command};
use signalk_plugin_tests::env;

use super::count::{self, Count, Runner};
use super::{deny as denied, package as packages, readme, wasm_bindgen};
use crate::catalogue;
use crate::chromium;
use crate::demo::{self, Playback};
use crate::faketime;
use crate::plugins::{self, ANCHOR_WATCH};
use crate::servers;
use crate::toolchain::{self, BARE, Toolchain, WASI};
use crate::workspace::Workspace;

/// The most that some examples may take with their schema embedded, in bytes: little more than they
/// do, so that growth is seen, and raised by hand together with `docs/size.md`.
const MOST_BYTES: [(&str, u64); 2] = [("signalk-hello", 139_500), (ANCHOR_WATCH, 245_000)];

/// The package whose tests cross crates.
const TESTS: &str = "signalk-plugin-tests";

/// Files of it that have enough to do for all cores; in the others nearly all time goes by in waiting.
const BUSY: [&str; 3] = ["conformance", "crashes", "soak"];

/// What the parts share, each set up when the first part needs it.
pub(super) struct Bench<'a> {
    workspace: &'a Workspace,
    toolchain: Option<Toolchain>,
    plugins_built: bool,
}

impl<'a> Bench<'a> {
    pub(super) fn new(workspace: &'a Workspace) -> Self {
        Self { workspace, toolchain: None, plugins_built: false }
    }

    fn toolchain(&mut self) -> Result<&Toolchain> {
        if self.toolchain.is_none() {
            self.toolchain = Some(toolchain::set_up(self.workspace, &toolchain::TARGETS)?);
        }
        self.toolchain.as_ref().context("no toolchain though it was set up")
    }

    fn cargo(&self) -> Command {
        let mut cargo = self.workspace.cargo();
        cargo.current_dir(self.workspace.root());
        cargo
    }

    /// The test programs of these names, as the part `native` has built them: for one package alone cargo would choose
    /// other features of what it depends on, and compile most of it a second time.
    fn test_programs(&self, names: &[&str]) -> Command {
        let mut cargo = self.cargo();
        cargo.args(["test", "--workspace", "--no-fail-fast"]);
        for name in names {
            cargo.args(["--test", name]);
        }
        cargo
    }

    /// The folder with the built plugins.
    fn plugins(&mut self) -> Result<PathBuf> {
        if !self.plugins_built {
            let workspace = self.workspace;
            plugins::build(workspace, self.toolchain()?, &[])?;
            let fixtures = workspace.test_plugins().into_iter();
            let fixtures: Vec<_> = fixtures.map(|package| package.name.to_string()).collect();
            plugins::build(workspace, self.toolchain()?, &fixtures)?;
            self.plugins_built = true;
        }
        Ok(self.workspace.plugins())
    }

    /// The tests in `tests/tests/` that are made for some ways, of the files that are named.
    fn ways(&mut self, files: &[&str], ways: &[&str]) -> Result<Command> {
        let plugins = self.plugins()?;
        let mut cargo = self.test_programs(files);
        cargo.args(["--", "--ignored"]).args(ways).env(env::PLUGINS, plugins);
        Ok(cargo)
    }

    /// The tests of a file in `cargo-signalk/tests/` that need servers or the wasm target. The tool finds what is set
    /// up for the others; a toolchain of the machine's own it finds by itself.
    fn tool_test(&mut self, name: &str) -> Result<Command> {
        self.toolchain()?;
        let mut cargo = self.test_programs(&[name]);
        cargo.args(["--", "--ignored"]).env(cache::VARIABLE, self.workspace.target());
        with_servers(&mut cargo, self.workspace)?;
        Ok(cargo)
    }

    /// As [`Self::ways`], with both real servers.
    fn ways_on_servers(&mut self, files: &[&str], way: &str) -> Result<Command> {
        let mut tests = self.ways(files, &[way])?;
        with_servers(&mut tests, self.workspace)?;
        Ok(tests)
    }
}

/// Tells tests where both real servers are.
fn with_servers(tests: &mut Command, workspace: &Workspace) -> Result<()> {
    let servers = servers::set_up_both(workspace)?;
    tests
        .env(env::SERVER_2_32, servers.newest.folder)
        .env(env::NODE_2_32, servers.newest.node)
        .env(env::SERVER_2_23, servers.oldest.folder)
        .env(env::NODE_2_23, servers.oldest.node);
    Ok(())
}

pub(super) fn fmt(bench: &mut Bench) -> Result<Count> {
    count::checks([bench.cargo().args(["fmt", "--all", "--check"])])
}

pub(super) fn clippy(bench: &mut Bench) -> Result<Count> {
    let deny = ["--", "-D", "warnings"];
    let mut native = bench.cargo();
    native.args(["clippy", "--workspace", "--all-targets", "--keep-going"]).args(deny);
    // As most plugins have it: with the others it has their features.
    let mut alone = bench.cargo();
    alone.args(["clippy", "--package", "signalk-plugin-sdk"]).args(deny);
    let workspace = bench.workspace;
    let mut wasm = bench.toolchain()?.clippy();
    wasm.current_dir(workspace.root())
        .args(["--target", WASI, "--target-dir"])
        .arg(workspace.wasm_target().join("clippy"))
        .args(["--package", "signalk-plugin-sdk"]);
    let plugins = [workspace.examples(), workspace.test_plugins(), workspace.bench_plugins()];
    for plugin in plugins.into_iter().flatten() {
        wasm.args(["--package", &plugin.name]);
    }
    wasm.args(deny).envs(toolchain::c_compiler()?);
    count::checks([&mut native, &mut alone, &mut wasm])
}

pub(super) fn native(bench: &mut Bench) -> Result<Count> {
    let mut count = count::tests(bench.cargo().args(["test", "--workspace", "--no-fail-fast"]))?;
    // Built with the others it has their features; this is the SDK without TLS.
    let alone =
        ["test", "--package", "signalk-plugin-sdk", "--test", "fetch", "--features", "fetch"];
    count += count::tests(bench.cargo().args(alone))?;
    // And as those have it whose other dependencies switch features on.
    let mut features = bench.cargo();
    let folder = bench.workspace.root().join("tests/features");
    features.args(["test", "--manifest-path"]).arg(folder.join("Cargo.toml"));
    features.arg("--target-dir").arg(bench.workspace.target().join("features"));
    count += count::tests(&mut features)?;
    Ok(count)
}

pub(super) fn doc(bench: &mut Bench) -> Result<Count> {
    count::checks([bench.cargo().env("RUSTDOCFLAGS", "-D warnings").args([
        "doc",
        "--workspace",
        "--no-deps",
    ])])
}

pub(super) fn deny(bench: &mut Bench) -> Result<Count> {
    denied::check(bench.workspace)
}

pub(super) fn wasm(bench: &mut Bench) -> Result<Count> {
    let workspace = bench.workspace;
    let built = plugins::build(workspace, bench.toolchain()?, &[])?;
    let mut count = Count { passed: built.len() as u64, failed: 0 };
    for (package, most) in MOST_BYTES {
        let folder = workspace.plugins().join(package);
        let plugin = built.iter().find(|plugin| plugin.folder == folder);
        let bytes = plugin.with_context(|| format!("{package} is no example"))?.embedded_bytes;
        println!("{package} takes {bytes} of the {most} bytes allowed");
        if bytes > most {
            count.failed += 1;
        } else {
            count.passed += 1;
        }
    }
    Ok(count)
}

pub(super) fn embedded(bench: &mut Bench) -> Result<Count> {
    let files = bench.workspace.test_files(TESTS)?;
    let files: Vec<_> = files.iter().map(String::as_str).collect();
    let mut count = count::tests(&mut bench.ways(&files, &["::embedded_", "::built"])?)?;
    count += count::check(demo::run_embedded(bench.workspace));
    Ok(count)
}

pub(super) fn node(bench: &mut Bench) -> Result<Count> {
    let workspace = bench.workspace;
    let runner = wasm_bindgen::set_up(workspace)?;
    let mut cargo = bench.toolchain()?.cargo();
    cargo
        .current_dir(workspace.root())
        .args(["test", "--package", "signalk-plugin-sdk", "--no-fail-fast"])
        .args(["--test", "boundary", "--test", "boundary_calls", "--features", "unstable-radar"])
        .args(["--target", BARE, "--target-dir"])
        .arg(workspace.wasm_target().join("node"))
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        // There `require('env')` finds what stands for the server's imports.
        .env("NODE_PATH", workspace.root().join("signalk-plugin-sdk/tests/node"));
    count::tests(&mut cargo)
}

pub(super) fn browser(bench: &mut Bench) -> Result<Count> {
    let browser = chromium::set_up()?;
    let mut count = count::tests(
        bench
            .test_programs(&["pages"])
            .args(["--", "--ignored", "html::"])
            .env(env::CHROMIUM, &browser),
    )?;
    count += count::tests(bench.tool_test("run")?.env(env::CHROMIUM, browser))?;
    Ok(count)
}

pub(super) fn server(bench: &mut Bench) -> Result<Count> {
    let library = faketime::set_up();
    let files = bench.workspace.test_files(TESTS)?;
    let is_run = |file: &&String| match file.as_str() {
        "readme" => false,
        // Where the library is not to be had, all the others run.
        "clocks" => library.is_ok(),
        _ => true,
    };
    let mut runners = Vec::new();
    for file in files.iter().filter(is_run) {
        let mut command = bench.ways_on_servers(&[file], "::server_")?;
        if let Ok(library) = &library {
            command.env(env::FAKETIME, library);
        }
        if !BUSY.contains(&file.as_str()) {
            // Of two tests that share a server one waits.
            command.arg("--test-threads=4");
        }
        runners.push(Runner { label: file.clone(), command });
    }
    let (busy, waiting) = runners.into_iter().partition(|it| BUSY.contains(&it.label.as_str()));
    // So that none waits for another's compiler.
    command::run(bench.test_programs(&[]).arg("--no-run"))?;
    let mut count = count::at_once(4, waiting);
    count += count::check(library.map(drop));
    count += count::at_once(1, busy);
    count += count::check(demo::run_on_server(bench.workspace, Playback::ToBeTested));
    for name in ["serve", "listing"] {
        count += count::tests(&mut bench.tool_test(name)?)?;
    }
    count += count::check(catalogue::check(bench.workspace));
    Ok(count)
}

pub(super) fn forms(bench: &mut Bench) -> Result<Count> {
    let browser = chromium::set_up()?;
    let mut tests = bench.ways_on_servers(&["pages"], "::browser_")?;
    // A server and a browser each.
    count::tests(tests.arg("--test-threads=2").env(env::CHROMIUM, browser))
}

pub(super) fn readme(bench: &mut Bench) -> Result<Count> {
    let workspace = bench.workspace;
    let plugin = readme::write(workspace)?;
    let target = workspace.target().join("readme").join("target");
    let mut native = bench.cargo();
    native.current_dir(&plugin).args(["test", "--target-dir"]).arg(&target);
    let mut count = count::tests(&mut native)?;
    plugins::build_elsewhere(workspace, bench.toolchain()?, &plugin, &target)?;
    count += count::tests(&mut bench.ways_on_servers(&["readme"], "::server_")?)?;
    Ok(count)
}

pub(super) fn tool(bench: &mut Bench) -> Result<Count> {
    count::tests(&mut bench.tool_test("plugins")?)
}

pub(super) fn package(bench: &mut Bench) -> Result<Count> {
    let mut cargo = bench.cargo();
    count::checks([packages::command(&mut cargo, bench.workspace)])
}
