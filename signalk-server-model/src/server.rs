//! The server's side: the state that it keeps of a plugin, and of what the plugin sends.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use signalk_plugin_contract::capability::{ASKABLE, Capability, RAW_SOCKETS};

use crate::clock::Clock;
use crate::config::ConfigStore;
use crate::deltas::data::Data;
use crate::deltas::notifications::Notifications;
use crate::event::{Event, EventLog};
use crate::registry::Registry;
use crate::sockets::Sockets;
use crate::status::{StatusKind, StatusLine};
use crate::version::ServerVersion;

/// A server that is to be started.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Setup {
    /// The version to behave like.
    pub version: ServerVersion,
    /// The wall clock at the start: 2026-01-01T00:00:00Z unless set, so that runs are alike.
    pub wall_clock: SystemTime,
    /// The URN of the own vessel.
    pub self_urn: String,
    /// Lets `sk_get_self_path` answer, which no server up to 2.32.0 does.
    pub answers_self_path: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            version: ServerVersion::default(),
            wall_clock: SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600),
            self_urn: "urn:mrn:signalk:uuid:b7590868-1d62-47d9-989c-32321b349fb9".to_owned(),
            answers_self_path: false,
        }
    }
}

/// The id of a plugin: the name of its package with `@` and `/` turned into `_`. It names the
/// configuration file and the path below `/plugins`.
#[must_use]
pub fn plugin_id(package: &str) -> String {
    package.replace(['@', '/'], "_")
}

/// Everything that outlives an instance of the plugin.
#[derive(Debug)]
#[non_exhaustive]
pub struct Server {
    /// The name of the plugin's package, which is the `$source` of its deltas.
    pub package: String,
    /// The capabilities that package.json grants.
    pub granted: Vec<Capability>,
    /// The server's own setup.
    pub setup: Setup,
    /// The clocks.
    pub clock: Clock,
    /// Everything that the plugin did.
    pub log: EventLog,
    /// The configuration files.
    pub store: ConfigStore,
    /// The data model.
    pub data: Data,
    /// The notification manager.
    pub notifications: Notifications,
    /// The registrations of the plugin.
    pub registry: Registry,
    /// The line on the dashboard.
    pub status: StatusLine,
    /// The plugin's sockets.
    pub sockets: Sockets,
    /// The number of instances of the plugin so far.
    pub instances: u32,
    /// Tells if deltas go to the plugin: between the end of start and the beginning of stop.
    pub subscribed: bool,
}

impl Server {
    /// A server that has seen nothing of the plugin.
    #[must_use]
    pub fn new(
        package: impl Into<String>,
        granted: Vec<Capability>,
        setup: Setup,
        store: ConfigStore,
    ) -> Self {
        let clock = Clock::new(setup.wall_clock);
        let log = EventLog::new(clock.clone());
        Self {
            package: package.into(),
            granted,
            setup,
            clock,
            log,
            store,
            data: Data::default(),
            notifications: Notifications::default(),
            registry: Registry::default(),
            status: StatusLine::default(),
            sockets: Sockets::default(),
            instances: 0,
            subscribed: false,
        }
    }

    /// The version that the server behaves like.
    #[must_use]
    pub fn version(&self) -> ServerVersion {
        self.setup.version
    }

    /// Adds an event to the log.
    pub fn record(&self, event: Event) {
        self.log.push(event);
    }

    /// Tells whether package.json grants a capability.
    #[must_use]
    pub fn grants(&self, capability: Capability) -> bool {
        self.granted.contains(&capability)
    }

    /// The context of the own vessel, `vessels.urn:mrn:…`.
    #[must_use]
    pub fn self_context(&self) -> String {
        format!("vessels.{}", self.setup.self_urn)
    }

    /// Starts the server anew: what it keeps in memory of plugin and data is gone. Configuration files, clock and
    /// log stay, as do its settings.
    pub fn restart(&mut self) {
        self.data = Data::default();
        self.notifications = Notifications::default();
        self.registry = Registry::default();
        self.status = StatusLine::default();
        self.sockets = Sockets::default();
        self.subscribed = false;
    }

    /// Moves the clock on, with what the server does by itself meanwhile.
    pub fn move_to(&mut self, elapsed: Duration) {
        self.clock.move_to(elapsed);
        self.notifications.clean_until(self.clock.elapsed());
    }

    /// Closes the sockets that a stop of the plugin closes: those for UDP. They are filed under the
    /// package's name and looked for under the plugin's id.
    pub fn close_sockets_at_stop(&mut self) {
        if plugin_id(&self.package) == self.package {
            self.sockets.udp.close_all();
        }
    }
}

/// The answers to the plugin's simple calls.
impl Server {
    /// Does `sk_set_status`, or `sk_set_error`.
    pub fn set_status(&mut self, kind: StatusKind, message: String) {
        self.record(match kind {
            StatusKind::Status => Event::Status(message.clone()),
            StatusKind::Error => Event::Error(message.clone()),
        });
        let now = self.clock.timestamp();
        self.status.set(kind, message, now);
    }

    /// Does `sk_read_config`. The file is named after the package here, and after the id everywhere else.
    #[must_use]
    pub fn read_config(&self) -> String {
        self.store.configuration_text(&self.package)
    }

    /// Does `sk_save_config`: `false` if it was not written.
    pub fn save_config(&mut self, text: &str) -> bool {
        let saved = self.store.replace_configuration(self.version(), &self.package, text);
        let is_saved = saved.is_ok();
        self.record(match saved {
            Ok(configuration) => Event::ConfigSaved(configuration),
            Err(reason) => Event::ConfigSaveFailed { reason },
        });
        is_saved
    }

    /// Does `sk_has_capability`: `false` for those of which the server does not tell, granted or not.
    #[must_use]
    pub fn has_capability(&self, key: &str) -> bool {
        ASKABLE.iter().any(|known| known.key == key && self.grants(*known))
    }

    /// Does `sk_get_self_path`: the node of a path of the own vessel, as JSON.
    #[must_use]
    pub fn self_path(&self, path: &str) -> Option<String> {
        let stored = self.data.get(&self.self_context(), path)?;
        self.setup.answers_self_path.then(|| stored.node().to_string())
    }

    /// The sockets, where package.json grants them: `sk_udp_*` and `sk_tcp_*` answer -1 without.
    pub fn sockets(&mut self) -> Option<&mut Sockets> {
        self.grants(RAW_SOCKETS).then_some(&mut self.sockets)
    }
}

/// A server that is shared with the imports of the running instance. The lock is held for moments only and
/// never while the plugin runs.
#[derive(Debug, Clone)]
pub struct Shared(Arc<Mutex<Server>>);

impl Shared {
    /// Shares a server.
    #[must_use]
    pub fn new(server: Server) -> Self {
        Self(Arc::new(Mutex::new(server)))
    }

    /// Does something with the server. It must not call the plugin.
    pub fn with<T>(&self, work: impl FnOnce(&mut Server) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
