//! Values that cannot be, kept away from what is made of them.
//!
//! Instruments say impossible things: an echo sounder without a bottom tells 42,949,672.95 m, a
//! plotter that was switched off tells 0° north and 0° east, and a receiver that lost its satellites
//! tells one fix some miles away. A [`Plausible`] stands between an instrument and what watches it.
//! It knows two things of a value:
//!
//! - *Range.* What lies outside of it is no value, however often it is told.
//! - *Rate.* What is farther away than it can have got to is doubted. It is believed once the
//!   following values agree with it; a single one among good ones is never believed.
//!
//! ```
//! use signalk_plugin_sdk::plausible::Plausible;
//! use signalk_plugin_sdk::clock;
//! use signalk_plugin_sdk::prelude::*;
//!
//! struct Watch {
//!     plausible: Plausible<Position>,
//!     position: clock::Latest<Position>,
//! }
//!
//! #[signalk_plugin(name = "Watch")]
//! impl Watch {
//!     fn start() -> Self {
//!         Self {
//!             // No more than 15 m/s, and 20 m of scatter.
//!             plausible: Plausible::position().rate(15.0).scatter(20.0).doubt_first(),
//!             position: clock::Latest::new(Duration::from_secs(30)),
//!         }
//!     }
//!
//!     #[delta("navigation.position")]
//!     fn moved(&mut self, position: Position) {
//!         // A doubtful position leaves the former one where it is. If nothing better comes, that
//!         // one gets old, and `is_stale` tells.
//!         if let Some(position) = self.plausible.believe(position) {
//!             self.position.set(position);
//!         }
//!     }
//! }
//! # use signalk_plugin_sdk::testing::TestHost;
//! # let mut host = TestHost::<Watch>::start("{}");
//! # host.receive("navigation.position", Position::new(54.5, 10.2));
//! # assert_eq!(host.error(), None);
//! ```
//!
//! A value that counts only while it is there, as that of a display, needs no more than the range:
//!
//! ```
//! use signalk_plugin_sdk::plausible::Plausible;
//!
//! let depths = Plausible::within(0.0..=12_000.0); // m
//! let told = Some(42_949_672.95);
//! assert_eq!(told.filter(|depth| depths.is_possible(depth)), None);
//! ```

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::types::Position;
use crate::{clock, sources};

/// A value within this time of a doubted one does not confirm it: a receiver tells one fix in
/// several sentences.
const SAME_READING: Duration = Duration::from_millis(500);

/// A longer silence counts as one of this length. What comes after it must be where one can have got
/// to in this time, or be confirmed.
const LONGEST: Duration = Duration::from_secs(30);

/// Judges the values of one quantity as they come in; see the [module](self).
#[derive(Debug, Clone, PartialEq)]
pub struct Plausible<T> {
    least: f64,
    most: f64,
    /// In units a second; without one every step is plausible.
    rate: Option<f64>,
    scatter: f64,
    confirmations: u32,
    doubts_the_first: bool,
    believed: Option<Seen<T>>,
    doubted: Option<Seen<T>>,
    /// The number of values that have agreed with the doubted one so far.
    agreed: u32,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Seen<T> {
    value: T,
    at: Duration,
}

impl Plausible<f64> {
    /// Numbers of a range, in the unit of the path; one that is not finite is never in it.
    ///
    /// Their steps are plausible, however large, until [`rate`](Self::rate) says more.
    #[must_use]
    pub const fn within(range: RangeInclusive<f64>) -> Self {
        Self::new(*range.start(), *range.end())
    }
}

impl Plausible<Position> {
    /// Places on earth. The one at 0° north and 0° east is none, for that is what instruments tell
    /// that know no position; no coast is within 500 km of it.
    ///
    /// A boat makes no more than 50 m/s, and a fix is up to 50 m off, until [`rate`](Self::rate) and
    /// [`scatter`](Self::scatter) say otherwise.
    #[must_use]
    pub const fn position() -> Self {
        Self::new(0.0, 0.0).rate(50.0).scatter(50.0)
    }
}

impl<T> Plausible<T> {
    const fn new(least: f64, most: f64) -> Self {
        Self {
            least,
            most,
            rate: None,
            scatter: 0.0,
            confirmations: 1,
            doubts_the_first: false,
            believed: None,
            doubted: None,
            agreed: 0,
        }
    }

