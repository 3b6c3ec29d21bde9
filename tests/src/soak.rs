//! What the plugin of the soak tells of itself, and what it must not tell; and the bus for it on a
//! real server.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::bus::VESSELS;
use crate::env::InstalledServer;
use crate::{Bus, NmeaFeeder, RATE, Server};

/// The plugin that takes the whole [`Bus`].
pub const PLUGIN: &str = "signalk-test-soak";

/// Its figures, below its own address.
pub const FIGURES: &str = "/api/figures";

/// What it has counted up to some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Deltas of the bus.
    pub deltas: u64,
    /// Those that it missed.
    pub lost: u64,
    /// Those that came late or twice.
    pub disordered: u64,
    /// Values in all deltas, other plugins' and the server's own among them.
    pub values: u64,
    /// Vessels whose position it knows.
    pub vessels: u64,
    /// Of its instance.
    pub memory_bytes: u64,
}

impl Figures {
    /// Reads the plugin's answer.
    ///
    /// # Errors
    ///
    /// Where it is none.
    pub fn read(answer: &Value) -> Result<Self> {
        let number = |key: &str| {
            answer[key].as_u64().with_context(|| format!("the plugin did not tell {key}: {answer}"))
        };
        Ok(Self {
            deltas: number("deltas")?,
            lost: number("lost")?,
            disordered: number("disordered")?,
            values: number("values")?,
            vessels: number("vessels")?,
            memory_bytes: number("memoryBytes")?,
        })
    }

    /// Whether all is well at the end of a bus of `sent` deltas, for a plugin that had these figures
    /// once it was warm.
    ///
    /// # Errors
    ///
    /// What is not.
    pub fn check(&self, sent: u64, warm: &Self) -> Result<()> {
        ensure!(self.lost == 0 && self.disordered == 0, "deltas are missing or late: {self:?}");
        ensure!(self.deltas == sent, "{sent} deltas were sent, and {} arrived", self.deltas);
        ensure!(self.vessels == VESSELS, "of {VESSELS} vessels {} are known", self.vessels);
        ensure!(
            self.memory_bytes == warm.memory_bytes,
            "the instance grew from {} to {} bytes after it was warm",
            warm.memory_bytes,
            self.memory_bytes
        );
        Ok(())
    }
}

/// How long the server may take with what is on its way.
const PATIENCE: Duration = Duration::from_secs(60);

/// In so many bursts comes a second of the bus: as a server reads it from a socket anyway.
const BURSTS: u64 = 20;

/// The bus on a real server, in real time, over a TCP connection of the server's own.
pub struct OnServer {
    bus: Bus,
    feeder: NmeaFeeder,
    server: Server,
    /// When the first second of the bus since it last rested began, and how many there were.
    began: Instant,
    seconds: u64,
}

impl OnServer {
    /// Starts a server with the plugin in a folder.
    ///
    /// # Errors
    ///
    /// As [`ServerBuilder::start`](crate::ServerBuilder::start).
    pub fn start(installed: InstalledServer, folder: &Path) -> Result<Self> {
        let mut feeder = NmeaFeeder::listen()?;
        let mut provider = feeder.provider();
        // Lines of deltas instead of NMEA 0183.
        provider["pipeElements"][0]["options"]["type"] = "SignalK".into();
        let builder = Server::builder(installed).enabled_plugin(folder, &json!({}));
        let server = builder.provider(provider).start()?;
        feeder.wait_for_client(PATIENCE)?;
        Ok(Self { bus: Bus::default(), feeder, server, began: Instant::now(), seconds: 0 })
    }

    /// A second of the bus.
    ///
    /// # Errors
    ///
    /// Where the server has gone.
    pub fn second(&mut self) -> Result<()> {
        for burst in 0..BURSTS {
            let deltas = self.bus.by_ref().take(usize::try_from(RATE / BURSTS)?);
            self.feeder.send(deltas.map(|delta| delta.to_string()))?;
            let due = Duration::from_millis(1_000 * self.seconds + 1_000 * burst / BURSTS);
            thread::sleep(due.saturating_sub(self.began.elapsed()));
        }
        self.seconds += 1;
        Ok(())
    }

    /// What the plugin has counted up to now.
    ///
    /// # Errors
    ///
    /// Where it does not answer.
    pub fn figures(&self) -> Result<Figures> {
        let address = format!("/plugins/{PLUGIN}{FIGURES}");
        Figures::read(&self.server.rest().get(&address)?.1)
    }

    /// What it has counted when all that was sent has arrived, or does not any more.
    ///
    /// # Errors
    ///
    /// As [`Self::figures`].
    pub fn settled(&mut self) -> Result<Figures> {
        let deadline = Instant::now() + PATIENCE;
        while self.figures()?.deltas < self.bus.sent() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(200));
        }
        // What comes next is as fast as the bus, and not faster for having waited.
        self.began = Instant::now();
        self.seconds = 0;
        self.figures()
    }

    /// How many deltas were sent.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.bus.sent()
    }
}
