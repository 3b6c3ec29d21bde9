//! Binary streams and radar spokes.

use signalk_server_model::js;
use wasmi::Caller;

use super::link::{Link, Linked, answer};
use crate::contract::env;
use crate::event::Event;
use crate::guest::{GuestState, read};
use crate::package::Capability;
use crate::server::Server;

pub(super) fn add(linker: &mut Link) -> Linked {
    binary(linker, env::EMIT_BINARY_STREAM.name, stream)?;
    binary(linker, env::RADAR_EMIT_SPOKES.name, spokes)
}

type Target = fn(&Server, String) -> Result<String, (String, String)>;

fn binary(linker: &mut Link, name: &'static str, target: Target) -> Linked {
    linker.func_wrap(
        env::MODULE,
        name,
        move |caller: Caller<'_, GuestState>, id: i32, id_len: i32, data: i32, data_len: i32| {
            answer(caller, (name, &[id, id_len, data, data_len]), 0, |guest| {
                let id = js::decode(&read(guest, id, id_len)?);
                let data = read(guest, data, data_len)?;
                Ok(guest.data().shared.with(|server| match target(server, id) {
                    Ok(stream) => {
                        server.record(Event::Binary { stream, data });
                        1
                    }
                    Err((stream, reason)) => {
                        server.record(Event::BinaryRefused { stream, reason });
                        0
                    }
                }))
            })
        },
    )?;
    Ok(())
}

fn stream(server: &Server, id: String) -> Result<String, (String, String)> {
    let own = format!("plugins/{}/", server.package.name());
    let radar = id.strip_prefix("radars/").is_some_and(|radar| {
        !radar.is_empty()
            && radar.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    });
    if radar || id.starts_with(&own) {
        Ok(id)
    } else {
        Err((id, format!("expected {own}<name> or radars/<id> with letters, digits, _ and -")))
    }
}

fn spokes(server: &Server, id: String) -> Result<String, (String, String)> {
    let stream = format!("radars/{id}");
    if !server.has(Capability::RadarProvider) {
        return Err((stream, Event::wants(Capability::RadarProvider)));
    }
    match &server.registry.radar {
        Some(provider) if provider.connected => Ok(stream),
        Some(_) => Err((
            stream,
            "the radar provider is connected only once plugin_start has returned 0".to_owned(),
        )),
        None => Err((stream, "no radar provider is registered".to_owned())),
    }
}