    /// Sets the most by which the value changes in a second: in its unit, and for a [`Position`] in metres.
    #[must_use]
    pub const fn rate(mut self, per_second: f64) -> Self {
        self.rate = Some(per_second);
        self
    }

    /// Allows two readings of the same thing to be so far apart, in the unit of [`rate`](Self::rate), and
    /// beside it. Nothing without this.
    #[must_use]
    pub const fn scatter(mut self, most: f64) -> Self {
        self.scatter = most;
        self
    }

    /// Sets the number of following values that have to agree with a doubted one, each of them at least half
    /// a second after the one before. One without this.
    #[must_use]
    pub const fn confirmed_by(mut self, following: u32) -> Self {
        self.confirmations = following;
        self
    }

    /// The first value is doubted, too: nothing is known yet that speaks for it.
    #[must_use]
    pub const fn doubt_first(mut self) -> Self {
        self.doubts_the_first = true;
        self
    }

    /// Forgets what was believed and doubted. For another source of the same values, for example.
    pub fn forget(&mut self) {
        self.believed = None;
        self.doubted = None;
    }
}

impl<T: Quantity> Plausible<T> {
    /// Tells whether the value is in the range, whatever came before.
    #[must_use]
    pub fn is_possible(&self, value: &T) -> bool {
        value.is_within(self.least, self.most)
    }

    /// The value that came just now, if it is believed.
    ///
    /// In a `#[delta]` handler what cannot be counts as if its source had said that it has no value:
    /// the next one that has may take its place.
    pub fn believe(&mut self, value: T) -> Option<T> {
        if !self.is_possible(&value) {
            sources::said_nothing();
        }
        self.believe_at(value, clock::monotonic())
    }

    /// As [`believe`](Self::believe), for a value that came at a time of [`clock::monotonic`]: one of
    /// the model at its [`arrived`](crate::model::Entry::arrived). To judge the same value once more
    /// does not confirm it.
    pub fn believe_at(&mut self, value: T, at: Duration) -> Option<T> {
        if !self.is_possible(&value) {
            return None;
        }
        let seen = Seen { value, at };
        let is_plausible = match &self.believed {
            Some(believed) => self.can_follow(believed, &seen, LONGEST),
            None => !self.doubts_the_first,
        };
        if is_plausible || self.is_confirmed_by(&seen) {
            self.believed = Some(seen);
            self.doubted = None;
            return Some(value);
        }
        None
    }

    /// The value that was believed last, however old it is.
    #[must_use]
    pub fn last(&self) -> Option<T> {
        self.believed.as_ref().map(|seen| seen.value)
    }

    /// The time since that one came.
    #[must_use]
    pub fn age(&self) -> Option<Duration> {
        let seen = self.believed.as_ref()?;
        Some(clock::monotonic().saturating_sub(seen.at))
    }

    /// The doubted value that waits to be confirmed.
    #[must_use]
    pub fn doubted(&self) -> Option<T> {
        self.doubted.as_ref().map(|seen| seen.value)
    }

    /// Counts a value for the doubted one, or doubts it in its place.
    fn is_confirmed_by(&mut self, seen: &Seen<T>) -> bool {
        match &self.doubted {
            // However long it was silent meanwhile: a slow source would never be believed.
            Some(doubted) if self.can_follow(doubted, seen, Duration::MAX) => {
                if seen.at.saturating_sub(doubted.at) < SAME_READING {
                    return self.agreed >= self.confirmations;
                }
                self.agreed += 1;
            }
            _ => self.agreed = 0,
        }
        self.doubted = Some(*seen);
        self.agreed >= self.confirmations
    }

    fn can_follow(&self, earlier: &Seen<T>, later: &Seen<T>, longest: Duration) -> bool {
        let Some(rate) = self.rate else {
            return true;
        };
        let passed = later.at.saturating_sub(earlier.at).min(longest);
        let reach = self.scatter + rate * passed.as_secs_f64();
        later.value.distance(earlier.value) <= reach
    }
}

/// A quantity that a [`Plausible`] judges: a number, or a [`Position`].
pub trait Quantity: Copy + sealed::Sealed {
    #[doc(hidden)]
    fn is_within(&self, least: f64, most: f64) -> bool;
    #[doc(hidden)]
    fn distance(self, other: Self) -> f64;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f64 {}
    impl Sealed for crate::Position {}
}

impl Quantity for f64 {
    fn is_within(&self, least: f64, most: f64) -> bool {
        self.is_finite() && (least..=most).contains(self)
    }

