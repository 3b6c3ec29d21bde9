//! A recording, played at the pace at which it was made.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::{Duration, SystemTime};

use anyhow::{Result, bail};

use super::line::{Line, Recorded};
use crate::recording::{PACE, make_own};

/// The broken lines that are told one by one.
const SHOWN: usize = 5;

/// Its deltas, each with its time since the first.
pub(crate) struct Replay {
    items: Vec<Item>,
    /// From the beginning to the next one.
    length: Duration,
    again: bool,
    began: Duration,
    next: usize,
}

struct Item {
    at: Duration,
    source: String,
    delta: String,
}

/// A delta that is due.
pub(crate) struct Delivery {
    pub(crate) at: Duration,
    pub(crate) source: String,
    pub(crate) delta: String,
}

impl Replay {
    /// Also gives back what there is to be told about lines that are not played.
    pub(super) fn parse(text: &str, again: bool) -> Result<(Self, Vec<String>)> {
        let mut recorded: Vec<Recorded> = Vec::new();
        let mut own_vessel = None;
        let mut broken = Vec::new();
        let mut unread: BTreeMap<String, usize> = BTreeMap::new();
        for (number, line) in (1..).zip(text.lines()) {
            match Line::parse(line) {
                Line::Nothing => {}
                Line::Delta(delta) => recorded.push(delta),
                Line::OwnVessel(vessel) => own_vessel = Some(vessel),
                Line::Unread(kind) => *unread.entry(kind).or_default() += 1,
                Line::Broken(reason) => broken.push(format!("line {number}: {reason}")),
            }
        }
        if recorded.is_empty() {
            match broken.first() {
                Some(first) => bail!("no line of it can be used; {first}"),
                None if unread.is_empty() => bail!("it is empty"),
                None => bail!("it has only {}", listed(&unread)),
            }
        }
        if let Some(vessel) = own_vessel.or_else(|| only_vessel(&recorded)) {
            recorded.iter_mut().for_each(|it| make_own(&mut it.delta, &vessel));
        }
        let items = timed(recorded);
        let length = items.last().map_or(PACE, |last| last.at + PACE);
        let replay = Self { items, length, again, began: Duration::ZERO, next: 0 };
        Ok((replay, remarks(broken, &unread)))
    }

    /// Begins at that time.
    pub(crate) fn begin(&mut self, time: Duration) {
        self.began = time;
    }

    /// The next delta, if it is due by that time.
    pub(crate) fn due(&mut self, until: Duration) -> Option<Delivery> {
        if self.next == self.items.len() && self.again {
            self.began += self.length;
            self.next = 0;
        }
        let item = self.items.get(self.next)?;
        let at = self.began + item.at;
        if at > until {
            return None;
        }
        self.next += 1;
        Some(Delivery { at, source: item.source.clone(), delta: item.delta.clone() })
    }

    /// Tells if everything has been played, and does not begin again.
    pub(crate) fn is_over(&self) -> bool {
        self.next == self.items.len() && !self.again
    }
}

/// As in "1320 deltas, which take 10m 59s".
impl fmt::Display for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lasts = Duration::from_secs(self.length.as_secs());
        let again = if self.again { ", again and again" } else { "" };
        let count = self.items.len();
        write!(f, "{count} deltas over {}{again}", humantime::format_duration(lasts))
    }
}

/// A recording of one vessel alone is of the own one.
fn only_vessel(recorded: &[Recorded]) -> Option<String> {
    let contexts: BTreeSet<_> =
        recorded.iter().map(|it| it.delta["context"].as_str().unwrap_or_default()).collect();
    match contexts.into_iter().collect::<Vec<_>>().as_slice() {
        [one] if !one.is_empty() => Some((*one).to_owned()),
        _ => None,
    }
}

