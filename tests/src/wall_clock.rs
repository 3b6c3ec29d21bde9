//! The wall clock of a real server, which a test sets.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use tempfile::TempDir;

use crate::env;
use crate::server::ServerBuilder;

/// The wall clock that a server's process sees, plugins and timestamps included. By libfaketime, it
/// is this machine's at first, and goes on from wherever it is set. Timers go by the monotonic clock,
/// which stays as it is.
pub struct WallClock {
    library: PathBuf,
    folder: TempDir,
}

impl WallClock {
    /// A clock that shows the right time.
    ///
    /// # Errors
    ///
    /// Where nobody said where libfaketime is, or the disk is full.
    pub fn new() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("signalk-clock-").tempdir()?;
        let clock = Self { library: env::faketime()?, folder };
        clock.set_by(0)?;
        Ok(clock)
    }

    /// Has a server go by this clock.
    #[must_use]
    pub fn of(&self, server: ServerBuilder) -> ServerBuilder {
        let variables: [(&str, OsString); 5] = [
            ("LD_PRELOAD", self.library.clone().into()),
            ("FAKETIME_TIMESTAMP_FILE", self.file().into()),
            // Else it looks into the file every 10 s.
            ("FAKETIME_NO_CACHE", "1".into()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
            ("NO_FAKE_STAT", "1".into()),
        ];
        let with = |server: ServerBuilder, (name, value)| server.variable(name, value);
        variables.into_iter().fold(server, with)
    }

    /// Sets it to so many seconds before or after the right time.
    ///
    /// # Errors
    ///
    /// Where the disk is full.
    pub fn set_by(&self, seconds: i64) -> Result<()> {
        // The server must not read half of it.
        let new = self.folder.path().join("new");
        fs::write(&new, format!("{seconds:+}\n"))?;
        Ok(fs::rename(new, self.file())?)
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("set-by")
    }
}
