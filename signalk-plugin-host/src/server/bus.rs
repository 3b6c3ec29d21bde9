//! The way of a delta through the server.

use serde_json::{Value, json};
use signalk_server_model::ServerVersion;
use signalk_server_model::js::stringify;

use super::{Server, Shared, delta};
use crate::error::Thrown;
use crate::event::Event;

/// Who is told of a delta that passes.
pub(crate) trait Listener {
    fn shared(&self) -> &Shared;

    /// Calls the plugin's `delta_handler`, swallowing what the server swallows.
    fn on_delta(&mut self, delta: &Value) -> Result<(), Thrown>;
}

/// Deltas that pass while no plugin is there.
pub(crate) struct NoPlugin(pub(crate) Shared);

impl Listener for NoPlugin {
    fn shared(&self) -> &Shared {
        &self.0
    }

    fn on_delta(&mut self, _: &Value) -> Result<(), Thrown> {
        Ok(())
    }
}

/// The server's `handleMessage`: fills in context, source and time, drops what is malformed, sends
/// notifications round through the notification manager, tells the plugin, updates the model.
///
/// # Errors
///
/// Only where the plugin ran out of fuel.
pub(crate) fn handle_message(
    listener: &mut dyn Listener,
    provider: &str,
    message: Value,
    version: u8,
) -> Result<(), Thrown> {
    let accepted = listener.shared().with(|server| accept(server, provider, message));
    let Some(mut delta) = accepted else { return Ok(()) };

    let context = delta.get("context").cloned().unwrap_or(Value::Null);
    for update in delta::take_notifications(&mut delta) {
        let update = listener.shared().with(|server| {
            let (version, now) = (server.options.version, server.clock.timestamp());
            server.notifications.process(update, &context, version, &now)
        });
        let Some(update) = update else {
            // The manager fails on it. From 2.32 on that costs only the notifications behind it.
            if version_of(listener) < ServerVersion::V2_32 {
                let reason = "a notification's value is no object".to_owned();
                drop_delta(listener, &delta, reason);
                return Ok(());
            }
            break;
        };
        let update = json!({ "updates": [update], "context": context });
        handle_message(listener, "notificationApi", update, 1)?;
    }

    if !context.is_string() && has_values(&delta) && version_of(listener) >= ServerVersion::V2_32 {
        // The server fails on it before it comes to the plugins.
        drop_delta(listener, &delta, format!("its context is {context}, expected a text"));
        return Ok(());
    }
    listener.on_delta(&delta)?;
    if version != 2 {
        listener.shared().with(|server| server.model.add(&delta));
    }
    Ok(())
}

fn version_of(listener: &dyn Listener) -> ServerVersion {
    listener.shared().with(|server| server.options.version)
}

fn drop_delta(listener: &dyn Listener, delta: &Value, reason: String) {
    let event = Event::DeltaDropped { text: stringify(delta), reason };
    listener.shared().with(|server| server.record(event));
}

/// Whether there is any value in a delta.
fn has_values(delta: &Value) -> bool {
    let updates = delta.get("updates").and_then(Value::as_array).into_iter().flatten();
    let values = updates.filter_map(|update| update.get("values")?.as_array());
    values.into_iter().any(|values| !values.is_empty())
}

fn accept(server: &Server, provider: &str, message: Value) -> Option<Value> {
    let surroundings = delta::Surroundings {
        version: server.options.version,
        self_context: server.self_context(),
        timestamp: server.clock.timestamp(),
        provider,
    };
    // What is dropped as a whole is small or rare, so the copy for the log costs little.
    let copy = (!message.get("updates").is_some_and(Value::is_array)
        || surroundings.version < ServerVersion::V2_32)
        .then(|| message.to_string());
    match delta::accept(message, &surroundings) {
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
