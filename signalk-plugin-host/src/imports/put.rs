//! Registration of PUT handlers.

use serde_json::json;
use signalk_server_model::js;
use wasmi::Caller;

use super::delta;
use super::link::{Link, Linked, answer};
use crate::contract::env;
use crate::error::Thrown;
use crate::event::{Event, Registration};
use crate::guest::{Guest, GuestState, read};
use crate::package::Capability;

pub(super) fn add(linker: &mut Link) -> Linked {
    linker.func_wrap(
        env::MODULE,
        env::REGISTER_PUT_HANDLER.name,
        |caller: Caller<'_, GuestState>,
         context: i32,
         context_len: i32,
         path: i32,
         path_len: i32| {
            let arguments = [context, context_len, path, path_len];
            answer(caller, (env::REGISTER_PUT_HANDLER.name, &arguments), 0, |guest| {
                register(guest, (context, context_len), (path, path_len))
            })
        },
    )?;
    Ok(())
}

fn register(guest: &mut Guest<'_>, context: (i32, i32), path: (i32, i32)) -> Result<i32, Thrown> {
    let context = js::decode(&read(guest, context.0, context.1)?);
    let path = js::decode(&read(guest, path.0, path.1)?);
    let registration = Registration::Put { context: context.clone(), path: path.clone() };
    let granted = guest.data().shared.with(|server| {
        let granted = server.has(Capability::PutHandlers);
        server.record(if granted {
            Event::Registered(registration)
        } else {
            Event::refused_for_want_of(registration, Capability::PutHandlers)
        });
        granted
    });
    if !granted {
        return Ok(0);
    }
    delta::send(
        guest,
        json!({ "updates": [{ "meta": [{ "path": path, "value": { "supportsPut": true } }] }] }),
        1,
    )?;
    guest.data().shared.with(|server| server.registry.put.insert((context, path)));
    Ok(1)
}
