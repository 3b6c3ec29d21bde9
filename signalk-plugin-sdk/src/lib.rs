//! Under way.

#[cfg(not(any(unix, windows, target_family = "wasm")))]
compile_error!("signalk-plugin-sdk is for wasm plugins, and for native tests of them");

mod config;
mod entry;
mod error;
mod exports;
mod logging;
mod memory;
mod outbox;
mod own_ship;
mod plugin;
mod report;
mod runtime;
mod schema;
mod sys;
mod types;

pub mod clock;
pub mod delta;
pub mod json;
pub mod notification;
pub mod server;
#[cfg(not(target_family = "wasm"))]
pub mod testing;

pub use config::NoConfig;
pub use error::{ConfigError, Context, Error, Result};
pub use log;
pub use schemars;
pub use serde;
pub use serde_json;
pub use signalk_plugin_macros::signalk_plugin;
pub use types::Position;

/// What a plugin's source file needs, in one `use`.
pub mod prelude {
    pub use crate::delta::{Delta, Meta, Origin, Outgoing, Version};
    pub use crate::log::{debug, error, info, warn};
    pub use crate::schemars::JsonSchema;
    pub use crate::serde::{Deserialize, Serialize};
    pub use crate::{
        ConfigError, Context, Error, Position, Result, bail, clock, delta, ensure, notification,
        server, signalk_plugin,
    };
    pub use std::time::Duration;
}

/// For the code that `#[signalk_plugin]` writes. Not for use by hand: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use crate::config::NoConfig;
    pub use crate::error::{Error, Result};
    pub use crate::exports::*;
    pub use crate::plugin::*;
    pub use crate::runtime::Runtime;
    pub use std::borrow::Cow;
    pub use std::thread::LocalKey;
    pub use std::time::Duration;
}
