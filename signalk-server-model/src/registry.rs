//! The registrations of a plugin.

use std::collections::{BTreeMap, BTreeSet};

/// The registrations, which outlive a stop and a new instance, as on the server.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Registry {
    /// Context and path of every PUT handler.
    pub put: BTreeSet<(String, String)>,
    /// Resource types, with whether the provider is connected to the plugin.
    pub resources: BTreeMap<String, bool>,
    /// The weather provider.
    pub weather: Option<Provider>,
    /// The radar provider.
    pub radar: Option<Provider>,
}

/// A provider and whether it is connected: until `plugin_start` has returned 0 it answers nothing.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Provider {
    /// The name shown to users.
    pub name: String,
    /// Tells whether it is connected.
    pub connected: bool,
}

impl Provider {
    pub(crate) fn new(name: String) -> Self {
        Self { name, connected: false }
    }
}

impl Registry {
    /// Connects what is registered, as after a load and after a successful start.
    pub fn connect(&mut self) {
        self.resources.values_mut().for_each(|connected| *connected = true);
        for provider in [&mut self.weather, &mut self.radar].into_iter().flatten() {
            provider.connected = true;
        }
    }
}
