//! The host's behaviour, shown on small modules in WebAssembly's text format.

// Clippy's leave for tests does not reach the functions that tests share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod check_exports;
mod check_imports;
mod check_run;
mod config;
mod crash;
mod deltas;
mod fixture;
mod http;
mod lifecycle;
mod limits;
mod notifications;
mod providers;
mod put;
mod save;
mod sockets;
mod streams;
mod trace;
mod wasi;
