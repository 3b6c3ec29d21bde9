//! Deltas on their way to the plugin.

use serde_json::Value;

use super::Plugin;
use crate::contract::exports;
use crate::error::{Error, Thrown};
use crate::event::Event;
use crate::guest::{Guest, deliver_text};
use crate::js;
use crate::server::{Listener, NoPlugin, Shared, handle_message};

/// The plugin's `delta_handler`, called while it is subscribed; re-entrant calls included.
pub(crate) struct GuestListener<'a, 'b> {
    pub(crate) guest: &'a mut Guest<'b>,
    pub(crate) shared: Shared,
}

/// What a delivery costs. It takes the host far longer than the plugin's few instructions, and a
/// plugin that answers its own notifications, of which each comes back twice, would never end.
const DELIVERY_FUEL: u64 = 5_000;

fn charge(guest: &mut Guest<'_>, amount: u64) -> Result<(), Thrown> {
    let left = guest.get_fuel().unwrap_or(u64::MAX).saturating_sub(amount);
    match guest.set_fuel(left) {
        Ok(()) if left > 0 => Ok(()),
        _ => Err(Thrown::out_of_fuel()),
    }
}

impl Listener for GuestListener<'_, '_> {
    fn shared(&self) -> &Shared {
        &self.shared
    }

    fn on_delta(&mut self, delta: &Value) -> Result<(), Thrown> {
        if !self.shared.with(|server| server.subscribed) {
            return Ok(());
        }
        let delivered = charge(self.guest, DELIVERY_FUEL).and_then(|()| {
            deliver_text(self.guest, exports::DELTA_HANDLER.name, &js::stringify(delta))
        });
        match delivered {
            Ok(_) => Ok(()),
            Err(thrown) if thrown.out_of_fuel => Err(thrown),
            Err(thrown) => {
                let event = Event::Trap {
                    handler: exports::DELTA_HANDLER.name.to_owned(),
                    message: thrown.message,
                };
                self.shared.with(|server| server.record(event));
                Ok(())
            }
        }
    }
}

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
                "a delta must be JSON such as {{\"updates\":[…]}}, found {delta:?}: {error}"
            ),
        })?;
        let shared = self.shared.clone();
        let outcome = match &mut self.instance {
            Some(instance) => {
                let mut guest = instance.enter();
                handle_message(
                    &mut GuestListener { guest: &mut guest, shared },
                    provider,
                    delta,
                    version,
                )
            }
            None => handle_message(&mut NoPlugin(shared), provider, delta, version),
        };
        outcome.map_err(|_| self.out_of_fuel(exports::DELTA_HANDLER.name))
    }
}
