//! The plugin's calls by which deltas begin: sending, publishing, announcing a PUT handler.

use serde_json::{Value, json};
use signalk_plugin_contract::{alarm_state, capability};

use crate::deltas::bus::{Listener, handle_message};
use crate::event::{Event, Registration};
use crate::js;

/// Does `sk_handle_message`; `version` is 2, or anything else for 1.
///
/// # Errors
///
/// Those of the listener.
pub fn emit<L: Listener>(listener: &mut L, text: String, version: i32) -> Result<(), L::Halt> {
    let version = if version == 2 { 2 } else { 1 };
    let delta = match js::parse(&text) {
        Ok(delta) => delta,
        Err(error) => {
            let reason = format!("it is {error}");
            record(listener, Event::DeltaDropped { text, reason });
            return Ok(());
        }
    };
    record(listener, Event::Delta { version, delta: delta.clone() });
    send(listener, delta, version)
}

/// Does `sk_publish_notification`: `false` if the server refuses it.
///
/// # Errors
///
/// Those of the listener.
pub fn publish<L: Listener>(listener: &mut L, path: String, text: String) -> Result<bool, L::Halt> {
    let parsed = js::parse(&text).map_err(|error| format!("it is {error}"));
    let value = match parsed.and_then(with_state) {
        Ok(value) => value,
        Err(reason) => {
            record(listener, Event::NotificationRefused { path, text, reason });
            return Ok(false);
        }
    };
    record(listener, Event::Notification { path: path.clone(), value: value.clone() });
    let delta = json!({ "updates": [{ "values": [{ "path": path, "value": value }] }] });
    send(listener, delta, 1).map(|()| true)
}

fn with_state(value: Value) -> Result<Value, String> {
    let expected = || format!("expected one of {}", alarm_state::PUBLISHED.join(", "));
    match value.get("state") {
        Some(Value::String(state)) if alarm_state::PUBLISHED.contains(&state.as_str()) => Ok(value),
        Some(other) => Err(format!("its state is {other}, {}", expected())),
        None => Err(format!("it has no state, {}", expected())),
    }
}

/// Does `sk_register_put_handler`: `false` without the capability.
///
/// # Errors
///
/// Those of the listener.
pub fn register_put_handler<L: Listener>(
    listener: &mut L,
    context: String,
    path: String,
) -> Result<bool, L::Halt> {
    let registration = Registration::Put { context: context.clone(), path: path.clone() };
    if !listener.shared().with(|server| server.take_on(registration, capability::PUT_HANDLERS)) {
        return Ok(false);
    }
    let meta = json!({ "path": path, "value": { "supportsPut": true } });
    send(listener, json!({ "updates": [{ "meta": [meta] }] }), 1)?;
    listener.shared().with(|server| server.registry.put.insert((context, path)));
    Ok(true)
}

fn send<L: Listener>(listener: &mut L, delta: Value, version: u8) -> Result<(), L::Halt> {
    let provider = listener.shared().with(|server| server.package.clone());
    handle_message(listener, &provider, delta, version)
}

fn record<L: Listener>(listener: &L, event: Event) {
    listener.shared().with(|server| server.record(event));
}
