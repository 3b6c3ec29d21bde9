//! What the plugin of the soak tells of itself, and what it must not tell.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::bus::VESSELS;

/// The plugin that takes the whole [`Bus`](crate::Bus).
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
