//! What can be seen of a plugin.

use std::path::PathBuf;

use serde_json::Value;
use signalk_server_model::deltas::StoredValue;
use signalk_server_model::http::Route;
use signalk_server_model::js::truthy;
use signalk_server_model::{ConfigStore, PluginState, ProviderStatus, RecordedEvent, Registration};

use super::Plugin;
use crate::package::Package;

impl Plugin {
    /// The name that the plugin list shows. It is the package name where `plugin_name` gave nothing
    /// at registration, and empty where it gave nothing on enabling.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The JSON schema of the configuration as JSON text; `{}` where the plugin gave none.
    #[must_use]
    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// The package.
    #[must_use]
    pub fn package(&self) -> &Package {
        self.module.package()
    }

    /// The state in the plugin list. It stays `Running` whatever traps later.
    #[must_use]
    pub fn state(&self) -> PluginState {
        self.state
    }

    /// Whether the plugin is enabled, which says nothing about whether it runs.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        truthy(&self.enabled)
    }

    /// Why start or stop failed, as the plugin list has it.
    #[must_use]
    pub fn error_message(&self) -> Option<&str> {
        self.error_message.as_deref()
    }

    /// The configuration that the next start gets, as JSON; not what `sk_save_config` wrote meanwhile.
    #[must_use]
    pub fn configuration(&self) -> Option<&str> {
        self.configuration.as_deref()
    }

    /// The dashboard's line for the plugin. It outlives a stop.
    #[must_use]
    pub fn status(&self) -> Option<ProviderStatus> {
        self.with(|server| server.status.shown().cloned())
    }

    /// Everything recorded so far, or since [`take_events`](Self::take_events).
    #[must_use]
    pub fn events(&self) -> Vec<RecordedEvent> {
        self.with(|server| server.log.snapshot())
    }

    /// Takes everything recorded so far out of the log.
    pub fn take_events(&mut self) -> Vec<RecordedEvent> {
        self.with(|server| server.log.take())
    }

    /// The latest value of a path of the own vessel in the data model, notifications included; in SI
    /// units. `Some(Value::Null)` where it was cleared.
    ///
    /// ```no_run
    /// # fn example(plugin: &signalk_plugin_host::Plugin) {
    /// if let Some(alarm) = plugin.value("notifications.navigation.anchor") {
    ///     println!("the anchor alarm says {}", alarm["state"]);
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn value(&self, path: &str) -> Option<Value> {
        self.stored(path).map(|stored| stored.value)
    }

    /// Like [`value`](Self::value), with source and time.
    #[must_use]
    pub fn stored(&self, path: &str) -> Option<StoredValue> {
        self.with(|server| server.data.get(&server.self_context(), path).cloned())
    }

    /// The latest value of a path of any context, e.g. another vessel's.
    #[must_use]
    pub fn value_of(&self, context: &str, path: &str) -> Option<Value> {
        self.with(|server| server.data.get(context, path).map(|stored| stored.value.clone()))
    }

    /// Every path of the own vessel with its latest value, in the order of the paths.
    #[must_use]
    pub fn values(&self) -> Vec<(String, StoredValue)> {
        self.with(|server| {
            let context = server.self_context();
            server
                .data
                .paths(&context)
                .map(|(path, stored)| (path.clone(), stored.clone()))
                .collect()
        })
    }

    /// What the plugin is registered for now. Registrations outlive a stop.
    #[must_use]
    pub fn registrations(&self) -> Vec<Registration> {
        let registration = |route: &Route| Registration::Http {
            method: route.method.clone(),
            path: route.path.clone(),
            handler: route.handler.clone(),
        };
        let mut all: Vec<_> = self.router.routes().iter().map(registration).collect();
        self.with(|server| {
            let registry = &server.registry;
            all.extend(registry.put.iter().map(|(context, path)| Registration::Put {
                context: context.clone(),
                path: path.clone(),
            }));
            let types = registry.resources.keys();
            all.extend(types.map(|name| Registration::Resources { resource_type: name.clone() }));
            all.extend(
                registry.weather.iter().map(|it| Registration::Weather { name: it.name.clone() }),
            );
            all.extend(
                registry.radar.iter().map(|it| Registration::Radar { name: it.name.clone() }),
            );
        });
        all
    }

    /// The context of the own vessel, e.g. `vessels.urn:mrn:signalk:uuid:…`.
    #[must_use]
    pub fn self_context(&self) -> String {
        self.with(|server| server.self_context())
    }

    /// The configuration store.
    #[must_use]
    pub fn config_store(&self) -> ConfigStore {
        self.with(|server| server.store.clone())
    }

    /// The directory that an instance made by enabling has behind `/`.
    #[must_use]
    pub fn files_directory(&self) -> PathBuf {
        self.files.vfs()
    }
}
