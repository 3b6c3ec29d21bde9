//! The plugin as the server keeps it: registration, configuration, start, stop, time.

mod crash;
mod deltas;
mod files;
mod http;
mod lifecycle;
mod notifications;
mod provider;
mod put;
mod register;
mod save;
mod time;
mod view;

use std::time::Duration;

use serde_json::Value;
use signalk_server_model::http::Router;
use signalk_server_model::{Event, PluginState, Server, Shared};

pub use save::SaveRequest;

use crate::error::{Error, Thrown};
use crate::instance::Instance;
use crate::module::Module;
use crate::options::Options;
use files::Files;

/// A plugin in a server, made by [`Host::install`](crate::Host::install).
///
/// Time stands still unless [`advance`](Self::advance) moves it. Everything that the plugin did is
/// in [`events`](Self::events).
pub struct Plugin {
    module: Module,
    options: Options,
    shared: Shared,
    files: Files,
    instance: Option<Instance>,
    router: Router,
    name: String,
    schema: String,
    /// A truth, or what the document had in its place when the server started; the same below.
    enabled: Value,
    enable_debug: Value,
    /// JSON, `None` until one is saved.
    configuration: Option<String>,
    state: PluginState,
    error_message: Option<String>,
    /// When the poll timer fires next; `None` while there is none.
    next_poll: Option<Duration>,
}

impl Plugin {
    fn set_state(&mut self, state: PluginState) {
        self.state = state;
        self.shared.with(|server| server.record(Event::State(state)));
    }

    fn with<T>(&self, work: impl FnOnce(&mut Server) -> T) -> T {
        self.shared.with(work)
    }

    /// Records a call that went wrong, which the server swallows, unless it ran out of fuel.
    fn swallow(&self, handler: &str, thrown: Thrown) -> Result<(), Error> {
        if thrown.out_of_fuel {
            return Err(self.out_of_fuel(handler));
        }
        self.with(|server| {
            server.record(Event::Trap { handler: handler.to_owned(), message: thrown.message })
        });
        Ok(())
    }

    fn out_of_fuel(&self, call: &str) -> Error {
        let fuel = self.options.fuel.unwrap_or(u64::MAX);
        Error::OutOfFuel { call: call.to_owned(), fuel }
    }
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugin")
            .field("package", self.module.package())
            .field("name", &self.name)
            .field("state", &self.state)
            .field("enabled", &self.enabled)
            .field("configuration", &self.configuration)
            .finish_non_exhaustive()
    }
}
