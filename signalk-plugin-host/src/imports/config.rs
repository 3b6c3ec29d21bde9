//! Configuration and capabilities.

use signalk_server_model::js;
use wasmi::Caller;

use super::delta::write_out;
use super::link::{Link, Linked, answer};
use crate::contract::{capability, env};
use crate::error::Thrown;
use crate::event::Event;
use crate::guest::{Guest, GuestState, read};
use crate::package::Capability;

pub(super) fn add(linker: &mut Link) -> Linked {
    linker.func_wrap(
        env::MODULE,
        env::READ_CONFIG.name,
        |caller: Caller<'_, GuestState>, out: i32, max: i32| {
            answer(caller, (env::READ_CONFIG.name, &[out, max]), 0, |guest| {
                // The file is named after the package here, and after the id everywhere else.
                let text = guest
                    .data()
                    .shared
                    .with(|server| server.store.configuration_text(server.package.name()));
                write_out(guest, text.as_bytes(), out, max)
            })
        },
    )?;
    linker.func_wrap(
        env::MODULE,
        env::SAVE_CONFIG.name,
        |caller: Caller<'_, GuestState>, ptr: i32, len: i32| {
            answer(caller, (env::SAVE_CONFIG.name, &[ptr, len]), -1, |guest| save(guest, ptr, len))
        },
    )?;
    linker.func_wrap(
        env::MODULE,
        env::HAS_CAPABILITY.name,
        |caller: Caller<'_, GuestState>, ptr: i32, len: i32| {
            answer(caller, (env::HAS_CAPABILITY.name, &[ptr, len]), 0, |guest| {
                let name = js::decode(&read(guest, ptr, len)?);
                // 0 for those of which the server does not tell, granted or not.
                let tells = |known: &Capability| {
                    known.key() == name && capability::ASKABLE.contains(&known.entry())
                };
                let asked = Capability::ALL.into_iter().find(tells);
                let granted =
                    guest.data().shared.with(|server| asked.is_some_and(|asked| server.has(asked)));
                Ok(i32::from(granted))
            })
        },
    )?;
    Ok(())
}

fn save(guest: &mut Guest<'_>, ptr: i32, len: i32) -> Result<i32, Thrown> {
    let text = js::decode(&read(guest, ptr, len)?);
    Ok(guest.data().shared.with(|server| {
        let version = server.options.version;
        match server.store.replace_configuration(version, server.package.name(), &text) {
            Ok(configuration) => {
                server.record(Event::ConfigSaved(configuration));
                0
            }
            Err(reason) => {
                server.record(Event::ConfigSaveFailed { reason });
                -1
            }
        }
    }))
}
