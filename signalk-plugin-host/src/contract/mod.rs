//! The tables of names and signatures that make up the contract between server and plugin.
//!
//! # What the server does with a returned length
//!
//! It checks none against its buffer, and neither does this host:
//!
//! | call | 0 | negative | beyond the buffer | outside the memory |
//! |---|---|---|---|---|
//! | `plugin_name`, `plugin_schema` | empty text | empty text | read | registration fails |
//! | `http_endpoints` | no endpoints | no endpoints | read | no endpoints |
//! | HTTP handlers | 500 | 500 | read | 500 |
//! | `handle_put_…` | 500 | 500 | read | 500 |
//! | resource provider | `{}` | `{}` | read | `{}` |
//! | weather provider | `[]` | `[]` | read | `[]` |
//! | radar provider | as no answer | as no answer | read | as no answer |
//!
//! "Read" means that whatever lies in memory after the buffer is read as part of the answer.
//! `plugin_start` and `plugin_stop` return a code, of which only 0 is good; that of `poll` is logged.

mod exports;
mod imports;
mod signature;

pub(crate) use exports::{EXCHANGE, expected};
pub use exports::{
    EXPORTS, FORBIDDEN_EXPORTS, MANDATORY_EXPORTS, RADAR_EXPORTS, RECOGNISED_BY, RESOURCE_EXPORTS,
    WEATHER_EXPORTS,
};
pub(crate) use imports::env_import;
pub use imports::{ENV_IMPORTS, IMPORT_HINTS, IMPORT_MODULES, WASI_IMPORTS};
pub(crate) use signature::describe;
pub use signature::{Signature, ValueType};

/// Size in bytes of the buffer for `plugin_name`, `plugin_schema`, `http_endpoints` and the answer
/// of a PUT handler.
pub const TEXT_BUFFER: i32 = 8192;

/// Size in bytes of the buffer for the answer of an HTTP handler or a provider.
pub const ANSWER_BUFFER: i32 = 65_536;

/// How often the server calls `poll`, in milliseconds.
pub const POLL_INTERVAL_MS: u64 = 1000;
