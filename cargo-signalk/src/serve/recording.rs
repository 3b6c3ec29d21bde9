//! A recording: lines with the times at which they were recorded.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::recording::{self, PACE};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The languages of a recording, each of which the server reads by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    /// Sentences of NMEA 0183.
    Nmea0183,
    /// Signal K's own.
    Deltas,
}

/// A line, and when it is due after the first.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) at: Duration,
    pub(super) language: Language,
    pub(super) text: String,
}

/// Lines in the order in which they are played.
#[derive(Debug)]
pub(super) struct Recording {
    pub(super) lines: Vec<Line>,
}

impl Recording {
    /// Reads a file with a sentence or a delta on each line.
    pub(super) fn read(file: &Path) -> Result<Self> {
        recording::read(file, Self::parse)
    }

    fn parse(text: &str) -> Result<Self> {
        let mut lines = Vec::new();
        let mut own_vessel = None;
        let mut clock = Clock::default();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            let (language, text, time) = match line.as_bytes().first() {
                None | Some(b'#') => continue,
                Some(b'$' | b'!' | b'\\') => {
                    (Language::Nmea0183, line.to_owned(), time_of_day(line))
                }
                Some(b'{') => {
                    let mut delta: Value = serde_json::from_str(line)
                        .with_context(|| format!("line {number} is not JSON"))?;
                    if let Some(vessel) = delta["self"].as_str() {
                        // The first message of a server's stream.
                        own_vessel = Some(vessel.to_owned());
                        continue;
                    }
                    let time = make_new(&mut delta, own_vessel.as_deref());
                    (Language::Deltas, delta.to_string(), time)
                }
                Some(_) => bail!(
                    "line {number} is {line:?}, expected a sentence such as $GPRMC,… or a delta such as \
                     {{\"updates\":[…]}}"
                ),
            };
            lines.push(Line { at: clock.see(time), language, text });
        }
        if lines.is_empty() {
            bail!("it has no line with a sentence or a delta");
        }
        if !clock.has_seen_any {
            for (number, line) in (0..).zip(&mut lines) {
                line.at = PACE * number;
            }
        }
        Ok(Self { lines })
    }

    /// From its beginning to its next one.
    pub(super) fn length(&self) -> Duration {
        self.lines.last().map_or(PACE, |last| last.at + PACE)
    }

    pub(super) fn has(&self, language: Language) -> bool {
        self.lines.iter().any(|line| line.language == language)
    }
}

/// From times of day to the time since the first of them. It never goes back.
#[derive(Default)]
struct Clock {
    has_seen_any: bool,
    last: Duration,
    passed: Duration,
}

impl Clock {
    fn see(&mut self, time: Option<Duration>) -> Duration {
        if let Some(time) = time {
            if self.has_seen_any {
                let step = (time + DAY).saturating_sub(self.last);
                let step = if step >= DAY { step - DAY } else { step };
                // More than half a day forward is a step back.
                if step < DAY / 2 {
                    self.passed += step;
                    self.last = time;
                }
            } else {
                self.last = time;
            }
            self.has_seen_any = true;
        }
        self.passed
    }
}

/// The time of day in a sentence that has one.
fn time_of_day(sentence: &str) -> Option<Duration> {
    let start = sentence.find(['$', '!'])?;
    let mut fields = sentence.get(start + 1..)?.split([',', '*']);
    let field = match fields.next()?.get(2..)? {
        "RMC" | "GGA" | "ZDA" | "GNS" | "GBS" => 0,
        "GLL" => 4,
        _ => return None,
    };
    let text = fields.nth(field)?;
    let two = |at: usize| text.get(at..at + 2)?.parse::<u32>().ok();
    let seconds: f64 = text.get(4..)?.parse().ok()?;
    let whole = Duration::from_secs((two(0)? * 3600 + two(2)? * 60).into());
    Some(whole + Duration::try_from_secs_f64(seconds).ok()?)
}

/// Leaves out the recorded times, in place of which the server puts its own, and the context of the vessel
/// that was the own one. Gives back the time of day.
fn make_new(delta: &mut Value, own_vessel: Option<&str>) -> Option<Duration> {
    if let Some(vessel) = own_vessel {
        recording::make_own(delta, vessel);
    }
    let updates = delta.get_mut("updates").and_then(Value::as_array_mut);
    let mut first = None;
    for update in updates.into_iter().flatten().filter_map(Value::as_object_mut) {
        let time = update.remove("timestamp");
        first = first.or_else(|| time_in(time?.as_str()?));
    }
    first
}

/// The time of day in `2026-01-01T01:02:03.5Z`.
fn time_in(timestamp: &str) -> Option<Duration> {
    let (_, time) = timestamp.split_once('T')?;
    let mut parts = time.trim_end_matches('Z').split(':');
    let mut whole = || parts.next()?.parse::<u32>().ok();
    let minutes = whole()?.checked_mul(60)?.checked_add(whole()?)?;
    let seconds = Duration::try_from_secs_f64(parts.next()?.parse().ok()?).ok()?;
    Some(Duration::from_secs(u64::from(minutes) * 60) + seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(text: &str) -> Vec<u128> {
        let recording = Recording::parse(text).unwrap();
        recording.lines.iter().map(|line| line.at.as_millis()).collect()
    }

    #[test]
    fn sentences_are_due_at_the_times_in_them_and_others_with_the_one_before() {
        let text = "$GPRMC,235959.50,A\n$SDDBT,1,f\n# a remark\n\n$GPGGA,000000.00,1\n$GPGLL,1,N,2,E,000001,A\n";
        assert_eq!(times(text), [0, 0, 500, 1500]);
        // A time that goes back is another clock's.
        assert_eq!(times("$GPRMC,120000,A\n$GPRMC,115959,A\n$GPRMC,120001,A\n"), [0, 0, 1000]);
    }

    #[test]
    fn deltas_are_due_at_their_times_and_lose_them_and_the_context_of_the_own_vessel() {
        let text = r#"{"self":"vessels.a"}
            {"context":"vessels.a","updates":[{"timestamp":"2026-01-01T00:00:01Z","values":[]}]}
            {"context":"vessels.b","updates":[{"timestamp":"2026-01-01T00:00:02.5Z","values":[]}]}"#;
        assert_eq!(times(text), [0, 1500]);
        let recording = Recording::parse(text).unwrap();
        assert_eq!(recording.lines[0].text, r#"{"updates":[{"values":[]}]}"#);
        assert_eq!(recording.lines[1].text, r#"{"context":"vessels.b","updates":[{"values":[]}]}"#);
        assert!(recording.has(Language::Deltas) && !recording.has(Language::Nmea0183));
    }

    #[test]
    fn without_times_there_is_a_line_each_second() {
        assert_eq!(times("$SDDBT,1\n$SDDBT,2\n"), [0, 1000]);
    }

    #[test]
    fn what_is_no_recording_is_refused_with_the_line() {
        for (text, says) in [
            ("", "no line"),
            ("$SDDBT,1\nhello", "line 2 is \"hello\""),
            ("{", "line 1 is not JSON"),
        ] {
            let error = format!("{:#}", Recording::parse(text).unwrap_err());
            assert!(error.contains(says), "{error}");
        }
    }
}
