//! A recording, played at the pace at which it was made.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::feed::{NoDelta, Recording};

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
    pub(super) fn of(recording: Recording, again: bool) -> Result<(Self, Vec<String>)> {
        let length = recording.length();
        let mut items = Vec::new();
        let mut broken = recording.broken;
        let mut unread: BTreeMap<String, usize> = BTreeMap::new();
        for line in recording.items {
            match line.data.delta() {
                Ok(delta) => {
                    let source = line.data.source().to_owned();
                    items.push(Item { at: line.at, source, delta });
                }
                Err(NoDelta::Unread(kind)) => *unread.entry(kind).or_default() += 1,
                Err(NoDelta::Broken(reason)) => {
                    broken.push(format!("line {}: {reason}", line.number));
                }
            }
        }
        if items.is_empty() {
            match broken.first() {
                Some(first) => bail!("no line of the recording can be used; {first}"),
                None => bail!("the recording has only {}", listed(&unread)),
            }
        }
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

    fn replay(text: &str, again: bool) -> Result<(Replay, Vec<String>)> {
        Replay::of(Recording::parse(text)?, again)
    }

    fn times(replay: &mut Replay, until: u64) -> Vec<u64> {
        let until = Duration::from_secs(until);
        std::iter::from_fn(|| replay.due(until)).map(|it| it.at.as_secs()).collect()
    }

    #[test]
    fn each_delta_comes_at_its_time_after_the_first_and_as_one_of_now() {
        let (mut replay, remarks) = replay(TIMED, false).unwrap();
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
        let (mut replay, _) = replay(TIMED, true).unwrap();
        replay.begin(Duration::ZERO);
        assert_eq!(times(&mut replay, 12), [0, 5, 6, 11, 12]);
        assert!(!replay.is_over());
    }

    #[test]
    fn what_is_left_out_is_told_and_a_file_with_nothing_else_is_refused() {
        let text = format!("{TIMED}hello\n$GPGSV,1,1,00*79\n$GPGSV,1,1,00*79\n");
        let (_, remarks) = replay(&text, false).unwrap();
        assert!(remarks[0].starts_with("left out, line 3: not JSON"), "{remarks:?}");
        assert_eq!(remarks[1], "not read: sentences GPGSV (2)");
        for (text, reason) in [
            ("", "no sentence and no delta"),
            ("{}", "line 1"),
            ("$SDDPT,1.0,0.0*00", "line 1"),
            ("$GPGSV,1,1,00*79", "only sentences GPGSV (1)"),
        ] {
            let error = replay(text, false).err().unwrap().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }
}
