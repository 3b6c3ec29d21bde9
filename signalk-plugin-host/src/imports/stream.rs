//! Binary streams and radar spokes.

use signalk_server_model::{Server, js};
use wasmi::Caller;

use super::link::{Link, Linked, answer};
use crate::contract::env;
use crate::guest::{GuestState, read};

pub(super) fn add(linker: &mut Link) -> Linked {
    binary(linker, env::EMIT_BINARY_STREAM.name, |server, id, data| {
        server.emit_binary_stream(id, data)
    })?;
    binary(linker, env::RADAR_EMIT_SPOKES.name, |server, id, data| server.emit_spokes(&id, data))
}

fn binary(
    linker: &mut Link,
    name: &'static str,
    emit: fn(&Server, String, Vec<u8>) -> bool,
) -> Linked {
    linker.func_wrap(
        env::MODULE,
        name,
        move |caller: Caller<'_, GuestState>, id: i32, id_len: i32, data: i32, data_len: i32| {
            answer(caller, (name, &[id, id_len, data, data_len]), 0, |guest| {
                let id = js::decode(&read(guest, id, id_len)?);
                let data = read(guest, data, data_len)?;
                Ok(guest.data().shared.with(|server| emit(server, id, data).into()))
            })
        },
    )?;
    Ok(())
}
