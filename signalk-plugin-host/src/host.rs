//! A host, and how it is set up.

use std::time::SystemTime;

use signalk_server_model::{ConfigStore, ServerVersion};

use crate::configuration::checked;
use crate::error::Error;
use crate::module::Module;
use crate::options::{Files, Options};
use crate::plugin::Plugin;
use crate::trace::CallTrace;

/// Sets up a [`Host`].
#[derive(Debug, Clone)]
pub struct HostBuilder {
    options: Options,
    store: ConfigStore,
}

/// A Signal K server as one plugin sees it.
///
/// ```no_run
/// use std::time::Duration;
/// use signalk_plugin_host::{Host, Module, Package};
///
/// let wasm = std::fs::read("plugin.wasm")?;
/// let module = Module::load(wasm, Package::new("signalk-anchor-watch"))?;
/// let mut plugin = Host::new().install(module)?;
/// plugin.enable(r#"{ "maxRadius": 50 }"#)?;
/// plugin.deliver_delta(r#"{ "updates": [{ "values": [
///     { "path": "navigation.position", "value": { "latitude": 60.1, "longitude": 24.9 } }
/// ] }] }"#)?;
/// plugin.advance(Duration::from_secs(10))?;
/// println!("{:?}", plugin.status());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Host {
    options: Options,
    store: ConfigStore,
}

impl HostBuilder {
    /// The server version to behave like; [`ServerVersion::V2_32`] unless set.
    #[must_use]
    pub fn version(mut self, version: ServerVersion) -> Self {
        self.options.setup.version = version;
        self
    }

    /// The wall clock at the start; 2026-01-01T00:00:00Z unless set, so that runs are alike.
    #[must_use]
    pub fn wall_clock(mut self, time: SystemTime) -> Self {
        self.options.setup.wall_clock = time;
        self
    }

    /// The URN of the own vessel, which makes its context `vessels.<urn>`.
    #[must_use]
    pub fn self_urn(mut self, urn: impl Into<String>) -> Self {
        self.options.setup.self_urn = urn.into();
        self
    }

    /// How much a call into the plugin may run, in units of fuel: about one per WebAssembly
    /// instruction, and 5000 for every delta that comes to `delta_handler`. `None` never stops a plugin, as on the server. 1,000,000,000 unless set.
    #[must_use]
    pub fn fuel(mut self, fuel: Option<u64>) -> Self {
        self.options.fuel = fuel;
        self
    }

    /// The most memory in bytes that the plugin can have; growing beyond fails in the plugin.
    /// `None`, the default, leaves it at WebAssembly's own 4 GiB.
    #[must_use]
    pub fn memory_limit(mut self, bytes: Option<usize>) -> Self {
        self.options.memory_limit = bytes;
        self
    }

    /// Lets `sk_get_self_path` answer from the data model. No server up to 2.32.0 does: it
    /// answers 0 for every path.
    #[must_use]
    pub fn answers_self_path(mut self, answers: bool) -> Self {
        self.options.setup.answers_self_path = answers;
        self
    }

    /// What the directory behind `/` is like; [`Files::AsServer`] unless set.
    #[must_use]
    pub fn files(mut self, files: Files) -> Self {
        self.options.files = files;
        self
    }

    /// Also passes what the plugin writes to standard output and error on to those of this
    /// process, as the server does. It is recorded as events in any case.
    #[must_use]
    pub fn forward_streams(mut self, pass_on: bool) -> Self {
        self.options.streams_passed_on = pass_on;
        self
    }

    /// Collects every call between host and plugin in `trace`. Nothing is collected unless set.
    #[must_use]
    pub fn trace(mut self, trace: &CallTrace) -> Self {
        self.options.trace = Some(trace.clone());
        self
    }

    /// Where configurations are kept; in memory unless set.
    #[must_use]
    pub fn config_store(mut self, store: ConfigStore) -> Self {
        self.store = store;
        self
    }

    /// The host.
    #[must_use]
    pub fn build(self) -> Host {
        Host { options: self.options, store: self.store }
    }
}

impl Default for HostBuilder {
    fn default() -> Self {
        Self { options: Options::default(), store: ConfigStore::in_memory() }
    }
}

impl Default for Host {
    fn default() -> Self {
        HostBuilder::default().build()
    }
}

impl Host {
    /// A host with everything at its default.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A host to be set up.
    #[must_use]
    pub fn builder() -> HostBuilder {
        HostBuilder::default()
    }

    /// Starts a server that has the plugin among its packages. What happens depends on the
    /// configuration store, as on the server: with no document for the plugin, or one that says
    /// `"enabled": false`, a first instance tells name and schema and goes; with one that says
    /// `"enabled": true`, that instance is started.
    ///
    /// # Errors
    ///
    /// [`Error::Register`] where the plugin would be missing from the server's plugin list: it does
    /// not link, traps in `_initialize`, `plugin_name` or `plugin_schema`, or its schema is not
    /// JSON. A plugin whose start fails is registered all the same, see [`Plugin::state`].
    pub fn install(&self, module: Module) -> Result<Plugin, Error> {
        Plugin::register(module, self.options.clone(), self.store.clone())
    }

    /// Like [`install`](Self::install), with the plugin already enabled and configured before the
    /// server starts. `config` is the configuration object as JSON.
    ///
    /// # Errors
    ///
    /// As [`install`](Self::install), and where `config` is not JSON.
    pub fn install_enabled(&self, module: Module, config: &str) -> Result<Plugin, Error> {
        let configuration = checked(config)?;
        let document = format!(r#"{{"enabled":true,"configuration":{configuration}}}"#);
        self.store.write(&module.package().id(), &document).map_err(|source| Error::Io {
            what: "write the plugin's configuration".to_owned(),
            source,
        })?;
        self.install(module)
    }

    /// The configuration store, which shares its contents with the plugins of this host.
    #[must_use]
    pub fn config_store(&self) -> &ConfigStore {
        &self.store
    }
}
