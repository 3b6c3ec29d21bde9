//! The wall clock, as far as it can be believed.

use std::time::{Duration, SystemTime};

use super::{monotonic, now, parse_rfc3339};

/// No wall clock is right that shows an earlier time (ms since 1970): 2025 has begun, for this code was
/// written later. A computer without a battery begins at 1970, and a receiver whose count of weeks has
/// rolled over is 19.6 years behind.
const EARLIEST: i64 = 1_735_689_600_000;

/// The most difference (ms) of two clocks that show the same time.
const SAME: i64 = 60_000;

/// For how long a clock that has jumped must go on evenly before it is believed without any other
/// evidence.
const STEADY: Duration = Duration::from_secs(600);

/// A time of day that goes on evenly, by the wall clock as long as that can be believed.
///
/// The wall clock of a small computer begins at 1970 or where it was switched off, is set right some
/// minutes later, and now and then jumps by years, also back. This clock goes on by [`monotonic`]
/// meanwhile, and says when its time cannot be believed:
///
/// - before it was looked at, and while the wall clock shows a year that is over since long;
/// - for 10 minutes after the wall clock has jumped by more than a minute, unless it jumps back;
/// - while GNSS time speaks against it. That is heard of `navigation.datetime`, and is the only
///   evidence of its own: the timestamp of a delta is mostly the server's, thus this same clock. Where
///   GNSS is ahead, its time is taken; a receiver that has lost its count of weeks is behind.
///
/// ```
/// use signalk_plugin_sdk::prelude::*;
/// use signalk_plugin_sdk::{clock, storage};
///
/// struct Log {
///     clock: clock::WallClock,
/// }
///
/// #[signalk_plugin(name = "Log")]
/// impl Log {
///     fn start() -> Self {
///         Self { clock: clock::WallClock::new() }
///     }
///
///     #[delta("navigation.datetime")]
///     fn heard(&mut self, datetime: String) {
///         self.clock.observe(&datetime);
///     }
///
///     #[every("1m")]
///     fn write(&mut self) -> Result<()> {
///         self.clock.update();
///         if !self.clock.is_reliable() {
///             // Another look later: what is written now would be found at a wrong time.
///             return Ok(());
///         }
///         storage::save("written", &self.clock.unix_seconds())
///     }
/// }
/// # fn main() {}
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WallClock {
    /// The time less the monotonic clock (ms); none before the first look.
    offset: Option<i64>,
    is_reliable: bool,
    /// Tells whether GNSS time has confirmed it since the wall clock last jumped.
    is_confirmed: bool,
    /// The offset to which the wall clock has jumped, and when that was seen first.
    jumped: Option<(i64, Duration)>,
    /// The same of GNSS time.
    gnss: Option<i64>,
    /// The last time that was heard of it, to be confirmed by the next.
    heard: Option<i64>,
}

impl WallClock {
    /// A clock that has not looked yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            offset: None,
            is_reliable: false,
            is_confirmed: false,
            jumped: None,
            gnss: None,
            heard: None,
        }
    }

    /// Takes note of a `navigation.datetime`. Two values that agree count, and no others.
    pub fn observe(&mut self, datetime: &str) {
        let Some(time) = parse_rfc3339(datetime).map(millis).filter(|time| *time >= EARLIEST)
        else {
            return;
        };
        let offset = time - millis_of(monotonic());
        if self.heard.is_some_and(|heard| is_same(heard, offset)) {
            self.gnss = Some(offset);
        }
        self.heard = Some(offset);
    }

    /// Looks at the wall clock; to be called about once a minute. The result is by how many seconds
    /// the time was set, mostly 0: it was wrong before, and so are the times that were taken of it in
    /// this run. A clock that GNSS time had confirmed was right before as well, so that it has slept
    /// and not been set.
    pub fn update(&mut self) -> i64 {
        let at = monotonic();
        let wall = millis(now());
        let offset = wall - millis_of(at);
        let (found, is_reliable) = self.judge(offset, wall, at);
        let before = self.offset.replace(found);
        let set = before.map_or(0, |before| found - before);
        let was_right = self.is_confirmed;
        self.is_reliable = is_reliable;
        self.is_confirmed = is_reliable && self.gnss.is_some_and(|gnss| is_same(gnss, found));
        if set.abs() <= SAME || was_right { 0 } else { set / 1_000 }
    }

    /// The offset to go by, and whether it is believed.
    fn judge(&mut self, offset: i64, wall: i64, at: Duration) -> (i64, bool) {
        let before = self.offset.unwrap_or(offset);
        let has_jumped = !is_same(before, offset);
        if let Some(gnss) = self.gnss {
            self.jumped = None;
            if wall >= EARLIEST && is_same(gnss, offset) {
                return (offset, true);
            }
            if is_same(gnss, before) {
                return (before, true);
            }
            let is_ahead = wall < EARLIEST || gnss > offset;
            return if is_ahead { (gnss, true) } else { (before, false) };
        }
        if wall < EARLIEST {
            self.jumped = None;
            return (before, false);
        }
        let was_impossible = before + millis_of(at) < EARLIEST;
        if !has_jumped || was_impossible {
            self.jumped = None;
            return (offset, true);
        }
        match self.jumped {
            Some((to, since)) if is_same(to, offset) => {
                if at.saturating_sub(since) < STEADY {
                    return (before, false);
                }
                self.jumped = None;
                (offset, true)
            }
            _ => {
                self.jumped = Some((offset, at));
                (before, false)
            }
        }
    }

    /// Tells whether the time can be believed, as of the last [`update`](Self::update).
    #[must_use]
    pub fn is_reliable(&self) -> bool {
        self.is_reliable
    }

    /// The time, whether or not it can be believed. It goes on evenly from look to look.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        let Some(offset) = self.offset else {
            return now();
        };
        let millis = millis_of(monotonic()).saturating_add(offset);
        SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(millis).unwrap_or_default())
    }

    /// The same in s since 1970.
    #[must_use]
    pub fn unix_seconds(&self) -> u64 {
        self.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
    }
}

fn is_same(a: i64, b: i64) -> bool {
    a.abs_diff(b) <= SAME.unsigned_abs()
}

fn millis(time: SystemTime) -> i64 {
    millis_of(time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default())
}

fn millis_of(time: Duration) -> i64 {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX / 2_000);
    seconds.min(i64::MAX / 2_000) * 1_000 + i64::from(time.subsec_millis())
}
