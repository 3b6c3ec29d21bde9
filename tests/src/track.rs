//! A recorded track: NMEA 0183 sentences, and what they say second by second.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use nmea::ParseResult;
use serde_json::{Value, json};

/// Speeds in NMEA 0183 are in knots, in Signal K in m/s.
const METRES_PER_SECOND_PER_KNOT: f64 = 1852.0 / 3600.0;

/// Where the boat of `tracks/dragging-anchor.nmea` dropped its anchor: degrees, north and east positive.
pub const ANCHOR_DROPPED_AT: (f64, f64) = (50.0 + 10.0 / 60.0, -(5.0 + 2.3 / 60.0));

/// A track in the order in which it was recorded.
#[derive(Debug, Clone)]
pub struct Track {
    fixes: Vec<Fix>,
}

/// What the GPS said at one moment.
#[derive(Debug, Clone)]
pub struct Fix {
    /// Time since the first fix.
    pub at: Duration,
    /// Degrees, north positive.
    pub latitude: f64,
    /// Degrees, east positive.
    pub longitude: f64,
    /// Speed over ground in m/s, where the GPS told.
    pub speed: Option<f64>,
    /// True course over ground in radians, where the GPS told.
    pub course: Option<f64>,
    /// The sentences as recorded, without line ends.
    pub sentences: Vec<String>,
}

impl Fix {
    /// The value of `navigation.position`.
    #[must_use]
    pub fn position(&self) -> Value {
        json!({ "latitude": self.latitude, "longitude": self.longitude })
    }

    /// The delta that a server makes of this fix, without the server's own additions.
    #[must_use]
    pub fn delta(&self) -> Value {
        let mut values = vec![json!({ "path": "navigation.position", "value": self.position() })];
        if let Some(speed) = self.speed {
            values.push(json!({ "path": "navigation.speedOverGround", "value": speed }));
        }
        if let Some(course) = self.course {
            values.push(json!({ "path": "navigation.courseOverGroundTrue", "value": course }));
        }
        json!({ "updates": [{ "values": values }] })
    }
}

impl Track {
    /// Reads a log of NMEA 0183 sentences, one a line. Each RMC begins a fix; other sentences
    /// belong to the fix before them.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read, or a line is not a sound sentence, time
    /// goes back before the first fix, or there is no fix.
    pub fn load(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file)
            .with_context(|| format!("the track {} cannot be read", file.display()))?;
        Self::parse(&text).with_context(|| format!("{} is not a sound track", file.display()))
    }

    /// Reads the text of a log, see [`load`](Self::load).
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load).
    pub fn parse(text: &str) -> Result<Self> {
        let mut fixes: Vec<Fix> = Vec::new();
        let mut began = None;
        for (number, line) in (1..).zip(text.lines()) {
            let parsed = nmea::parse_str(line)
                .map_err(|error| anyhow::anyhow!("line {number}, `{line}`: {error}"))?;
            if let ParseResult::RMC(rmc) = parsed {
                let (Some(time), Some(latitude), Some(longitude)) =
                    (rmc.fix_time, rmc.lat, rmc.lon)
                else {
                    bail!("line {number}, `{line}`, has no time or no position");
                };
                let since = time - *began.get_or_insert(time);
                fixes.push(Fix {
                    at: since.to_std().with_context(|| {
                        format!("line {number}, `{line}`, is earlier than the first fix")
                    })?,
                    latitude,
                    longitude,
                    speed: rmc
                        .speed_over_ground
                        .map(|knots| f64::from(knots) * METRES_PER_SECOND_PER_KNOT),
                    course: rmc.true_course.map(|degrees| f64::from(degrees).to_radians()),
                    sentences: vec![line.to_owned()],
                });
            } else if let Some(fix) = fixes.last_mut() {
                fix.sentences.push(line.to_owned());
            }
        }
        if fixes.is_empty() {
            bail!("there is no RMC sentence in it");
        }
        Ok(Self { fixes })
    }

    /// The fixes, the first one at 0 s.
    #[must_use]
    pub fn fixes(&self) -> &[Fix] {
        &self.fixes
    }
}
