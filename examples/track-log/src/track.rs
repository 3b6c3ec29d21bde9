//! Where the boat was: so many points and no more, each with a number of its own.

use std::collections::VecDeque;

use signalk_plugin_sdk::clock;
use signalk_plugin_sdk::prelude::*;

/// The most points that are kept. It bounds the memory (12 bytes each) and the longest document.
pub(crate) const MOST: usize = 60_000;

/// The most points of a page: none takes more than 36 bytes, and the server reads 65,536.
pub(crate) const MOST_OF_PAGE: usize = 1_750;

/// A place to a millionth of a degree, which is 11 cm, and seconds since 1970.
pub(crate) struct Point {
    time: u32,
    longitude: i32,
    latitude: i32,
}

impl Point {
    /// As GeoJSON has it: longitude first.
    fn place(&self) -> (f64, f64) {
        (f64::from(self.longitude) / 1e6, f64::from(self.latitude) / 1e6)
    }
}

pub(crate) struct Track {
    pub(crate) points: VecDeque<Point>,
    /// The number of the oldest point. Numbers only ever grow.
    first: u64,
    /// Goes on evenly, whatever happens to the clock of the computer.
    clock: clock::WallClock,
}

/// A part of the track. The next one is what comes after the number `next`.
#[derive(Serialize)]
pub(crate) struct Page {
    /// The number of the first of these points. More than one past what was asked for: some are gone.
    first: u64,
    next: u64,
    /// Whether there are more points now.
    more: bool,
    /// Time, longitude, latitude.
    points: Vec<(u32, f64, f64)>,
}

impl Track {
    pub(crate) fn new() -> Self {
        // While the clock runs on, no number of an earlier run comes again: a client notices.
        let mut clock = clock::WallClock::new();
        clock.update();
        let first = clock.unix_seconds() * 1000 + 1;
        Self { points: VecDeque::new(), first, clock }
    }

    /// Looks at the clock; the times of points that a wrong one gave are set right.
    pub(crate) fn keep_time(&mut self) {
        let set_by = self.clock.update();
        if set_by == 0 {
            return;
        }
        for point in &mut self.points {
            let right = i64::from(point.time).saturating_add(set_by);
            point.time = u32::try_from(right).unwrap_or_default();
        }
    }

    /// Seconds since 1970.
    fn now(&self) -> u32 {
        self.clock.unix_seconds() as u32
    }

    pub(crate) fn push(&mut self, position: Position) {
        self.drop_oldest((self.points.len() + 1).saturating_sub(MOST));
        let micro = |degrees: f64| (degrees * 1e6).round() as i32;
        let (longitude, latitude) = (micro(position.longitude), micro(position.latitude));
        self.points.push_back(Point { time: self.now(), longitude, latitude });
    }

    /// Drops what is older than so many seconds.
    pub(crate) fn forget(&mut self, seconds: u32) {
        let now = self.now();
        let is_old = |point: &Point| now.saturating_sub(point.time) > seconds;
        self.drop_oldest(self.points.iter().take_while(|point| is_old(point)).count());
    }

    fn drop_oldest(&mut self, count: usize) {
        self.points.drain(..count);
        self.first += count as u64;
    }

    /// The points that come after a number; from the oldest on where it is none of this track.
    pub(crate) fn page(&self, after: u64, most: usize) -> Page {
        let end = self.first + self.points.len() as u64;
        let first = if after < end { self.first.max(after + 1) } else { self.first };
        let page = self.points.iter().skip((first - self.first) as usize).take(most);
        let points: Vec<_> = page.map(|it| (it.time, it.place().0, it.place().1)).collect();
        let next = first + points.len() as u64 - 1;
        Page { first, next, more: next + 1 < end, points }
    }

    /// The whole as GeoJSON. It is written from where the points lie: a copy of them would stay a
    /// part of the plugin's memory, which never shrinks.
    pub(crate) fn geojson(&self) -> Result<String> {
        let line = LineString { times: &self.points, coordinates: &self.points };
        Ok(signalk_plugin_sdk::json::to_string(&line)?)
    }
}

#[derive(Serialize)]
#[serde(tag = "type")]
struct LineString<'a> {
    #[serde(serialize_with = "times")]
    times: &'a VecDeque<Point>,
    #[serde(serialize_with = "places")]
    coordinates: &'a VecDeque<Point>,
}

fn times<S: serde::Serializer>(points: &&VecDeque<Point>, to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(points.iter().map(|point| point.time))
}

fn places<S: serde::Serializer>(points: &&VecDeque<Point>, to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(points.iter().map(|point| point.place()))
}
