//! One source at a time for each value.
//!
//! Without source priorities the server hands over what every source says in turn: two antennas that
//! are 20 m apart make a boat that jumps 20 m every second. So a value has one source, the first that
//! was heard, until it falls silent or says that it has no value.

use std::cell::{Cell, RefCell};

use crate::boundary::{entry, imports};
use crate::instance::state;

/// A source that said something within this time (ms) has not fallen silent.
const SILENT_AFTER: u64 = 5_000;

/// Of two that speak rarely, one is silent once the other has paused so often.
const MISSED: u64 = 2;

/// A longer pause (ms) is one of a source that was switched off.
const LONGEST_PAUSE: u64 = 200_000;

/// A shorter pause (ms) is one within a reading, which may be told in several sentences.
const SHORTEST_PAUSE: u64 = 1_000;

/// The most values that are followed, and sources of each. Beyond that those that were silent
/// longest are forgotten. Names that somebody makes up must not fill the memory.
const MOST_VALUES: usize = 2_000;
const MOST_SOURCES: usize = 4;

state! {
    /// In the order of their hashes.
    module static VALUES: RefCell<Vec<Followed>> = Vec::new();
    /// Tells whether the running handler has found that what it got is no value.
    call static HAS_SAID_NOTHING: Cell<bool> = false;
}

/// A value of a context, named by a hash: of names that others choose, no more is kept.
struct Followed {
    value: u64,
    /// Which of the sources is used.
    used: Option<usize>,
    sources: Vec<Heard>,
}

struct Heard {
    source: u64,
    /// The plugin itself, which speaks only where nobody else does.
    is_own: bool,
    /// On the monotonic clock, in ms.
    at: u64,
    /// The last two pauses between its values; 0 where there was none yet.
    pauses: [u64; 2],
}

/// A source's word on a value.
#[derive(Clone, Copy)]
pub(crate) struct Said<'a> {
    /// Empty for the own ship, which has two names.
    pub(crate) context: &'a str,
    pub(crate) path: &'a str,
    pub(crate) source: &'a str,
    pub(crate) is_own: bool,
    /// Tells whether it is a value, and not that there is none.
    pub(crate) is_there: bool,
}

impl Said<'_> {
    /// Notifications are what several may raise, and the root of a context is put together from many:
    /// of these every source counts.
    fn is_of_many(&self) -> bool {
        self.path.is_empty() || self.path.starts_with("notifications.")
    }

    fn value(&self) -> u64 {
        value_of(self.context, self.path)
    }

    /// Takes it down; whether it is from the source that is used. To be called once for each value.
    pub(crate) fn hear(self) -> bool {
        if self.is_of_many() {
            return true;
        }
        let now = entry::now();
        let now = now.as_secs() * 1_000 + u64::from(now.subsec_millis());
        let value = self.value();
        let source = hash(START, self.source);
        VALUES.with_borrow_mut(|values| {
            let place = |values: &[Followed]| values.binary_search_by_key(&value, |it| it.value);
            if let Ok(at) = place(values)
                && let Some(followed) = values.get_mut(at)
            {
                return followed.hear(source, self, now);
            }
            let mut new = Followed::new(value);
            let is_used = new.hear(source, self, now);
            if values.len() >= MOST_VALUES {
                let heard = values.iter().map(Followed::heard).enumerate();
                if let Some((oldest, _)) = heard.min_by_key(|(_, heard)| *heard) {
                    values.remove(oldest);
                }
            }
            let (Ok(at) | Err(at)) = place(values);
            values.insert(at, new);
            is_used
        })
    }
}

/// A handler is about to get a value.
pub(crate) fn speaks() {
    HAS_SAID_NOTHING.set(false);
}

/// Takes what the running handler got for no value, as if it had been null, once it has returned.
pub(crate) fn said_nothing() {
    HAS_SAID_NOTHING.set(true);
}

/// The handler has returned, which got this source's value.
pub(crate) fn has_spoken(context: &str, path: &str, source: &str) {
    if !HAS_SAID_NOTHING.take() {
        return;
    }
    let source = hash(START, source);
    VALUES.with_borrow_mut(|values| {
        let Ok(at) = values.binary_search_by_key(&value_of(context, path), |it| it.value) else {
            return;
        };
        let Some(followed) = values.get_mut(at) else {
            return;
        };
        let used = followed.used.and_then(|used| followed.sources.get(used));
        if used.is_some_and(|used| used.source == source) {
            followed.used = None;
        }
    });
}

/// The handler has trapped.
pub(crate) fn forget_speaker() {
    HAS_SAID_NOTHING.set(false);
}

impl Followed {
    const fn new(value: u64) -> Self {
        Self { value, used: None, sources: Vec::new() }
    }

