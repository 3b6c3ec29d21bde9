//! Recordings that are played to the plugin.

use std::fs;
use std::path::Path;
use std::time::Duration;

use signalk_server_model::recording::{self, Line};

use super::TestHost;
use crate::boundary::imports::native;
use crate::runtime::Installed;

impl<P: Installed> TestHost<P> {
    /// Plays a recording of deltas and NMEA 0183 sentences, with as much time from line to line as they came
    /// in; see [`Self::play_at`].
    ///
    /// # Panics
    /// When the file cannot be read, or a line is neither.
    #[track_caller]
    pub fn play(&mut self, file: impl AsRef<Path>) -> usize {
        self.play_at(1.0, file)
    }

    /// Plays a recording so many times as fast as it came in, and gives back how many lines were played. Each
    /// line is the JSON of a delta or a sentence of NMEA 0183, also as the server's own data log has it,
    /// behind a time and a letter. The plugin is polled while time passes; the timestamps of the deltas are
    /// those of the time at which they are played.
    ///
    /// ```
    /// use signalk_plugin_sdk::prelude::*;
    /// use signalk_plugin_sdk::testing::TestHost;
    ///
    /// struct Deepest(f64);
    ///
    /// #[signalk_plugin]
    /// impl Deepest {
    ///     fn start() -> Result<Self> {
    ///         Ok(Self(0.0))
    ///     }
    ///
    ///     #[delta("environment.depth.belowTransducer")]
    ///     fn depth(&mut self, metres: Option<f64>) -> Result<()> {
    ///         self.0 = self.0.max(metres.unwrap_or_default());
    ///         delta::set("environment.depth.deepest", self.0)
    ///     }
    /// }
    ///
    /// # let file = std::env::temp_dir().join(format!("play-{}.log", std::process::id()));
    /// # std::fs::write(&file, concat!(
    /// #     "1767225600000;N;$SDDPT,4.5,0.0,*7A\n",
    /// #     "1767225660000;N;$SDDPT,9.5,0.0,*77\n",
    /// # ))?;
    /// let mut host = TestHost::<Deepest>::start_default();
    /// assert_eq!(host.play_at(10.0, &file), 2);
    /// assert_eq!(host.number("environment.depth.deepest"), 9.5);
    /// # std::fs::remove_file(file)?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Panics
    /// When the file cannot be read, a line is neither, or the speed is not above 0.
    #[track_caller]
    #[allow(clippy::panic, reason = "an assertion of a test")]
    pub fn play_at(&mut self, speed: f64, file: impl AsRef<Path>) -> usize {
        assert!(speed > 0.0 && speed.is_finite(), "a speed is above 0, found {speed}");
        let file = file.as_ref();
        let text = fs::read_to_string(file)
            .unwrap_or_else(|error| panic!("{} cannot be read: {error}", file.display()));
        let lines =
            recording::read(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let played = lines.len();
        let mut last = None;
        for Line { at, source, delta, .. } in lines {
            let since = at.zip(last).and_then(|(at, last)| at.duration_since(last).ok());
            self.advance(Duration::from_secs_f64(since.unwrap_or_default().as_secs_f64() / speed));
            last = at.or(last);
            native::deliver(&source, delta);
        }
        played
    }
}
