//! The server's side: what it keeps, and what it does with what a plugin sends.

mod bus;
mod config;
mod delta;
mod model;
mod notification;
mod registry;
mod status;

use std::sync::{Arc, Mutex, PoisonError};

pub(crate) use bus::{Listener, NoPlugin, handle_message};
pub use config::ConfigStore;
pub(crate) use model::Model;
pub use model::StoredValue;
pub(crate) use notification::{Notifications, UserAction};
pub(crate) use registry::{Provider, Registry};
use status::StatusLine;
pub use status::{ProviderStatus, StatusKind};

use crate::clock::Clock;
use crate::event::{Event, EventLog};
use crate::options::Options;
use crate::package::{Capability, Package};
use crate::sockets::Sockets;

/// Everything that outlives an instance of the plugin.
pub(crate) struct Server {
    pub(crate) package: Package,
    pub(crate) options: Options,
    pub(crate) clock: Clock,
    pub(crate) log: EventLog,
    pub(crate) store: ConfigStore,
    pub(crate) model: Model,
    pub(crate) notifications: Notifications,
    pub(crate) registry: Registry,
    pub(crate) status: StatusLine,
    pub(crate) sockets: Sockets,
    /// How many instances there were so far.
    pub(crate) instances: u32,
    /// Whether deltas go to the plugin: between the end of start and the beginning of stop.
    pub(crate) subscribed: bool,
}

impl Server {
    pub(crate) fn new(package: Package, options: Options, store: ConfigStore) -> Self {
        let clock = Clock::new(options.wall_clock);
        let log = EventLog::new(clock.clone());
        Self {
            package,
            options,
            clock,
            log,
            store,
            model: Model::default(),
            notifications: Notifications::default(),
            registry: Registry::default(),
            status: StatusLine::default(),
            sockets: Sockets::default(),
            instances: 0,
            subscribed: false,
        }
    }

    pub(crate) fn record(&self, event: Event) {
        self.log.push(event);
    }

    pub(crate) fn set_status(&mut self, kind: StatusKind, message: String) {
        let now = self.clock.timestamp();
        self.status.set(kind, message, now);
    }

    pub(crate) fn has(&self, capability: Capability) -> bool {
        self.package.has(capability)
    }

    /// The context of the own vessel, `vessels.urn:mrn:…`.
    pub(crate) fn self_context(&self) -> String {
        format!("vessels.{}", self.options.self_urn)
    }
}

/// The server, shared with the imports of the running instance. The lock is held for moments only
/// and never while the plugin runs.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Mutex<Server>>);

impl Shared {
    pub(crate) fn new(server: Server) -> Self {
        Self(Arc::new(Mutex::new(server)))
    }

    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut Server) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
