//! Configuration and capabilities.

use signalk_server_model::js;
use wasmi::Caller;

use super::delta::write_out;
use super::link::{Link, Linked, answer};
use crate::contract::env;
use crate::guest::{GuestState, read};

pub(super) fn add(linker: &mut Link) -> Linked {
    linker.func_wrap(
        env::MODULE,
        env::READ_CONFIG.name,
        |caller: Caller<'_, GuestState>, out: i32, max: i32| {
            answer(caller, (env::READ_CONFIG.name, &[out, max]), 0, |guest| {
                let text = guest.data().shared.with(|server| server.read_config());
                write_out(guest, text.as_bytes(), out, max)
            })
        },
    )?;
    linker.func_wrap(
        env::MODULE,
        env::SAVE_CONFIG.name,
        |caller: Caller<'_, GuestState>, ptr: i32, len: i32| {
            answer(caller, (env::SAVE_CONFIG.name, &[ptr, len]), -1, |guest| {
                let text = js::decode(&read(guest, ptr, len)?);
                let is_saved = guest.data().shared.with(|server| server.save_config(&text));
                Ok(if is_saved { 0 } else { -1 })
            })
        },
    )?;
    linker.func_wrap(
        env::MODULE,
        env::HAS_CAPABILITY.name,
        |caller: Caller<'_, GuestState>, ptr: i32, len: i32| {
            answer(caller, (env::HAS_CAPABILITY.name, &[ptr, len]), 0, |guest| {
                let key = js::decode(&read(guest, ptr, len)?);
                Ok(guest.data().shared.with(|server| server.has_capability(&key).into()))
            })
        },
    )?;
    Ok(())
}
