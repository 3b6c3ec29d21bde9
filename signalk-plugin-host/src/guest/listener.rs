//! Deltas that come to the plugin.

use serde_json::Value;
use signalk_server_model::deltas::Listener;
use signalk_server_model::{Event, Shared, js};

use super::exchange::deliver_text;
use super::state::Guest;
use crate::contract::exports;
use crate::error::Thrown;

/// The plugin's `delta_handler`, called while it is subscribed; re-entrant calls included.
pub(crate) struct GuestListener<'a, 'b> {
    guest: &'a mut Guest<'b>,
    shared: Shared,
}

impl<'a, 'b> GuestListener<'a, 'b> {
    pub(crate) fn of(guest: &'a mut Guest<'b>) -> Self {
        let shared = guest.data().shared.clone();
        Self { guest, shared }
    }
}

/// The price of a delivery. It takes the host far longer than the plugin's few instructions, and a
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
    type Halt = Thrown;

    fn shared(&self) -> &Shared {
        &self.shared
    }

    fn on_delta(&mut self, delta: &Value) -> Result<(), Thrown> {
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
