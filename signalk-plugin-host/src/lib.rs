//! Loads and runs a Signal K WebAssembly plugin as signalk-server does, in process and without Node.js.
//!
//! A [`Host`] stands for a server, a [`Plugin`] for one plugin in it. Time is a clock that the caller
//! drives, so that a test of ten minutes takes as long as its calls. What the plugin did is recorded
//! as [`Event`]s; what the server would show can be asked for: [`Plugin::status`], [`Plugin::value`],
//! [`Plugin::http`].
//!
//! [`check()`] looks at a module before it ever reaches a server, and says in one sentence each what
//! the server would refuse or silently break on.
//!
//! The host follows the server in what is surprising, too: it calls `_initialize` twice, swallows
//! traps, calls the plugin's `delta_handler` while the plugin is still sending, answers 0 to
//! `sk_get_self_path`, forgets files. Where it differs, the documentation of the item says so.
//!
//! ```
//! use std::time::Duration;
//! use signalk_plugin_host::{Event, Host, Module, Package};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
#![doc = concat!("let wasm = wat::parse_str(r#\"", include_str!("example.wat"), "\"#)?;")]
//! let module = Module::load(wasm, Package::new("counter"))?;
//! let mut plugin = Host::new().install(module)?;
//! plugin.enable("{}")?;
//! plugin.advance(Duration::from_secs(3))?;
//! assert_eq!(plugin.name(), "Counter");
//! let polls = plugin.events().iter().filter(|it| it.event == Event::Status("poll".into())).count();
//! assert_eq!(polls, 3);
//! # Ok(())
//! # }
//! ```

mod check;
mod configuration;
mod error;
mod guest;
mod host;
mod imports;
mod instance;
mod module;
mod needs;
mod options;
mod package;
mod plugin;
mod problem;
mod report;
mod rules;
mod signature;
mod trace;
mod vfs;
mod wasi;
mod wasm;

/// The examples of the README are tests too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub use check::check;
pub use error::{Error, LoadError, PackageError};
pub use host::{Host, HostBuilder};
pub use module::Module;
pub use needs::required_capabilities;
pub use options::Files;
pub use package::{Capability, Package};
pub use plugin::{Plugin, SaveRequest};
pub use problem::{Problem, Severity};
pub use report::Report;
pub use signalk_plugin_contract as contract;
pub use signalk_server_model::deltas::StoredValue;
pub use signalk_server_model::http::{HttpRequest, HttpResponse};
pub use signalk_server_model::{
    ConfigStore, Event, PluginState, ProviderStatus, PutOutcome, PutReply, RecordedEvent,
    Registration, ServerVersion, StatusKind, put_handler_export,
};
pub use trace::{CallSide, CallStep, CallTrace, TracedCall};
pub use wasm::custom_section;
