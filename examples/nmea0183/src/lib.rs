//! NMEA 0183 over UDP or TCP: turns the sentences of instruments into deltas in SI units, and sends
//! sentences made of what other sources tell the server.

#![forbid(unsafe_code)]
mod config;
mod link;
mod read;
mod sentence;

use std::collections::BTreeMap;

use signalk_plugin_sdk::delta::DeltaBuilder;
use signalk_plugin_sdk::model;
use signalk_plugin_sdk::prelude::*;

use config::Config;
use link::Link;
use read::{Problem, Reading};
use sentence::{Sentence, degrees, tenths};

/// The plugin.
pub struct Nmea0183 {
    takes_without_checksum: bool,
    link: Link,
    counts: Counts,
    /// The paths that have a value now, with the name of the sentence that it came in.
    told: BTreeMap<&'static str, String>,
}

/// Sentences since the start.
#[derive(Debug, Default)]
struct Counts {
    sent: u64,
    received: u64,
    unknown: u64,
    broken: u64,
}

// A handler does not get what the plugin itself has published. So two servers that send to each
// other do not pass the same value back and forth for ever.
#[signalk_plugin(name = "NMEA 0183", model("environment.wind.speedApparent"))]
impl Nmea0183 {
    fn start(config: Config) -> Result<Self> {
        Ok(Self {
            takes_without_checksum: config.without_checksum,
            link: Link::open(&config.connection)?,
            counts: Counts::default(),
            told: BTreeMap::new(),
        })
    }

    #[delta("navigation.headingTrue")]
    fn heading(&mut self, radians: f64) -> Result<()> {
        self.send(&["IIHDT", &degrees(radians), "T"])
    }

    #[delta("environment.depth.belowTransducer")]
    fn depth(&mut self, metres: f64) -> Result<()> {
        self.send(&["IIDBT", "", "f", &tenths(metres), "M", "", "F"])
    }

    #[delta("environment.wind.angleApparent")]
    fn wind(&mut self, radians: f64) -> Result<()> {
        // A speed that is older does not belong to this angle.
        let fresh = Duration::from_secs(5);
        let Some(speed) = model::get_within("environment.wind.speedApparent", fresh)? else {
            return Ok(());
        };
        self.send(&["IIMWV", &degrees(radians), "R", &tenths(speed), "M", "A"])
    }

    #[every("1s")]
    fn receive(&mut self) -> Result<()> {
        let mut lines = Vec::new();
        let outcome = self.link.receive(&mut lines);
        for line in &lines {
            self.take(line)?;
        }
        server::set_status(&self.counts.to_line());
        // An error comes after what arrived before it.
        outcome
    }

    fn take(&mut self, line: &[u8]) -> Result<()> {
        let Some(sentence) = Sentence::parse(line, self.takes_without_checksum) else {
            self.counts.broken += 1;
            return Ok(());
        };
        match read::readings(&sentence) {
            Ok(readings) => {
                self.counts.received += 1;
                self.publish(sentence.name(), readings)
            }
            Err(Problem::Unknown) => {
                self.counts.unknown += 1;
                Ok(())
            }
            Err(Problem::Broken) => {
                self.counts.broken += 1;
                Ok(())
            }
        }
    }

    /// Sends the values of a sentence in one delta. A value that is not there any more is cleared, once.
    fn publish(&mut self, sentence: &str, readings: Vec<Reading>) -> Result<()> {
        let mut delta = DeltaBuilder::new();
        let mut is_empty = true;
        for (path, value) in readings {
            if let Some(value) = value {
                delta = delta.value(path, value);
                self.told.insert(path, sentence.to_owned());
                is_empty = false;
                continue;
            }
            // Another sentence's value stays: a log without a compass sends headings, too, all empty.
            let is_its_own = self.told.get(path).is_some_and(|teller| teller == sentence);
            if is_its_own {
                delta = delta.value(path, ());
                self.told.remove(path);
                is_empty = false;
            }
        }
        if is_empty {
            return Ok(());
        }
        delta.send()
    }

    fn send(&mut self, fields: &[&str]) -> Result<()> {
        let is_sent = self.link.send(&sentence::line(fields))?;
        if is_sent {
            self.counts.sent += 1;
        }
        Ok(())
    }
}

impl Counts {
    fn to_line(&self) -> String {
        let Self { sent, received, unknown, broken } = self;
        format!("{sent} sent; {received} received, {unknown} unknown, {broken} broken")
    }
}

#[cfg(test)]
mod tests;
