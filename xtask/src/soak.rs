//! `cargo xtask soak`: a busy bus for as long as one wants, and what the plugin that takes it needs.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use signalk_plugin_host::{Event, Host, HttpRequest};
use signalk_plugin_tests::soak::{FIGURES, Figures, OnServer, PLUGIN};
use signalk_plugin_tests::{BuiltPlugin, Bus, RATE};

use crate::plugins;
use crate::progress;
use crate::servers::{self, Version};
use crate::toolchain::{self, WASI};
use crate::workspace::Workspace;

/// How long the bus is, unless the command line says otherwise.
pub(crate) const MINUTES: u64 = 10;

/// How long a plugin may take to have all the memory that it will ever need.
const WARM_AFTER: u64 = 30;

/// How often the figures are told, in seconds of the bus.
const TOLD_EVERY: u64 = 30;

/// What is to be run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Soak {
    pub(crate) minutes: u64,
    /// In the embedded host, where it is none.
    pub(crate) server: Option<Version>,
}

/// Builds the plugin, and runs the bus.
pub(crate) fn run(workspace: &Workspace, soak: &Soak) -> Result<()> {
    let toolchain = toolchain::set_up(workspace, &[WASI])?;
    let built = plugins::build(workspace, &toolchain, &[PLUGIN.to_owned()])?;
    let folder = &built.first().context("nothing was built")?.folder;
    let seconds = soak.minutes.saturating_mul(60).max(WARM_AFTER + 1);
    match soak.server {
        None => embedded(folder, seconds),
        Some(version) => on_server(workspace, version, folder, seconds),
    }
}

/// As fast as it goes.
fn embedded(folder: &Path, seconds: u64) -> Result<()> {
    let module = BuiltPlugin::in_folder(folder)?.module()?;
    let mut plugin = Host::new().install_enabled(module, "{}")?;
    let (mut bus, mut record) = (Bus::default(), Record::of("since the start (s)"));
    let began = Instant::now();
    for second in 1..=seconds {
        for _ in 0..RATE {
            let delta = bus.next().context("the bus has no end")?.to_string();
            plugin.deliver_delta_from("can0", &delta, 1)?;
        }
        plugin.advance(Duration::from_secs(1))?;
        for recorded in plugin.take_events() {
            let trap = matches!(recorded.event, Event::Trap { .. });
            ensure!(!trap, "after {second} s: {}", recorded.event);
        }
        if record.is_to_be_told(second, seconds) {
            let answer = plugin.http(&HttpRequest::get(FIGURES))?;
            let answer = answer.json().context("the figures are not JSON")?;
            record.tell(second, Figures::read(&answer)?, began.elapsed());
        }
    }
    record.verdict(bus.sent())
}

/// At the pace of the bus.
fn on_server(workspace: &Workspace, version: Version, folder: &Path, seconds: u64) -> Result<()> {
    let installed = servers::set_up(workspace, version)?;
    let start = || OnServer::start(installed, folder);
    let mut bus = progress::step("soak", "starting the server", start)?;
    let mut record = Record::of("answered in (s)");
    for second in 1..=seconds {
        bus.second()?;
        if record.is_to_be_told(second, seconds) {
            let asked = Instant::now();
            record.tell(second, bus.figures()?, asked.elapsed());
        }
    }
    bus.settled()?;
    let asked = Instant::now();
    record.tell(seconds, bus.figures()?, asked.elapsed());
    record.verdict(bus.sent())
}

/// The figures over time.
struct Record {
    /// What the last column has.
    took: &'static str,
    warm: Option<Figures>,
    last: Option<Figures>,
}

impl Record {
    fn of(took: &'static str) -> Self {
        Self { took, warm: None, last: None }
    }

    fn is_to_be_told(&self, second: u64, seconds: u64) -> bool {
        second.is_multiple_of(TOLD_EVERY) || second == WARM_AFTER || second == seconds
    }

    fn tell(&mut self, second: u64, figures: Figures, took: Duration) {
        if self.last.is_none() {
            println!(
                "| bus (s) | deltas | lost | late | values | vessels | memory (bytes) | {} |",
                self.took
            );
            println!("|---:|---:|---:|---:|---:|---:|---:|---:|");
        }
        let Figures { deltas, lost, disordered, values, vessels, memory_bytes } = figures;
        println!(
            "| {second} | {deltas} | {lost} | {disordered} | {values} | {vessels} | {memory_bytes} | {:.3} |",
            took.as_secs_f64()
        );
        if second >= WARM_AFTER && self.warm.is_none() {
            self.warm = Some(figures);
        }
        self.last = Some(figures);
    }

    fn verdict(&self, sent: u64) -> Result<()> {
        let last = self.last.context("no figures were told")?;
        last.check(sent, &self.warm.context("the plugin was never warm")?)?;
        println!(
            "\n{sent} deltas: nothing lost, nothing late, no memory after the first {WARM_AFTER} s."
        );
        Ok(())
    }
}
