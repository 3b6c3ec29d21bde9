//! A wall clock that is wrong, and set.
#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, reason = "a test says what it expects")]

use std::time::{Duration, SystemTime};

use signalk_plugin_sdk::clock::{self, WallClock};
use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::testing::TestHost;

struct Plugin;

#[signalk_plugin]
impl Plugin {
    fn start() -> Self {
        Self
    }
}

const MINUTE: Duration = Duration::from_secs(60);
const YEAR: i64 = 365 * 86_400;

fn time(text: &str) -> SystemTime {
    clock::parse_rfc3339(text).unwrap()
}

/// A computer whose wall clock can be set.
struct Computer {
    host: TestHost<Plugin>,
    clock: WallClock,
}

impl Computer {
    /// Switched on when its wall clock shows this.
    fn at(text: &str) -> Self {
        let mut host = TestHost::start("{}");
        host.set_wall_clock(time(text));
        let mut computer = Self { host, clock: WallClock::new() };
        computer.looks();
        computer
    }

    fn set_by(&mut self, seconds: i64) {
        let now = clock::now();
        let by = Duration::from_secs(seconds.unsigned_abs());
        self.host.set_wall_clock(if seconds < 0 { now - by } else { now + by });
    }

    /// Looks each minute; what was set.
    fn pass(&mut self, minutes: u32) -> i64 {
        (0..minutes)
            .map(|_| {
                self.host.advance(MINUTE);
                self.looks()
            })
            .sum()
    }

    fn looks(&mut self) -> i64 {
        self.clock.update()
    }

    /// Says something twice, as a receiver does.
    fn hears(&mut self, datetime: SystemTime) {
        for _ in 0..2 {
            self.clock.observe(&clock::format_rfc3339(datetime));
        }
    }

    fn shows(&self) -> String {
        clock::format_rfc3339(self.clock.now())
    }
}

#[test]
fn a_clock_that_goes_on_evenly_is_believed() {
    let mut computer = Computer::at("2026-06-01T00:00:00Z");
    assert!(computer.clock.is_reliable());
    assert_eq!(computer.pass(600), 0);
    assert!(computer.clock.is_reliable());
    assert_eq!(computer.shows(), "2026-06-01T10:00:00.000Z");
    // As by NTP, little by little.
    for _ in 0..100 {
        computer.set_by(2);
        assert_eq!(computer.pass(1), 0);
        assert!(computer.clock.is_reliable());
    }
    assert_eq!(computer.shows(), "2026-06-01T11:43:20.000Z");
}

#[test]
fn before_it_has_looked_it_shows_the_wall_clock_and_is_not_believed() {
    let computer = Computer::at("2026-06-01T00:00:00Z");
    let fresh = WallClock::new();
    assert!(!fresh.is_reliable());
    assert_eq!(fresh.now(), computer.clock.now());
}

#[test]
fn a_computer_without_a_battery_is_not_believed_until_it_has_been_set() {
    let mut computer = Computer::at("1970-01-01T00:00:07Z");
    assert_eq!(computer.pass(60), 0);
    assert!(!computer.clock.is_reliable());
    computer.host.set_wall_clock(time("2026-06-01T00:00:00Z"));
    let set = computer.pass(1);
    assert!(computer.clock.is_reliable());
    assert_eq!(computer.shows(), "2026-06-01T00:01:00.000Z");
    assert!(set > 56 * YEAR, "{set}");
}

#[test]
fn a_clock_that_jumps_back_for_a_while_is_not_followed() {
    for years in [-20, -2, 2, 20] {
        let mut computer = Computer::at("2026-06-01T00:00:00Z");
        computer.pass(10);
        computer.set_by(years * YEAR);
        assert_eq!(computer.pass(5), 0);
        assert!(!computer.clock.is_reliable());
        assert_eq!(computer.shows(), "2026-06-01T00:15:00.000Z");
        computer.set_by(-years * YEAR);
        assert_eq!(computer.pass(1), 0);
        assert!(computer.clock.is_reliable());
        assert_eq!(computer.shows(), "2026-06-01T00:16:00.000Z");
    }
}

