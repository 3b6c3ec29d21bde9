//! Registration of resource, weather and radar providers.

use signalk_server_model::js;
use wasmi::Caller;

use super::link::{Link, Linked, answer};
use crate::contract::env;
use crate::event::{Event, Registration};
use crate::guest::{GuestState, read};
use crate::package::Capability;
use crate::server::{Provider, Server};

pub(super) fn add(linker: &mut Link) -> Linked {
    register(linker, env::REGISTER_RESOURCE_PROVIDER.name, resources)?;
    register(linker, env::REGISTER_WEATHER_PROVIDER.name, weather)?;
    register(linker, env::REGISTER_RADAR_PROVIDER.name, radar)
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

fn resources(server: &mut Server, resource_type: String) -> bool {
    let registration = Registration::Resources { resource_type: resource_type.clone() };
    if !granted(server, registration, Capability::ResourceProvider) {
        return false;
    }
    if resource_type.is_empty() {
        let registration = Registration::Resources { resource_type };
        server.record(Event::RegistrationRefused {
            registration,
            reason: "the resource type is empty".to_owned(),
        });
        return false;
    }
    server.record(Event::Registered(Registration::Resources {
        resource_type: resource_type.clone(),
    }));
    server.registry.resources.insert(resource_type, false);
    true
}

fn weather(server: &mut Server, name: String) -> bool {
    let registration = Registration::Weather { name: name.clone() };
    let granted = granted(server, registration.clone(), Capability::WeatherProvider);
    if granted {
        server.record(Event::Registered(registration));
        server.registry.weather = Some(Provider { name, connected: false });
    }
    granted
}

fn radar(server: &mut Server, name: String) -> bool {
    let registration = Registration::Radar { name: name.clone() };
    let granted = granted(server, registration.clone(), Capability::RadarProvider);
    if granted {
        server.record(Event::Registered(registration));
        server.registry.radar = Some(Provider { name, connected: false });
    }
    granted
}

fn granted(server: &Server, registration: Registration, capability: Capability) -> bool {
    let granted = server.has(capability);
    if !granted {
        server.record(Event::refused_for_want_of(registration, capability));
    }
    granted
}
