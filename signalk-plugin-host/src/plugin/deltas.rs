//! Deltas on their way to the plugin.

use signalk_server_model::deltas::{NoPlugin, handle_message};
use signalk_server_model::js;

use super::Plugin;
use crate::contract::exports;
use crate::error::Error;
use crate::guest::GuestListener;

impl Plugin {
    /// A delta reaches the server from some provider: the server completes it, tells the plugin if
    /// it is running, and updates the data model. Without a `context` it is about the own vessel,
    /// without `$source` it comes from `host`.
    ///
    /// ```no_run
    /// # fn example(plugin: &mut signalk_plugin_host::Plugin) -> Result<(), signalk_plugin_host::Error> {
    /// plugin.deliver_delta(r#"{ "updates": [{ "values": [
    ///     { "path": "navigation.speedOverGround", "value": 2.5 }
    /// ] }] }"#)
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Where the text is not JSON, or the plugin runs out of fuel. A trap in the plugin is swallowed,
    /// as on the server, and recorded.
    pub fn deliver_delta(&mut self, delta: &str) -> Result<(), Error> {
        self.deliver_delta_from("host", delta, 1)
    }

    /// Like [`deliver_delta`](Self::deliver_delta) from the provider `provider`, with Signal K
    /// version 1 or 2. Version 2 does not reach the data model.
    ///
    /// # Errors
    ///
    /// As [`deliver_delta`](Self::deliver_delta).
    pub fn deliver_delta_from(
        &mut self,
        provider: &str,
        delta: &str,
        version: u8,
    ) -> Result<(), Error> {
        let delta = js::parse(delta).map_err(|error| Error::Input {
            message: format!(
                "a delta must be JSON such as {{\"updates\":[…]}}, {delta:?} is {error}"
            ),
        })?;
        let shared = self.shared.clone();
        let Some(instance) = &mut self.instance else {
            let Ok(()) = handle_message(&mut NoPlugin(shared), provider, delta, version);
            return Ok(());
        };
        let mut guest = instance.enter();
        handle_message(&mut GuestListener::of(&mut guest), provider, delta, version)
            .map_err(|_| self.out_of_fuel(exports::DELTA_HANDLER.name))
    }
}
