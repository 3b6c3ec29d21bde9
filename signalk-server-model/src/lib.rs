//! A Signal K server as its plugins and their clients see it, by version and without WebAssembly.
//!
//! A [`Server`] keeps what outlives an instance of a plugin: clock, data model, notifications, registrations,
//! configuration files, sockets and a log of [`Event`]s. What the plugin's calls do is in [`calls`],
//! [`providers`] and methods of the server; [`http`] has the routes, queries, bodies and answers below
//! `/plugins/<id>`, as Express has them; [`js`] what JavaScript does to JSON. [`ServerVersion`] says where
//! the versions differ.
//!
//! Two hosts play a server with it: `signalk-plugin-host`, which runs a `.wasm`, and
//! `signalk_plugin_sdk::testing::TestHost`, which runs a plugin natively. They carry texts to and from the
//! plugin, and know when it is called; all else is here.

pub mod app_store;
pub mod calls;
mod clock;
pub mod config;
pub mod deltas;
mod event;
pub mod http;
pub mod js;
mod nmea0183;
pub mod providers;
mod put;
pub mod recording;
mod registry;
mod server;
pub mod sockets;
mod state;
mod status;
mod version;

pub use clock::Clock;
pub use config::ConfigStore;
pub use event::{Event, EventLog, RecordedEvent, Registration};
pub use put::{NoReply, PutOutcome, PutReply, put, put_handler_export};
pub use registry::{Provider, Registry};
pub use server::{Server, Setup, Shared, plugin_id};
pub use state::PluginState;
pub use status::{ProviderStatus, StatusKind, StatusLine};
pub use version::ServerVersion;
