//! The way of a delta through the server.

use std::convert::Infallible;

use serde_json::{Value, json};

use super::complete;
use super::notifications::UserAction;
use crate::event::Event;
use crate::js::stringify;
use crate::server::{Server, Shared};

/// As which provider the notification manager sends.
const MANAGER: &str = "notificationApi";

/// A plugin, as far as it is told of deltas.
pub trait Listener {
    /// Why everything ends at once, such as that the plugin runs for ever.
    type Halt;

    /// The server that the plugin runs in.
    fn shared(&self) -> &Shared;

    /// Calls the plugin's `delta_handler`, swallowing what the server swallows.
    ///
    /// # Errors
    ///
    /// Only for what no server swallows.
    fn on_delta(&mut self, delta: &Value) -> Result<(), Self::Halt>;
}

/// The listener while no plugin is there.
#[derive(Debug)]
pub struct NoPlugin(pub Shared);

impl Listener for NoPlugin {
    type Halt = Infallible;

    fn shared(&self) -> &Shared {
        &self.0
    }

    fn on_delta(&mut self, _: &Value) -> Result<(), Infallible> {
        Ok(())
    }
}

/// Does what the server's `handleMessage` does: fills in context, source and time, drops what is malformed,
/// sends notifications round through the notification manager, tells the plugin, updates the data model.
/// Version 2 does not reach the data model.
///
/// # Errors
///
/// Those of the listener.
pub fn handle_message<L: Listener>(
    listener: &mut L,
    provider: &str,
    message: Value,
    version: u8,
) -> Result<(), L::Halt> {
    let accepted = listener.shared().with(|server| accept(server, provider, message));
    let Some(mut delta) = accepted else { return Ok(()) };
    let ways = listener.shared().with(|server| server.version().ways());

    let context = delta.get("context").cloned().unwrap_or(Value::Null);
    for update in complete::take_notifications(&mut delta) {
        let update = listener.shared().with(|server| {
            let now = server.clock.timestamp();
            server.notifications.process(update, &context, ways, &now)
        });
        let Some(update) = update else {
            // The manager fails on it. It may cost the notifications behind it only.
            if ways.one_update_costs_the_delta {
                let reason = "a notification's value is no object".to_owned();
                drop_delta(listener, &delta, reason);
                return Ok(());
            }
            break;
        };
        handle_message(listener, MANAGER, json!({ "updates": [update], "context": context }), 1)?;
    }

    if ways.fails_on_odd_contexts && !context.is_string() && has_values(&delta) {
        // The server fails on it before it comes to the plugins.
        drop_delta(listener, &delta, format!("its context is {context}, expected a text"));
        return Ok(());
    }
    if listener.shared().with(|server| server.subscribed) {
        listener.on_delta(&delta)?;
    }
    if version != 2 {
        listener.shared().with(|server| server.data.add(&delta));
    }
    Ok(())
}

/// Why a user's act on a notification was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActError<H> {
    /// The server refuses it with status 400, in these words.
    Refused(String),
    /// The listener's own.
    Halt(H),
}

/// Does what a user asks of the notification manager.
///
/// # Errors
///
/// If the server refuses it, and those of the listener.
pub fn act_on_notification<L: Listener>(
    listener: &mut L,
    id: &str,
    action: UserAction,
) -> Result<(), ActError<L::Halt>> {
    let delta = listener.shared().with(|server| {
        let (ways, now) = (server.version().ways(), server.clock.timestamp());
        server.notifications.act(id, action, ways, &now)
    });
    let delta = delta.map_err(ActError::Refused)?;
    handle_message(listener, MANAGER, delta, 1).map_err(ActError::Halt)
}

fn drop_delta<L: Listener>(listener: &L, delta: &Value, reason: String) {
    let event = Event::DeltaDropped { text: stringify(delta), reason };
    listener.shared().with(|server| server.record(event));
}

/// Tells whether there is any value in a delta.
fn has_values(delta: &Value) -> bool {
    let updates = delta.get("updates").and_then(Value::as_array).into_iter().flatten();
    let values = updates.filter_map(|update| update.get("values")?.as_array());
    values.into_iter().any(|values| !values.is_empty())
}

fn accept(server: &Server, provider: &str, message: Value) -> Option<Value> {
    let surroundings = complete::Surroundings {
        ways: server.version().ways(),
        self_context: server.self_context(),
        timestamp: server.clock.timestamp(),
        provider,
    };
    // What is dropped as a whole is small or rare, so the copy for the log costs little.
    let copy = (!message.get("updates").is_some_and(Value::is_array)
        || surroundings.ways.one_update_costs_the_delta)
        .then(|| message.to_string());
    match complete::accept(message, &surroundings) {
        Ok(accepted) => {
            for (update, reason) in accepted.dropped {
                server.record(Event::UpdateDropped { update, reason });
            }
            accepted.delta
        }
        Err(reason) => {
            server.record(Event::DeltaDropped { text: copy.unwrap_or_default(), reason });
            None
        }
    }
}
