//! A recording: its lines, each with its time since the first.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail};

use super::line::{Data, Line, Time};

/// The time between lines of a recording without any times, and between its end and the next beginning.
const PACE: Duration = Duration::from_secs(1);

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Two clocks on board are not further apart. What is, is another recording, which goes on at once.
const APART: Duration = Duration::from_secs(60 * 60);

/// Lines in the order in which they are played.
#[derive(Debug)]
pub(crate) struct Recording {
    pub(crate) items: Vec<Item>,
    /// The lines that are neither sentences nor deltas, with their numbers and what is wrong.
    pub(crate) broken: Vec<String>,
}

/// A line, and when it is due after the first.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) at: Duration,
    /// The number of the line, from 1.
    pub(crate) number: usize,
    pub(crate) data: Data,
}

impl Recording {
    pub(super) fn read(file: &Path) -> Result<Self> {
        let bytes =
            std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
        // Logs of instruments have broken bytes now and then.
        Self::parse(&String::from_utf8_lossy(&bytes))
            .with_context(|| format!("{} cannot be played", file.display()))
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        let mut lines = Vec::new();
        let mut own_vessel = None;
        let mut broken = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            match Line::parse(line) {
                Line::Nothing => {}
                Line::Data(data) => lines.push((number, data)),
                Line::OwnVessel(vessel) => own_vessel = Some(vessel),
                Line::Broken(reason) => broken.push(format!("line {number}: {reason}")),
            }
        }
        if lines.is_empty() {
            match broken.first() {
                Some(first) => bail!("no line of it can be used; {first}"),
                None => bail!("it has no sentence and no delta"),
            }
        }
        if let Some(vessel) = own_vessel.or_else(|| only_vessel(&lines)) {
            lines.iter_mut().for_each(|(_, data)| data.make_own(&vessel));
        }
        Ok(Self { items: timed(lines), broken })
    }

    /// From its beginning to its next one.
    pub(crate) fn length(&self) -> Duration {
        self.items.last().map_or(PACE, |last| last.at + PACE)
    }
}

/// A recording of one vessel alone is of the own one.
fn only_vessel(lines: &[(usize, Data)]) -> Option<String> {
    let vessels: BTreeSet<_> = lines.iter().map(|(_, data)| data.vessel()).collect();
    match vessels.into_iter().collect::<Vec<_>>().as_slice() {
        [Some(one)] => Some((*one).to_owned()),
        _ => None,
    }
}

/// Gives each line its time: that in it, or that of the line before.
fn timed(lines: Vec<(usize, Data)>) -> Vec<Item> {
    let first_date = lines.iter().find_map(|(_, data)| match data.time? {
        Time::Date(date) => Some(date),
        Time::OfDay(_) => None,
    });
    let has_times = lines.iter().any(|(_, data)| data.time.is_some());
    let mut clock = Clock::starting_near(first_date.unwrap_or(SystemTime::UNIX_EPOCH + DAY));
    let item = |(index, (number, data)): (u32, (usize, Data))| {
        let at = if has_times { clock.see(data.time) } else { PACE * index };
        Item { at, number, data }
    };
    (0..).zip(lines).map(item).collect()
}

/// From the times of lines to the time since the first of them. It never goes back.
struct Clock {
    /// The newest time, or one near the first while there is none.
    last: SystemTime,
    has_seen_any: bool,
    passed: Duration,
}

impl Clock {
    fn starting_near(date: SystemTime) -> Self {
        Self { last: date, has_seen_any: false, passed: Duration::ZERO }
    }

    fn see(&mut self, time: Option<Time>) -> Duration {
        let now = match time {
            None => return self.passed,
            Some(Time::Date(date)) => date,
            Some(Time::OfDay(time)) => nearest(self.last, time),
        };
        match now.duration_since(self.last) {
            Ok(step) => {
                if self.has_seen_any && step < DAY {
                    self.passed += step;
                }
                self.last = now;
            }
            // A clock that is a little behind does not set the other one back.
            Err(back) if self.has_seen_any && back.duration() < APART => {}
            Err(_) => self.last = now,
        }
        self.has_seen_any = true;
        self.passed
    }
}