    fn distance(self, other: Self) -> f64 {
        (self - other).abs()
    }
}

impl Quantity for Position {
    fn is_within(&self, _: f64, _: f64) -> bool {
        // A metre around it, for what was calculated on the way.
        const NEARLY: f64 = 1e-5;
        let is_nowhere = self.latitude.abs() < NEARLY && self.longitude.abs() < NEARLY;
        self.is_valid() && !is_nowhere
    }

    fn distance(self, other: Self) -> f64 {
        self.distance_to(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Position = Position::new(54.5, 10.2);
    /// 100 m to the north, and so on.
    const M100: f64 = 100.0 / 111_320.0;

    fn north(metres: f64) -> Position {
        Position::new(54.5 + metres / 100.0 * M100, 10.2)
    }

    fn seconds(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    /// The values that are believed of those that come one a second.
    fn each_second<T: Quantity>(plausible: &mut Plausible<T>, values: &[T]) -> Vec<bool> {
        let mut at = 0.0;
        let mut believed = |value: &T| {
            at += 1.0;
            plausible.believe_at(*value, seconds(at)).is_some()
        };
        values.iter().map(&mut believed).collect()
    }

    #[test]
    fn what_instruments_tell_instead_of_nothing_is_never_believed() {
        let mut depth = Plausible::within(0.0..=12_000.0);
        let sentinels = [
            42_949_672.95,
            42_949_672.92,
            4_294_967_295.0,
            2_147_483.647,
            65_535.0,
            -0.01,
            -1e9,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
        ];
        for told in sentinels {
            assert_eq!(each_second(&mut depth, &[told; 5]), [false; 5], "{told}");
        }
        assert_eq!(depth.believe(4.5), Some(4.5));
        assert_eq!(depth.last(), Some(4.5));

        let mut position = Plausible::position();
        let nowhere = [
            Position::new(0.0, 0.0),
            Position::new(-0.0, 0.000_001),
            Position::new(214.748_364_7, 214.748_364_7),
            Position::new(54.5, 214.748_364_7),
            Position::new(-214.748_364_8, 10.2),
            Position::new(91.0, 181.0),
            Position::new(54.5, f64::NAN),
        ];
        for told in nowhere {
            assert_eq!(each_second(&mut position, &[told; 5]), [false; 5], "{told:?}");
        }
        assert_eq!(position.last(), None);
    }

    #[test]
    fn the_equator_and_the_prime_meridian_are_places() {
        for place in [Position::new(0.0, 10.2), Position::new(51.5, 0.0), Position::new(0.01, 0.01)]
        {
            assert_eq!(Plausible::position().believe(place), Some(place));
        }
    }

    #[test]
    fn a_single_jump_is_not_believed_and_what_comes_after_it_is() {
        let mut position = Plausible::position();
        let fixes = [HERE, north(5.0), north(5_000.0), north(10.0), north(-3_000.0), HERE];
        assert_eq!(each_second(&mut position, &fixes), [true, true, false, true, false, true]);
        assert_eq!(position.last(), Some(HERE));
        assert_eq!(position.doubted(), None);
    }

    #[test]
    fn jumps_that_do_not_agree_with_each_other_confirm_nothing() {
        let mut position = Plausible::position();
        let wild = [HERE, north(5e3), north(-5e3), north(9e3), north(-9e3), north(2e4)];
        assert_eq!(each_second(&mut position, &wild), [true, false, false, false, false, false]);
        assert_eq!(position.last(), Some(HERE));
    }

    #[test]
    fn a_jump_is_believed_once_as_many_as_were_asked_for_agree_with_it() {
        let jumped = [HERE, north(5_000.0), north(5_003.0), north(5_006.0), north(5_009.0)];
        let mut by_one = Plausible::position();
        assert_eq!(each_second(&mut by_one, &jumped), [true, false, true, true, true]);
        let mut by_two = Plausible::position().confirmed_by(2);
        assert_eq!(each_second(&mut by_two, &jumped), [true, false, false, true, true]);
        let mut by_none = Plausible::position().confirmed_by(0);
        assert_eq!(each_second(&mut by_none, &jumped), [true; 5]);
    }

    #[test]
    fn the_sentences_of_one_fix_do_not_confirm_each_other() {
        let mut position = Plausible::position().doubt_first();
        let wrong = north(5_000.0);
        let mut believe = |place, at| position.believe_at(place, seconds(at));
        assert_eq!(believe(HERE, 0.0), None);
        assert_eq!(believe(HERE, 0.2), None);
        assert_eq!(believe(HERE, 1.0), Some(HERE));
        for at in [2.0, 2.1, 2.2, 2.4] {
            assert_eq!(believe(wrong, at), None);
        }
        assert_eq!(believe(HERE, 3.0), Some(HERE));
        assert_eq!(believe(wrong, 4.0), None);
        assert_eq!(believe(wrong, 4.5), Some(wrong));
    }

    #[test]
    fn the_same_value_of_the_model_judged_again_confirms_nothing() {
        let mut position = Plausible::position().doubt_first();
        for _ in 0..3 {
            assert_eq!(position.believe_at(HERE, seconds(1.0)), None);
        }
        assert_eq!(position.believe_at(HERE, seconds(2.0)), Some(HERE));
        assert_eq!(position.believe_at(HERE, seconds(2.0)), Some(HERE));
    }

    #[test]
    fn the_first_value_is_doubted_only_where_that_was_asked_for() {
        assert_eq!(each_second(&mut Plausible::position(), &[HERE]), [true]);
        let mut watch = Plausible::position().doubt_first();
        let fixes = [north(5_000.0), HERE, north(1.0)];
        assert_eq!(each_second(&mut watch, &fixes), [false, false, true]);
    }

    #[test]
    fn a_rate_is_one_of_the_time_that_has_passed() {
        let mut speed = Plausible::within(0.0..=100.0).rate(2.0).scatter(1.0);
        assert_eq!(speed.believe_at(10.0, seconds(0.0)), Some(10.0));
        assert_eq!(speed.believe_at(13.1, seconds(1.0)), None);
        assert_eq!(speed.believe_at(13.0, seconds(1.0)), Some(13.0));
        assert_eq!(speed.believe_at(24.0, seconds(6.0)), Some(24.0));
        // Of the same moment: no more than the scatter.
        assert_eq!(speed.believe_at(26.0, seconds(6.0)), None);
        assert_eq!(speed.believe_at(25.0, seconds(6.0)), Some(25.0));
    }

    #[test]
    fn after_a_long_silence_what_is_far_away_has_to_be_confirmed() {
        let mut position = Plausible::position();
        assert_eq!(position.believe_at(HERE, seconds(0.0)), Some(HERE));
        // An hour at 50 m/s would be 180 km.
        let far = north(10_000.0);
        assert_eq!(position.believe_at(far, seconds(3600.0)), None);
        assert_eq!(position.believe_at(far, seconds(3601.0)), Some(far));
    }

    #[test]
    fn a_source_that_speaks_every_ten_minutes_is_believed_on_the_way() {
        let mut position = Plausible::position();
        let mut believed = 0;
        for step in 0..20 {
            // 10 m/s
            let at = seconds(600.0 * f64::from(step));
            believed +=
                u32::from(position.believe_at(north(6_000.0 * f64::from(step)), at).is_some());
        }
        assert!(believed >= 10, "{believed}");
    }

    #[test]
    fn what_cannot_be_neither_confirms_a_jump_nor_ends_the_doubt() {
        let mut position = Plausible::position();
        let jumped = north(5_000.0);
        let fixes = [HERE, jumped, Position::new(0.0, 0.0), jumped];
        assert_eq!(each_second(&mut position, &fixes), [true, false, false, true]);
    }

    #[test]
    fn across_the_date_line_is_no_jump() {
        let mut position = Plausible::position();
        let fixes = [Position::new(-17.0, 179.9999), Position::new(-17.0, -179.9999)];
        assert_eq!(each_second(&mut position, &fixes), [true, true]);
    }

    #[test]
    fn what_is_forgotten_speaks_against_nothing() {
        let mut position = Plausible::position();
        assert_eq!(each_second(&mut position, &[HERE, north(5_000.0)]), [true, false]);
        position.forget();
        assert_eq!((position.last(), position.doubted(), position.age()), (None, None, None));
        assert_eq!(each_second(&mut position, &[north(-5_000.0)]), [true]);
    }
}
