//! The way of a delta through the server.

use serde_json::{Value, json};

use super::{Server, Shared, delta};
use crate::error::Thrown;
use crate::event::Event;
use crate::version::ServerVersion;

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
        let update =
            listener.shared().with(|server| server.notifications.process(update, &context));
        if let Some(update) = update {
            handle_message(
                listener,
                "notificationApi",
                json!({ "updates": [update], "context": context }),
                1,
            )?;
        }
    }

    listener.on_delta(&delta)?;
    if version != 2 {
        listener.shared().with(|server| server.model.add(&delta));
    }
    Ok(())
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
