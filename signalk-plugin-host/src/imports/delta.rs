//! Deltas and notifications out, the data model in.

use signalk_server_model::{calls, js};
use wasmi::{Caller, ExternType};

use super::link::{Link, Linked, answer};
use crate::contract::env;
use crate::error::Thrown;
use crate::guest::{Guest, GuestListener, GuestState, read, write};

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
    calls::emit(&mut GuestListener::of(guest), text, version)
}

fn publish(guest: &mut Guest<'_>, path: (i32, i32), value: (i32, i32)) -> Result<i32, Thrown> {
    let path = js::decode(&read(guest, path.0, path.1)?);
    let value = js::decode(&read(guest, value.0, value.1)?);
    let is_taken = calls::publish(&mut GuestListener::of(guest), path, value)?;
    Ok(if is_taken { 0 } else { -1 })
}

fn get_self_path(
    guest: &mut Guest<'_>,
    path: (i32, i32),
    out: i32,
    max: i32,
) -> Result<i32, Thrown> {
    let path = js::decode(&read(guest, path.0, path.1)?);
    let node = guest.data().shared.with(|server| server.self_path(&path));
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
