//! Recordings of what came to a server: what `run` and `serve` make of them alike.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

/// Between lines of a recording without any times, and between its end and the next beginning.
pub(crate) const PACE: Duration = Duration::from_secs(1);

/// Reads a file. `read` makes something of its text.
pub(crate) fn read<T>(file: &Path, read: impl FnOnce(&str) -> Result<T>) -> Result<T> {
    let bytes = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    // Logs of instruments have broken bytes now and then.
    let text = String::from_utf8_lossy(&bytes);
    read(&text).with_context(|| format!("{} cannot be played", file.display()))
}

/// Makes a delta about that vessel one about the own.
pub(crate) fn make_own(delta: &mut Value, vessel: &str) {
    if let Some(object) = delta.as_object_mut()
        && object.get("context").is_some_and(|context| context == vessel)
    {
        object.remove("context");
    }
}

/// Reads how many times as fast one is played: up to where a second of the machine is still time enough for
/// the plugin's polls.
pub(crate) fn speed(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(times) if (0.01..=1000.0).contains(&times) => Ok(times),
        _ => Err("expected a number from 0.01 to 1000".to_owned()),
    }
}
