//! The contract between a Signal K server and a WebAssembly plugin, as constants and tables.
//!
//! The source of truth is the server's own code, folder `dist/wasm/` of the npm package `signalk-server`;
//! what stands here holds for 2.23.0 and 2.32.0. All lengths are in bytes, all strings are UTF-8.
//!
//! # Calls
//!
//! The server gets a buffer by `allocate`, writes a request into it, calls the export and frees the
//! buffer by `deallocate`. For an answer it gets a second buffer, of [`TEXT_BUFFER`] or
//! [`ANSWER_BUFFER`] bytes, whose place and size it hands over; the export returns how many bytes it
//! wrote. The server compares that with nothing:
//!
//! | call | 0 | negative | beyond the buffer | outside the memory |
//! |---|---|---|---|---|
//! | `plugin_name`, `plugin_schema` | empty string | empty string | read | registration fails |
//! | `http_endpoints` | no endpoints | no endpoints | read | no endpoints |
//! | HTTP handlers | 500 | 500 | read | 500 |
//! | `handle_put_…` | 500 | 500 | read | 500 |
//! | resource provider | `{}` | `{}` | read | `{}` |
//! | weather provider | `[]` | `[]` | read | `[]` |
//! | radar provider | as no answer | as no answer | read | as no answer |
//!
//! "Read" means that whatever lies in memory after the buffer is read as part of the answer.
//! `plugin_start` and `plugin_stop` return a code, of which only 0 is good; that of `poll` is logged.
//!
//! # Tables as macros
//!
//! Two tables name functions, and code can be generated from names only by a macro. So
//! [`env_imports!`] and [`provider_calls!`] hand their lines to a macro of the caller; the constants of
//! [`mod@env`] and [`providers`] come from the same lines.

#![no_std]

pub mod alarm_state;
pub mod capability;
pub mod endpoint;
pub mod env;
pub mod exports;
mod function;
pub mod package;
pub mod path;
pub mod providers;
#[cfg(feature = "spelling")]
pub mod spelling;
pub mod wasi;

use core::time::Duration;

pub use function::{Argument, Function, Signature, ValueType};

/// Size of the buffer for `plugin_id`, `plugin_name`, `plugin_schema`, `http_endpoints` and the answer of
/// a PUT handler, in bytes. What is longer is cut by the plugin, or read past the buffer.
pub const TEXT_BUFFER: usize = 8192;

/// Size of the buffer for the answer of an HTTP handler or a provider, in bytes.
pub const ANSWER_BUFFER: usize = 65_536;

/// The time between two calls of [`exports::POLL`].
pub const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// The most chunks, lines or datagrams that wait in the server for a plugin to fetch them. Beyond it the
/// oldest are dropped without a word.
pub const SOCKET_QUEUE: usize = 1000;

/// The largest chunk of a TCP stream that Node.js hands over at once, in bytes. What does not fit into the
/// buffer of `sk_tcp_recv_raw` is lost.
pub const SOCKET_CHUNK: usize = 65_536;

/// Rust's name of the target that the server runs.
pub const TARGET: &str = "wasm32-wasip1";

/// The switch "Enable debug log" of the server's form: a key of the server's file, and of the configuration that
/// a start gets, into which the server writes it.
pub const ENABLE_DEBUG: &str = "enableDebug";

/// The context by which the server knows the vessel that it is aboard, in what it is sent.
pub const SELF_CONTEXT: &str = "vessels.self";
