//! Registration of PUT handlers.

use signalk_server_model::{calls, js};
use wasmi::Caller;

use super::link::{Link, Linked, answer};
use crate::contract::env;
use crate::error::Thrown;
use crate::guest::{Guest, GuestListener, GuestState, read};

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
    calls::register_put_handler(&mut GuestListener::of(guest), context, path).map(i32::from)
}
