//! Registration of resource, weather and radar providers.

use signalk_server_model::{Server, js};
use wasmi::Caller;

use super::link::{Link, Linked, answer};
use crate::contract::env;
use crate::guest::{GuestState, read};

pub(super) fn add(linker: &mut Link) -> Linked {
    register(linker, env::REGISTER_RESOURCE_PROVIDER.name, Server::register_resource_provider)?;
    register(linker, env::REGISTER_WEATHER_PROVIDER.name, Server::register_weather_provider)?;
    register(linker, env::REGISTER_RADAR_PROVIDER.name, Server::register_radar_provider)
}

fn register(
    linker: &mut Link,
    name: &'static str,
    register: fn(&mut Server, String) -> bool,
) -> Linked {
    linker.func_wrap(
        env::MODULE,
        name,
        move |caller: Caller<'_, GuestState>, ptr: i32, len: i32| {
            answer(caller, (name, &[ptr, len]), 0, |guest| {
                let text = js::decode(&read(guest, ptr, len)?);
                Ok(i32::from(guest.data().shared.with(|server| register(server, text))))
            })
        },
    )?;
    Ok(())
}
