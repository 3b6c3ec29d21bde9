//! Deltas: the messages of which all Signal K data is made.
//!
//! - Out: [`set`] for one value, [`DeltaBuilder`] for several values, metadata, another context or the
//!   v2 data model, [`send`] and [`send_json`] for a delta that you have already.
//! - In: handlers marked `#[delta("path")]` get the value as their own type, and with [`Path`](crate::http::Path) the
//!   parts of the path that vary; a handler that wants whole deltas gets [`Delta`] or the JSON text.
//!
//! What a handler sends leaves the plugin after the handler has returned, in order: the server
//! calls back into the plugin while it takes a delta, and no borrow may be held then.
//!
//! Format: <https://signalk.org/specification/1.7.0/doc/data_model.html>.

mod builder;
mod details;
mod incoming;
mod meta;
mod pattern;
mod shape;

pub use builder::{DeltaBuilder, clear, send, send_json, set};
pub use details::SourceDetails;
pub use incoming::{Delta, Origin, PathMeta, PathValue, Update};
pub use meta::{Meta, Timeout, Zone};
pub(crate) use pattern::{Pattern, has_escapes, matches, names_a_path};

pub use crate::alarm_state::AlarmState;
pub use crate::boundary::imports::DeltaVersion;
