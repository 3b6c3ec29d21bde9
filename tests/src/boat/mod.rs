//! Where a plugin under test runs, so that one list of what is to hold can be gone through in the
//! embedded host and on a real server.

#![allow(clippy::panic, reason = "a test says what it expects")]

mod embedded;
mod real;

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Answer;

pub use embedded::Embedded;
pub use real::Real;

/// A plugin, and what its owner and its clients see of it.
pub trait Boat {
    /// Starts the plugin with a configuration, or saves another one.
    fn configure(&mut self, config: &Value);
    /// Sends a request to the plugin's API; it has to be answered with 204.
    fn post(&mut self, path: &str, body: &Value);
    /// A value of the own ship as it is now, null where there is none.
    fn value(&mut self, path: &str) -> Value;
    /// What the boat's owner reads.
    fn line(&mut self) -> String;
    /// Has the plugin called in a moment, with no time passing where time is not real.
    fn step(&mut self);
    /// Lets the plugin's time pass.
    fn pass(&mut self, time: Duration);
}

/// A boat on which things go wrong.
pub trait Faulty: Boat {
    /// As [`Boat::configure`], where the server may not take it. Tells whether it says that it has.
    fn configure_in_vain(&mut self, config: &Value) -> bool;
    /// Disables the plugin, as its owner does with a switch of the form.
    fn disable(&mut self);
    /// The status of an answer of the plugin, and its body.
    fn get(&mut self, path: &str) -> (u16, String);
    /// Asks for a value to be put, whatever becomes of it.
    fn put(&mut self, path: &str, value: &Value);
    /// The status and the message with which a page is told what became of a PUT.
    fn put_answer(&mut self, path: &str, value: &Value) -> (u64, String);
    /// As [`Self::put_answer`], the status alone.
    fn put_status(&mut self, path: &str, value: &Value) -> u64 {
        self.put_answer(path, value).0
    }
    /// An answer of the plugin to any request, with a body and its media type if there is one.
    fn ask(&mut self, method: &str, path: &str, body: Option<(&str, &str)>) -> Answer;
    /// A resource by its kind and id, as a client gets it from the server; `None` where it gets an
    /// error.
    fn resource(&mut self, kind: &str, id: &str) -> Option<Value>;
    /// A value that somebody else has sent.
    fn receive(&mut self, path: &str, value: &Value);
    /// A delta that somebody else has sent, as it is.
    fn receive_delta(&mut self, delta: &Value);
    /// As [`Self::receive`], from a source of a name.
    fn receive_from(&mut self, source: &str, path: &str, value: &Value);
    /// Whether nothing can be written to the disk any more.
    fn fill_disk(&mut self, full: bool);
    /// What the server's file of the configuration holds, as text.
    fn file(&mut self) -> String;
    /// Kills the server, and starts it again.
    fn kill(&mut self);
    /// Everything that was sent for a path, in its order.
    fn sent(&mut self, path: &str) -> Vec<Value>;
    /// Whether the owner could read a line with this in it since the last of the things above was done,
    /// or since the line that was last asked for.
    fn was_shown(&mut self, part: &str) -> bool;
    /// Everything that the owner could read, on the dashboard and in the log.
    fn everything_shown(&mut self) -> String;
    /// Lets a moment pass: some of the plugin's time, and enough of the real one for the network.
    fn tick(&mut self);
}

/// A boat with a crew that hears its alarms.
pub trait Crewed: Faulty {
    /// Acknowledges a notification.
    fn acknowledge(&mut self, path: &str);
    /// Silences a notification.
    fn silence(&mut self, path: &str);
    /// Silences whatever there is.
    fn silence_all(&mut self);
}

/// What takes a moment on an idle machine may take long on a busy one.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Lets time pass until something holds; else it says what was shown last.
///
/// # Panics
///
/// If it does not hold in time.
pub fn until(boat: &mut dyn Faulty, what: &str, mut holds: impl FnMut(&mut dyn Faulty) -> bool) {
    let began = Instant::now();
    while !holds(boat) {
        if began.elapsed() > PATIENCE {
            let shown = boat.everything_shown();
            let last: Vec<_> = shown.lines().rev().take(20).collect();
            panic!("{what} did not come: {}\n{last:#?}", boat.line());
        }
        boat.tick();
    }
}

/// As [`until`], for a line that the owner reads with this in it.
pub fn until_line(boat: &mut dyn Faulty, part: &str) {
    until(boat, part, |boat| boat.was_shown(part));
}

/// As [`until`], for a value of the own vessel.
pub fn until_value(boat: &mut dyn Faulty, path: &str, expected: &Value) {
    until(boat, &format!("{path} {expected}"), |boat| boat.value(path) == *expected);
}