#[test]
fn a_clock_that_was_set_is_believed_after_ten_even_minutes() {
    let mut computer = Computer::at("2026-06-01T00:00:00Z");
    computer.set_by(7_200);
    assert_eq!(computer.pass(10), 0);
    assert!(!computer.clock.is_reliable());
    // Another jump begins anew.
    computer.set_by(7_200);
    assert_eq!(computer.pass(10), 0);
    assert_eq!(computer.pass(1), 14_400);
    assert!(computer.clock.is_reliable());
    assert_eq!(computer.shows(), "2026-06-01T04:21:00.000Z");
}

#[test]
fn the_time_of_gnss_confirms_a_jump_at_once() {
    let mut computer = Computer::at("2026-06-01T00:00:00Z");
    computer.set_by(7_200);
    computer.hears(clock::now());
    assert_eq!(computer.looks(), 7_200);
    assert!(computer.clock.is_reliable());
}

#[test]
fn where_gnss_is_ahead_its_time_is_taken() {
    for start in ["1970-01-01T00:00:00Z", "2026-05-31T22:00:00Z"] {
        let mut computer = Computer::at(start);
        computer.hears(time("2026-06-01T00:00:00Z"));
        assert!(computer.looks() >= 7_200);
        assert!(computer.clock.is_reliable());
        assert_eq!(computer.shows(), "2026-06-01T00:00:00.000Z");
        computer.pass(60);
        assert_eq!(computer.shows(), "2026-06-01T01:00:00.000Z");
    }
}

#[test]
fn a_receiver_whose_weeks_have_rolled_over_speaks_against_nothing() {
    let mut computer = Computer::at("2026-06-01T00:00:00Z");
    computer.hears(time("2006-10-16T00:00:00Z"));
    assert_eq!(computer.looks(), 0);
    assert!(computer.clock.is_reliable());
}

#[test]
fn a_wall_clock_that_is_ahead_of_gnss_is_not_believed() {
    let mut computer = Computer::at("2036-06-01T00:00:00Z");
    computer.hears(time("2026-06-01T00:00:00Z"));
    assert_eq!(computer.looks(), 0);
    assert!(!computer.clock.is_reliable());
    computer.host.set_wall_clock(time("2026-06-01T00:00:00Z"));
    assert!(computer.looks() < -9 * YEAR);
    assert!(computer.clock.is_reliable());
}

#[test]
fn with_gnss_a_jump_of_the_wall_clock_changes_nothing() {
    let mut computer = Computer::at("2026-06-01T00:00:00Z");
    computer.hears(clock::now());
    computer.looks();
    for years in [-20, 20] {
        computer.set_by(years * YEAR);
        assert_eq!(computer.pass(60), 0);
        assert!(computer.clock.is_reliable());
        computer.set_by(-years * YEAR);
    }
    assert_eq!(computer.shows(), "2026-06-01T02:00:00.000Z");
}

#[test]
fn a_single_time_of_gnss_counts_for_nothing() {
    let mut computer = Computer::at("2026-06-01T00:00:00Z");
    for wrong in ["2030-01-01T00:00:00Z", "2031-01-01T00:00:00Z", "soon", ""] {
        computer.clock.observe(wrong);
        assert_eq!(computer.looks(), 0);
        assert!(computer.clock.is_reliable());
    }
}

#[test]
fn a_computer_that_has_slept_was_right_before() {
    let mut computer = Computer::at("2026-06-01T00:00:00Z");
    computer.hears(clock::now());
    computer.looks();
    // The monotonic clock stands while it sleeps.
    computer.set_by(8 * 3_600);
    computer.hears(clock::now());
    assert_eq!(computer.looks(), 0);
    assert!(computer.clock.is_reliable());
    assert_eq!(computer.shows(), "2026-06-01T08:00:00.000Z");
}