/// The moment with that time of day which is nearest to another.
fn nearest(to: SystemTime, time_of_day: Duration) -> SystemTime {
    let since_1970 = to.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let days = DAY.as_secs() * (since_1970.as_secs() / DAY.as_secs());
    let midnight = Duration::from_secs(days);
    let today = midnight + time_of_day;
    let nearest = if since_1970 > today + DAY / 2 {
        today + DAY
    } else if today > since_1970 + DAY / 2 {
        today.saturating_sub(DAY)
    } else {
        today
    };
    SystemTime::UNIX_EPOCH + nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(text: &str) -> Vec<u128> {
        let recording = Recording::parse(text).unwrap();
        recording.items.iter().map(|item| item.at.as_millis()).collect()
    }

    fn delta(context: &str, timestamp: &str) -> String {
        format!(
            r#"{{"context":"{context}","updates":[{{"timestamp":"{timestamp}","values":[]}}]}}"#
        )
    }

    #[test]
    fn sentences_are_due_at_the_times_in_them_and_others_with_the_one_before() {
        let text = "$GPGGA,235959.50,A\n$SDDBT,1,f\n# a remark\n\n$GPGGA,000000.00,1\n$GPGLL,1,N,2,E,000001,A\n";
        assert_eq!(times(text), [0, 0, 500, 1500]);
        // A time that goes back is another clock's.
        assert_eq!(times("$GPGGA,120000,A\n$GPGGA,115959,A\n$GPGGA,120001,A\n"), [0, 0, 1000]);
    }

    #[test]
    fn a_time_of_day_is_of_the_date_beside_it() {
        let rmc = "$GPRMC,021000.00,A,5010.01144,N,00502.28219,W,1.0,106.2,040726,,,A*4F";
        assert_eq!(
            times(&format!("$GPGGA,020959.00,A\n{rmc}\n$GPGGA,021000.50,A")),
            [0, 1000, 1500]
        );
    }

    #[test]
    fn a_recording_behind_another_goes_on_at_once() {
        let times_of = |timestamps: &[&str]| {
            let lines: Vec<_> = timestamps.iter().map(|it| delta("vessels.a", it)).collect();
            times(&lines.join("\n"))
        };
        let (a, b) = ("2026-01-01T00:00:00Z", "2026-01-01T00:00:02Z");
        assert_eq!(times_of(&["2026-07-01T00:00:00Z", a, b]), [0, 0, 2000]);
        assert_eq!(times_of(&["2006-07-01T00:00:00Z", a, b]), [0, 0, 2000]);
    }

    #[test]
    fn deltas_are_due_at_their_times_and_lose_them_and_the_context_of_the_own_vessel() {
        let text = [
            r#"{"self":"vessels.a"}"#.to_owned(),
            delta("vessels.a", "2026-01-01T00:00:01Z"),
            delta("vessels.b", "2026-01-01T00:00:02.5Z"),
        ];
        let text = text.join("\n");
        assert_eq!(times(&text), [0, 1500]);
        let items = Recording::parse(&text).unwrap().items;
        assert_eq!(items[0].data.text(), r#"{"updates":[{"values":[]}]}"#);
        assert_eq!(items[1].data.text(), r#"{"context":"vessels.b","updates":[{"values":[]}]}"#);
    }

    #[test]
    fn without_times_there_is_a_line_each_second() {
        assert_eq!(times("$SDDBT,1\n$SDDBT,2\n"), [0, 1000]);
    }

    #[test]
    fn what_is_no_recording_is_refused_with_the_line() {
        for (text, says) in [
            ("", "no sentence and no delta"),
            ("# a remark\nhello", "line 2: not JSON"),
            ("{", "line 1: "),
        ] {
            let error = Recording::parse(text).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
        let recording = Recording::parse("$SDDBT,1\nhello").unwrap();
        assert!(recording.broken[0].starts_with("line 2: "), "{:?}", recording.broken);
    }
}
