//! Plugins for [Signal K](https://signalk.org) servers in plain Rust, compiled to WebAssembly.
//!
//! A plugin is one type with an `impl` block marked [`#[signalk_plugin]`](macro@signalk_plugin):
//!
//! ```
//! use signalk_plugin_sdk::notification::{Alarm, AlarmState, Zones};
//! use signalk_plugin_sdk::prelude::*;
//!
//! /// Warns of shallow water.
//! #[derive(Deserialize, JsonSchema)]
//! #[serde(rename_all = "camelCase", default)]
//! pub struct Config {
//!     /// Least depth below the keel (m)
//!     #[schemars(range(min = 0.0, max = 100.0))]
//!     least_depth: f64,
//! }
//!
//! impl Default for Config {
//!     fn default() -> Self {
//!         Self { least_depth: 2.0 }
//!     }
//! }
//!
//! pub struct Shallow {
//!     zones: Zones,
//!     alarm: Alarm,
//! }
//!
//! #[signalk_plugin(name = "Shallow Water")]
//! impl Shallow {
//!     fn start(config: Config) -> Self {
//!         Self {
//!             // The alarm ends 0.2 m deeper than it begins, so that waves do not make it come and go.
//!             zones: Zones::new(0.2).below(config.least_depth, AlarmState::Alarm),
//!             alarm: Alarm::new("environment.depth.belowKeel"),
//!         }
//!     }
//!
//!     #[delta("environment.depth.belowKeel")]
//!     fn depth(&mut self, metres: f64) -> Result<()> {
//!         let text = format!("{metres:.1} m below the keel");
//!         server::set_status(&text);
//!         self.alarm.update(self.zones.state_of(metres), "", &text)
//!     }
//! }
//! ```
//!
//! Enabled before anything was saved, it starts with the defaults of its `Config`.
//!
//! The plugin's crate is a `cdylib`, depends on `serde` and `schemars` beside this crate, and is
//! built with `cargo build --release --target wasm32-wasip1`.
//!
//! # What there is
//!
//! | | |
//! |---|---|
//! | [`delta`], [`notification`] | values, metadata with zones, alarms: in and out |
//! | [`model`] | the latest values of paths that the plugin named, with source and age |
//! | [`Position`], [`motion`] | distances, bearings and offsets; where a vessel will be, and how close two come |
//! | [`plausible`] | values that cannot be, and jumps that nothing makes, kept away |
//! | [`http`] | endpoints below `/plugins/<package>`; PUT handlers are in the [attribute](macro@signalk_plugin#requests) |
//! | [`resource`], [`weather`] | providers for the server's v2 APIs; of radars with the feature `unstable-radar` |
//! | [`net`] | UDP and TCP, datagrams and lines |
//! | [`task`] | waiting without blocking |
//! | `fetch` | web services, by HTTP with the feature `fetch` and by HTTPS with `tls` |
//! | [`stream`] | bytes for WebSocket clients |
//! | [`storage`], [`config`] | what lasts: documents of the plugin's own, and its settings |
//! | [`server`], [`clock`] | the status line, capabilities; time |
//! | [`json`] | reading and writing JSON in little code |
//! | [`log`] | `error!`, `warn!`, `info!` on the server's console; `debug!` with the form's "Enable debug log" |
//! | `testing` | a host for `cargo test` |
//!
//! # What the runtime keeps
//!
//! - **Errors.** What a handler returns as an error stands on the server's dashboard until the same
//!   handler succeeds again. A wrong setting is named with what was found and what was expected.
//! - **Start.** A `start` that fails leaves the plugin waiting: it starts when a right
//!   configuration is saved and, where the configuration was not the cause, after 1, 2, 4 … 60 s.
//! - **Own ship.** The server delivers every vessel's deltas; a handler gets those of the own ship
//!   unless it asks for others.
//! - **Re-entrancy.** The server calls back into the plugin while it takes a delta. What a handler
//!   sends goes out when it has returned, in order; what comes back is handled afterwards; what the
//!   plugin itself has sent is left out unless a handler asks for it.
//! - **Stop.** After a stop nothing reaches the plugin, every socket is closed, and a new start has
//!   nothing of the old one but what was stored and what the model knows.
//! - **Panics.** On wasm a panic is a trap and the server goes on calling the same instance. The
//!   message and its place are shown, the broken value is never touched again, and a new one is
//!   started after 1 s and 2 s; the third crash in a row ends the attempts. Statics of your own and
//!   locks that were held stay as the panic left them. A panic in `start` itself, while the server
//!   starts the plugin, is a failed start to the server: it starts the plugin again only after it
//!   was disabled and enabled, which the dashboard says.
//! - **Alarms.** A plugin that ran before and cannot start any more, or has crashed three times in a row,
//!   raises the notification `plugins.<package>` until it starts again.
//!
//! # Features
//!
//! - `fetch`: the module `fetch`, for web services by HTTP. Off by default, for it takes its time to build.
//! - `tls`: `https` in `fetch`, which it implies. It takes half a megabyte of the .wasm, and a C compiler for
//!   WebAssembly (clang) to build it.
//! - `allocator`, on by default: a small allocator for the .wasm. Switch it off to set a
//!   `#[global_allocator]` of your own.
//!
//! # Size
//!
//! Every .wasm carries what its plugin uses and no more. Three habits keep it small: numbers shown
//! to people as whole ones (the code that formats fractions takes 11 kB), [`json`] instead of
//! `serde_json`, and the release profile of the README.

