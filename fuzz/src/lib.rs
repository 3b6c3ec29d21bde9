//! What comes from outside, made up: each target takes any bytes and panics where the SDK does
//! something that it must not.
//!
//! `cargo xtask fuzz` drives them with libFuzzer. The tests replay `corpus/`, which is where the
//! fuzzer begins, `grown/`, which is what it has learnt since, and `crashes/`, which is what it once
//! found.
// A target says what must hold by asserting it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod grown;
mod host;
mod plain;
mod plugin;
mod targets;

/// A way from outside into the SDK.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The name on the command line, and of its folders in `corpus/` and `crashes/`.
    pub name: &'static str,
    /// Hands the bytes over.
    pub run: fn(&[u8]),
}

/// All of them.
pub const TARGETS: [Target; 11] = [
    Target { name: "config", run: targets::config::run },
    Target { name: "deltas", run: targets::deltas::run },
    Target { name: "http", run: targets::http::run },
    Target { name: "put", run: targets::put::run },
    Target { name: "resources", run: targets::resources::run },
    Target { name: "weather", run: targets::weather::run },
    Target { name: "lines", run: targets::lines::run },
    Target { name: "buffers", run: targets::buffers::run },
    Target { name: "json", run: targets::json::run },
    Target { name: "answers", run: targets::answers::run },
    Target { name: "fetch", run: targets::fetch::run },
];

/// The target of that name.
#[must_use]
pub fn target(name: &str) -> Option<Target> {
    TARGETS.into_iter().find(|target| target.name == name)
}