    /// When it was last heard of.
    fn heard(&self) -> u64 {
        self.sources.iter().map(|heard| heard.at).max().unwrap_or_default()
    }

    fn hear(&mut self, source: u64, said: Said<'_>, now: u64) -> bool {
        let known = self.sources.iter().position(|heard| heard.source == source);
        if !said.is_there {
            let is_used = self.used.is_none() || self.used == known;
            if is_used {
                self.used = None;
            }
            return is_used;
        }
        let index = match known {
            Some(index) => index,
            None => self.add(source, said.is_own, now),
        };
        let Some(speaker) = self.sources.get_mut(index) else {
            return true;
        };
        speaker.speak(now);
        let patience = speaker.patience();
        let is_used = match self.used.and_then(|used| self.sources.get(used)) {
            None => true,
            Some(used) if used.source == source => true,
            Some(used) if used.is_own => true,
            Some(used) => now.saturating_sub(used.at) > patience,
        };
        if is_used && self.used != Some(index) {
            if self.used.is_some() {
                let line = [said.path, " is taken from ", said.source, " from now on"];
                imports::debug(&line.concat());
            }
            self.used = Some(index);
        }
        is_used
    }

    /// Makes a place for one more source.
    fn add(&mut self, source: u64, is_own: bool, now: u64) -> usize {
        let new = Heard { source, is_own, at: now, pauses: [0; 2] };
        if self.sources.len() < MOST_SOURCES {
            self.sources.push(new);
            return self.sources.len() - 1;
        }
        let all = self.sources.iter_mut().enumerate();
        let unused = all.filter(|(index, _)| Some(*index) != self.used);
        let Some((index, oldest)) = unused.min_by_key(|(_, heard)| heard.at) else {
            return self.sources.len();
        };
        *oldest = new;
        index
    }
}

impl Heard {
    fn speak(&mut self, now: u64) {
        let pause = now.saturating_sub(self.at);
        if pause >= SHORTEST_PAUSE {
            let pause = if pause > LONGEST_PAUSE { 0 } else { pause };
            self.pauses = [self.pauses[1], pause];
        }
        self.at = now;
    }

    /// The silence of another after which this one takes its place. By the shorter of the
    /// two pauses: a single long one is that of a source that was away, or of everybody.
    fn patience(&self) -> u64 {
        let pause = self.pauses.iter().min().copied().unwrap_or_default();
        SILENT_AFTER.max(MISSED * pause)
    }
}

const START: u64 = 0xcbf2_9ce4_8422_2325;

fn value_of(context: &str, path: &str) -> u64 {
    hash(hash(START, context), path)
}

