//! Status, error and debug lines.

use signalk_server_model::{Event, Server, StatusKind, js};
use wasmi::Caller;

use super::link::{Link, Linked, answer};
use crate::contract::env;
use crate::guest::{Guest, GuestState, read};

pub(super) fn add(linker: &mut Link) -> Linked {
    text(linker, env::DEBUG.name, |server, text| server.record(Event::Debug(text)))?;
    text(linker, env::CONSOLE_LOG.name, |server, text| server.record(Event::Debug(text)))?;
    text(linker, env::SET_STATUS.name, |server, text| {
        server.set_status(StatusKind::Status, text);
    })?;
    text(linker, env::SET_ERROR.name, |server, text| {
        server.set_status(StatusKind::Error, text);
    })?;
    linker.func_wrap(
        env::MODULE,
        env::ABORT.name,
        |caller: Caller<'_, GuestState>, message: i32, file: i32, line: i32, column: i32| {
            let text = format!("abort called: {message} at {file}:{line}:{column}");
            caller.data().shared.with(|server| server.record(Event::Debug(text)));
        },
    )?;
    linker.func_wrap(env::MODULE, env::SEED.name, |caller: Caller<'_, GuestState>| -> f64 {
        caller.data().shared.with(|server| server.clock.elapsed().as_secs_f64())
    })?;
    Ok(())
}

/// An import that takes one text and answers nothing; a text outside the memory is ignored.
fn text(linker: &mut Link, name: &'static str, then: fn(&mut Server, String)) -> Linked {
    linker.func_wrap(
        env::MODULE,
        name,
        move |caller: Caller<'_, GuestState>, ptr: i32, len: i32| {
            answer(caller, (name, &[ptr, len]), (), |guest: &mut Guest<'_>| {
                let text = js::decode(&read(guest, ptr, len)?);
                guest.data().shared.with(|server| then(server, text));
                Ok(())
            })
        },
    )?;
    Ok(())
}