#[cfg(not(any(unix, windows, target_family = "wasm")))]
compile_error!("signalk-plugin-sdk is for wasm plugins, and for native tests of them");

// The attribute's code names the crate as plugins do.
#[cfg(test)]
extern crate self as signalk_plugin_sdk;

mod advice;
mod alarm_state;
mod backoff;
mod boundary;
mod captures;
mod error;
mod geometry;
mod handlers;
mod hooks;
mod instance;
mod logging;
mod outbox;
mod path;
mod plugin;
mod put;
mod report;
mod returns;
mod runtime;
mod schema;
mod self_context;
mod self_vessel;
mod sources;
mod text;
mod types;

pub mod clock;
pub mod config;
pub mod delta;
#[cfg(feature = "fetch")]
pub mod fetch;
pub mod http;
pub mod json;
pub mod model;
pub mod motion;
pub mod net;
pub mod notification;
pub mod plausible;
#[cfg(feature = "unstable-radar")]
pub mod radar;
pub mod resource;
pub mod server;
#[cfg(feature = "fetch")]
pub mod server_api;
pub mod storage;
pub mod stream;
pub mod task;
#[cfg(not(target_family = "wasm"))]
pub mod testing;
pub mod weather;

pub use config::NoConfig;
pub use error::{ConfigError, Context, Error, Result};
pub use log;
pub use schemars;
pub use serde;
pub use serde_json;
pub use signalk_plugin_macros::signalk_plugin;
pub use types::Position;

/// The names that nearly every plugin needs, in one `use`.
///
/// - Macros: [`#[signalk_plugin]`](macro@crate::signalk_plugin), [`bail!`](crate::bail),
///   [`ensure!`](crate::ensure), and [`error!`](crate::log::error), `warn!`, `info!`, `debug!`.
/// - The derives of settings and documents: `Deserialize`, `Serialize`, `JsonSchema`.
/// - The trait [`Context`], for its methods alone: its name stays free for others.
/// - Types that most signatures have: [`Result`], [`Error`],
///   [`ConfigError`], [`Position`], `Duration`.
/// - The modules [`delta`] and [`server`], for what a plugin sends and shows.
///
/// Everything else is imported by name. Modules are called by words that plugins use as well, `http`
/// or `config`, and a file that imports them says what it is about.
pub mod prelude {
    pub use crate::error::Context as _;
    pub use crate::log::{debug, error, info, warn};
    pub use crate::schemars::JsonSchema;
    pub use crate::serde::{Deserialize, Serialize};
    pub use crate::{
        ConfigError, Error, Position, Result, bail, delta, ensure, server, signalk_plugin,
    };
    pub use std::time::Duration;
}

/// For the code that `#[signalk_plugin]` writes. Not for use by hand: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use crate::boundary::exports::*;
    pub use crate::captures::fits_one_of;
    pub use crate::config::migrate::migrated;
    pub use crate::config::{Limits, NoConfig};
    pub use crate::error::{Error, Result};
    #[cfg(all(feature = "fetch", not(target_family = "wasm")))]
    pub use crate::fetch::read_recorded;
    pub use crate::handlers::*;
    pub use crate::http::{FromPath, FromRequest, IntoResponse, Request};
    pub use crate::plugin::Plugin;
    pub use crate::put::{PutHandler, origin_of_put, put_value};
    #[cfg(feature = "unstable-radar")]
    pub use crate::radar::RadarProvider;
    pub use crate::resource::Resource;
    pub use crate::resource::table::{ResourceType, ServesResources, are_different};
    pub use crate::returns::*;
    #[cfg(feature = "unstable-radar")]
    pub use crate::runtime::announce_radar;
    pub use crate::runtime::{
        Installed, Runtime, announce_puts, announce_resources, announce_weather, elapsed,
        report_refusals,
    };
    pub use crate::weather::WeatherProvider;
    pub use std::borrow::Cow;
    pub use std::thread::LocalKey;
    pub use std::time::Duration;

    /// The language's own, whatever is called so where the attribute stands: a module may have a type
    /// `str`, and Cargo.toml a crate `core`. One by one, for a way to the whole of `std` that is hidden
    /// would hide its types from the compiler's lists.
    pub mod lang {
        pub use core::option::Option::None;
        pub use core::prelude::v1::test;
        pub use core::primitive::{bool, i32, str, u8, usize};
        pub use core::{assert, compile_error, env, include_str, option_env};
        pub use std::thread_local;

        /// The result of `option_env!`.
        pub type Seen = Option<&'static str>;
    }

    /// The result of `migrated`.
    pub type Migrated = Result<Option<String>>;
    /// The place for a schema that was made.
    pub type MadeSchema = std::cell::OnceCell<Cow<'static, str>>;
}