/// FNV-1a of one more part of a name.
fn hash(start: u64, text: &str) -> u64 {
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let bytes = text.bytes().chain([0xff]); // which no UTF-8 has, so that parts stay apart
    bytes.fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bus {
        followed: Followed,
    }

    impl Bus {
        fn new() -> Self {
            Self { followed: Followed::new(1) }
        }

        fn hears(&mut self, source: &str, is_there: bool, seconds: f64) -> bool {
            let is_own = source == "own";
            let said = Said { context: "", path: "a", source, is_own, is_there };
            let now = (seconds * 1_000.0) as u64;
            self.followed.hear(hash(START, source), said, now)
        }

        fn takes(&mut self, source: &str, seconds: f64) -> bool {
            self.hears(source, true, seconds)
        }

        /// Which of the sources is taken how often: each speaks at its own pause and offset.
        fn hour(&mut self, sources: &[(&str, u32, u32)]) -> (Vec<u32>, u32) {
            let mut counts = vec![0; sources.len()];
            let (mut last, mut switches) = (usize::MAX, 0);
            for second in 0..3_600 {
                for (index, (source, pause, offset)) in sources.iter().enumerate() {
                    if second % pause == *offset && self.takes(source, f64::from(second)) {
                        counts[index] += 1;
                        switches += u32::from(last != index);
                        last = index;
                    }
                }
            }
            (counts, switches - 1)
        }
    }

    #[test]
    fn of_sources_that_take_turns_the_first_is_used() {
        let mut bus = Bus::new();
        assert_eq!(bus.hour(&[("a", 1, 0), ("b", 1, 0), ("c", 1, 0)]), (vec![3_600, 0, 0], 0));
    }

    #[test]
    fn slow_sources_that_take_turns_settle_after_two_rounds() {
        let (counts, switches) = Bus::new().hour(&[("a", 60, 0), ("b", 60, 30)]);
        assert!(switches <= 4, "{counts:?} {switches}");
        let (counts, switches) = Bus::new().hour(&[("a", 60, 0), ("b", 60, 20), ("c", 60, 40)]);
        assert!(switches <= 6, "{counts:?} {switches}");
        let (counts, switches) = Bus::new().hour(&[("a", 7, 0), ("b", 8, 3)]);
        assert!(switches <= 2, "{counts:?} {switches}");
    }

    #[test]
    fn one_that_speaks_often_takes_the_place_of_one_that_speaks_rarely_for_good() {
        let (counts, switches) = Bus::new().hour(&[("rare", 60, 0), ("often", 1, 0)]);
        assert_eq!(switches, 1);
        assert!(counts[1] > 3_500, "{counts:?}");
    }

    #[test]
    fn another_takes_over_when_the_used_one_falls_silent_and_keeps_the_place() {
        let mut bus = Bus::new();
        for second in 0..10 {
            assert!(bus.takes("a", f64::from(second)));
            assert!(!bus.takes("b", f64::from(second) + 0.5));
        }
        assert!(!bus.takes("b", 14.0), "5 s after the last value it is not silent yet");
        assert!(bus.takes("b", 14.1));
        // The former one comes back.
        for second in 15..100 {
            assert!(!bus.takes("a", f64::from(second)));
            assert!(bus.takes("b", f64::from(second) + 0.5));
        }
    }

    #[test]
    fn after_a_pause_of_everybody_the_first_that_speaks_is_taken() {
        let mut bus = Bus::new();
        for second in 0..10 {
            assert!(bus.takes("a", f64::from(second)));
            assert!(!bus.takes("b", f64::from(second)));
        }
        assert!(bus.takes("b", 40.0));
        assert!(!bus.takes("a", 40.1));
    }

    #[test]
    fn one_that_comes_back_after_hours_is_taken_as_soon_as_the_used_one_is_silent() {
        let mut bus = Bus::new();
        for second in 0..10 {
            assert!(bus.takes("a", f64::from(second)));
        }
        for second in 100..4_000 {
            assert!(bus.takes("b", f64::from(second)));
        }
        // With the server's priorities the used one is kept back from now on.
        let taken = (4_000..4_010).find(|second| bus.takes("a", f64::from(*second)));
        assert_eq!(taken, Some(4_005));
    }

    #[test]
    fn null_gives_the_place_away_and_that_of_another_says_nothing() {
        let mut bus = Bus::new();
        assert!(bus.takes("a", 0.0));
        assert!(!bus.hears("b", false, 0.5));
        assert!(!bus.takes("b", 1.0));
        assert!(bus.hears("a", false, 1.5));
        assert!(bus.hears("b", false, 1.7), "nobody has a value");
        assert!(bus.takes("b", 2.0));
        assert!(!bus.hears("a", false, 2.5));
        assert!(!bus.takes("a", 3.0));
    }

    #[test]
    fn what_the_plugin_itself_says_counts_only_where_nobody_else_speaks() {
        let mut bus = Bus::new();
        assert!(bus.takes("own", 0.0));
        assert!(bus.takes("a", 1.0));
        assert!(!bus.takes("own", 2.0));
        assert!(bus.takes("own", 7.0));
        assert!(bus.takes("b", 7.5));
    }

    #[test]
    fn the_sentences_of_a_reading_are_no_pauses() {
        let mut bus = Bus::new();
        let mut taken = Vec::new();
        for minute in 0..10 {
            for (source, offset) in [("a", 0.0), ("b", 30.0)] {
                for part in [0.0, 0.1, 0.2] {
                    if bus.takes(source, f64::from(minute) * 60.0 + offset + part) {
                        taken.push(source);
                    }
                }
            }
        }
        taken.dedup();
        assert!(taken.len() <= 5, "{taken:?}");
    }

    #[test]
    fn more_sources_than_are_kept_do_not_push_the_used_one_out() {
        let mut bus = Bus::new();
        for second in 0..100 {
            assert!(bus.takes("a", f64::from(second)));
            assert!(!bus.takes(&format!("made up {second}"), f64::from(second)));
        }
        assert_eq!(bus.followed.sources.len(), MOST_SOURCES);
    }

    #[test]
    fn names_that_somebody_makes_up_do_not_fill_the_memory() {
        crate::instance::reset();
        for index in 0..3_000 {
            let path = index.to_string();
            let said = Said {
                context: "vessels.x",
                path: &path,
                source: "a",
                is_own: false,
                is_there: true,
            };
            assert!(said.hear());
        }
        VALUES.with_borrow(|values| assert_eq!(values.len(), MOST_VALUES));
        crate::instance::reset();
    }

    #[test]
    fn names_are_told_apart_part_by_part() {
        let value = |context, path| {
            Said { context, path, source: "", is_own: false, is_there: true }.value()
        };
        assert_ne!(value("ab", "c"), value("a", "bc"));
        assert_ne!(value("", "a"), value("a", ""));
    }
}
