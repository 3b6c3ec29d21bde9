//! What the plugin has registered itself for.

use std::collections::{BTreeMap, BTreeSet};

/// Registrations outlive a stop and a new instance, as on the server.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    /// Context and path of every PUT handler.
    pub(crate) put: BTreeSet<(String, String)>,
    /// Resource types, with whether the provider is connected to the plugin.
    pub(crate) resources: BTreeMap<String, bool>,
    pub(crate) weather: Option<Provider>,
    pub(crate) radar: Option<Provider>,
}

/// A provider and whether it is connected: until `plugin_start` has returned 0 it answers nothing.
#[derive(Debug, Clone)]
pub(crate) struct Provider {
    pub(crate) name: String,
    pub(crate) connected: bool,
}

impl Registry {
    /// Connects what is registered, as after a load and after a successful start.
    pub(crate) fn connect(&mut self) {
        self.resources.values_mut().for_each(|connected| *connected = true);
        for provider in [&mut self.weather, &mut self.radar].into_iter().flatten() {
            provider.connected = true;
        }
    }
}
