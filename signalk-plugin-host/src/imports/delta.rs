//! Deltas and notifications out, the data model in.

use serde_json::{Value, json};
use signalk_server_model::js;
use wasmi::{Caller, ExternType};

use super::link::{Link, Linked, answer};
use crate::contract::{alarm_state, env};
use crate::error::Thrown;
use crate::event::Event;
use crate::guest::{Guest, GuestListener, GuestState, read, write};
use crate::server::handle_message;

pub(super) fn add(linker: &mut Link, module: &wasmi::Module) -> Linked {
    // JavaScript fills in version 1 where a plugin was built without the third argument.
    let without_version = module.imports().any(|import| {
        import.name() == env::HANDLE_MESSAGE.name
            && matches!(import.ty(), ExternType::Func(ty) if ty.params().len() == 2)
    });
    if without_version {
        linker.func_wrap(
            env::MODULE,
            env::HANDLE_MESSAGE.name,
            |caller: Caller<'_, GuestState>, ptr: i32, len: i32| {
                answer(caller, (env::HANDLE_MESSAGE.name, &[ptr, len]), (), |guest| {
                    emit(guest, ptr, len, 1)
                })
            },
        )?;
    } else {
        linker.func_wrap(
            env::MODULE,
            env::HANDLE_MESSAGE.name,
            |caller: Caller<'_, GuestState>, ptr: i32, len: i32, version: i32| {
                let arguments = [ptr, len, version];
                answer(caller, (env::HANDLE_MESSAGE.name, &arguments), (), |guest| {
                    emit(guest, ptr, len, version)
                })
            },
        )?;
    }
    linker.func_wrap(
        env::MODULE,
        env::PUBLISH_NOTIFICATION.name,
        |caller: Caller<'_, GuestState>, path: i32, path_len: i32, value: i32, value_len: i32| {
            let arguments = [path, path_len, value, value_len];
            answer(caller, (env::PUBLISH_NOTIFICATION.name, &arguments), -1, |guest| {
                publish(guest, (path, path_len), (value, value_len))
            })
        },
    )?;
    linker.func_wrap(
        env::MODULE,
        env::GET_SELF_PATH.name,
        |caller: Caller<'_, GuestState>, path: i32, path_len: i32, out: i32, max: i32| {
            let arguments = [path, path_len, out, max];
            answer(caller, (env::GET_SELF_PATH.name, &arguments), 0, |guest| {
                get_self_path(guest, (path, path_len), out, max)
            })
        },
    )?;
    Ok(())
}

fn emit(guest: &mut Guest<'_>, ptr: i32, len: i32, version: i32) -> Result<(), Thrown> {
    let text = js::decode(&read(guest, ptr, len)?);
    let version = if version == 2 { 2 } else { 1 };
    let delta = match js::parse(&text) {
        Ok(delta) => delta,
        Err(error) => {
            let reason = format!("it is not JSON: {error}");
            guest.data().shared.with(|server| server.record(Event::DeltaDropped { text, reason }));
            return Ok(());
        }
    };
    guest
        .data()
        .shared
        .with(|server| server.record(Event::Delta { version, delta: delta.clone() }));
    send(guest, delta, version)
}

fn publish(guest: &mut Guest<'_>, path: (i32, i32), value: (i32, i32)) -> Result<i32, Thrown> {
    let path = js::decode(&read(guest, path.0, path.1)?);
    let text = js::decode(&read(guest, value.0, value.1)?);
    let parsed = js::parse(&text).map_err(|error| format!("it is not JSON: {error}"));
    let value = match parsed.and_then(|value| with_state(&value).map(|()| value)) {
        Ok(value) => value,
        Err(reason) => {
            guest
                .data()
                .shared
                .with(|server| server.record(Event::NotificationRefused { path, text, reason }));
            return Ok(-1);
        }
    };
    let event = Event::Notification { path: path.clone(), value: value.clone() };
    guest.data().shared.with(|server| server.record(event));
    send(guest, json!({ "updates": [{ "values": [{ "path": path, "value": value }] }] }), 1)?;
    Ok(0)
}

fn with_state(value: &Value) -> Result<(), String> {
    match value.get("state") {
        Some(Value::String(state)) if alarm_state::PUBLISHED.contains(&state.as_str()) => Ok(()),
        Some(other) => Err(format!(
            "its state is {other}, expected one of {}",
            alarm_state::PUBLISHED.join(", ")
        )),
        None => {
            Err(format!("it has no state, expected one of {}", alarm_state::PUBLISHED.join(", ")))
        }
    }
}

pub(super) fn send(guest: &mut Guest<'_>, delta: Value, version: u8) -> Result<(), Thrown> {
    let shared = guest.data().shared.clone();
    let provider = shared.with(|server| server.package.name().to_owned());
    handle_message(&mut GuestListener { guest, shared }, &provider, delta, version)
}

fn get_self_path(
    guest: &mut Guest<'_>,
    path: (i32, i32),
    out: i32,
    max: i32,
) -> Result<i32, Thrown> {
    let path = js::decode(&read(guest, path.0, path.1)?);
    let node = guest.data().shared.with(|server| {
        let stored = server.model.get(&server.self_context(), &path)?;
        server.options.answers_self_path.then(|| {
            json!({ "value": stored.value, "$source": stored.source, "timestamp": stored.timestamp }).to_string()
        })
    });
    match node {
        Some(node) => write_out(guest, node.as_bytes(), out, max),
        None => Ok(0),
    }
}

/// Writes an answer that fits; one that does not fit answers 0, like none at all.
pub(super) fn write_out(
    guest: &mut Guest<'_>,
    bytes: &[u8],
    out: i32,
    max: i32,
) -> Result<i32, Thrown> {
    match i32::try_from(bytes.len()) {
        Ok(len) if len <= max => write(guest, out, bytes).map(|()| len),
        _ => Ok(0),
    }
}