/// Gives each delta its time. If that goes back, it goes on from there.
fn timed(recorded: Vec<Recorded>) -> Vec<Item> {
    let has_times = recorded.iter().any(|it| it.at.is_some());
    let mut before: Option<SystemTime> = None;
    let mut at = Duration::ZERO;
    let item = |(index, recorded): (usize, Recorded)| {
        if let Some(now) = recorded.at {
            let passed = before.and_then(|before| now.duration_since(before).ok());
            at += passed.unwrap_or_default();
            before = Some(now);
        } else if !has_times && index > 0 {
            at += PACE;
        }
        Item { at, source: recorded.source, delta: recorded.delta.to_string() }
    };
    recorded.into_iter().enumerate().map(item).collect()
}

fn remarks(broken: Vec<String>, unread: &BTreeMap<String, usize>) -> Vec<String> {
    let more = broken.len().saturating_sub(SHOWN);
    let mut remarks: Vec<_> =
        broken.into_iter().take(SHOWN).map(|line| format!("left out, {line}")).collect();
    if more > 0 {
        remarks.push(format!("left out: {more} more lines"));
    }
    if !unread.is_empty() {
        remarks.push(format!("not read: {}", listed(unread)));
    }
    remarks
}

fn listed(unread: &BTreeMap<String, usize>) -> String {
    let kinds: Vec<_> = unread.iter().map(|(kind, count)| format!("{kind} ({count})")).collect();
    kinds.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMED: &str = concat!(
        r#"{"context":"vessels.a","updates":[{"timestamp":"2026-01-01T00:00:00Z","values":[]}]}"#,
        "\n",
        r#"{"context":"vessels.a","updates":[{"timestamp":"2026-01-01T00:00:05Z","values":[]}]}"#,
        "\n",
    );

    fn times(replay: &mut Replay, until: u64) -> Vec<u64> {
        let until = Duration::from_secs(until);
        std::iter::from_fn(|| replay.due(until)).map(|it| it.at.as_secs()).collect()
    }

    #[test]
    fn each_delta_comes_at_its_time_after_the_first_and_as_one_of_now() {
        let (mut replay, remarks) = Replay::parse(TIMED, false).unwrap();
        assert_eq!(remarks, [""; 0]);
        replay.begin(Duration::from_secs(100));
        assert_eq!(times(&mut replay, 104), [100]);
        assert!(!replay.is_over());
        let last = replay.due(Duration::from_secs(105)).unwrap();
        assert_eq!(last.delta, r#"{"updates":[{"values":[]}]}"#);
        assert!(replay.is_over());
    }

    #[test]
    fn a_loop_begins_again_a_second_after_its_end() {
        let (mut replay, _) = Replay::parse(TIMED, true).unwrap();
        replay.begin(Duration::ZERO);
        assert_eq!(times(&mut replay, 12), [0, 5, 6, 11, 12]);
        assert!(!replay.is_over());
    }

    #[test]
    fn without_times_it_is_a_line_a_second() {
        let (mut replay, _) = Replay::parse("$SDDPT,1.0,0.0*56\n$SDDPT,2.0,0.0*55", false).unwrap();
        replay.begin(Duration::ZERO);
        assert_eq!(times(&mut replay, 9), [0, 1]);
    }

    #[test]
    fn what_is_left_out_is_told_and_a_file_with_nothing_else_is_refused() {
        let text = format!("{TIMED}hello\n$GPGSV,1,1,00*79\n$GPGSV,1,1,00*79\n");
        let (_, remarks) = Replay::parse(&text, false).unwrap();
        assert!(remarks[0].starts_with("left out, line 3: not JSON"), "{remarks:?}");
        assert_eq!(remarks[1], "not read: sentences GPGSV (2)");
        for (text, reason) in [
            ("", "it is empty"),
            ("{}", "line 1"),
            ("$GPGSV,1,1,00*79", "only sentences GPGSV (1)"),
        ] {
            let error = Replay::parse(text, false).err().unwrap().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }
}
