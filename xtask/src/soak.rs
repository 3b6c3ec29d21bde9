//! `cargo xtask soak`: a busy bus for as long as one wants, and what the plugin that takes it needs.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use signalk_plugin_host::{Event, Host, Request};
use signalk_plugin_tests::soak::{FIGURES, Figures, PLUGIN};
use signalk_plugin_tests::{BuiltPlugin, Bus, NmeaFeeder, RATE, Server};

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

/// How long the server may take with what is on its way when the bus ends.
const PATIENCE: Duration = Duration::from_secs(60);

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
            let answer = plugin.http(&Request::get(FIGURES))?;
            let answer = answer.json().context("the figures are not JSON")?;
            record.tell(second, Figures::read(&answer)?, began.elapsed());
        }
    }
    record.verdict(bus.sent())
}

/// At the pace of the bus.
fn on_server(workspace: &Workspace, version: Version, folder: &Path, seconds: u64) -> Result<()> {
    let installed = servers::set_up(workspace, version)?;
    let mut feeder = NmeaFeeder::listen()?;
    let mut provider = feeder.provider();
    // Lines of deltas instead of NMEA 0183.
    provider["pipeElements"][0]["options"]["type"] = "SignalK".into();
    let builder = Server::builder(installed).enabled_plugin(folder, &serde_json::json!({}));
    let builder = builder.provider(provider);
    let server = progress::step("soak", "starting the server", || builder.start())?;
    feeder.wait_for_client(PATIENCE)?;
    let address = format!("/plugins/{PLUGIN}{FIGURES}");
    let ask = || -> Result<Figures> { Figures::read(&server.rest().get(&address)?.1) };
    let (mut bus, mut record) = (Bus::default(), Record::of("answered in (s)"));
    let began = Instant::now();
    // Twenty bursts a second: as the server reads them from a socket anyway.
    const BURSTS: u64 = 20;
    for second in 1..=seconds {
        for burst in 0..BURSTS {
            let deltas = bus.by_ref().take(usize::try_from(RATE / BURSTS)?);
            feeder.send(deltas.map(|delta| delta.to_string()))?;
            let due = Duration::from_secs(second - 1)
                + Duration::from_secs(1) * burst as u32 / BURSTS as u32;
            thread::sleep(due.saturating_sub(began.elapsed()));
        }
        if record.is_to_be_told(second, seconds) {
            let asked = Instant::now();
            record.tell(second, ask()?, asked.elapsed());
        }
    }
    let deadline = Instant::now() + PATIENCE;
    while ask()?.deltas < bus.sent() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(200));
    }
    let asked = Instant::now();
    record.tell(seconds, ask()?, asked.elapsed());
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
