//! The functions `sk_udp_*`.

use signalk_server_model::js;
use signalk_server_model::sockets::{Setting, UdpSockets};
use wasmi::Caller;

use super::link::{Link, Linked, answer};
use crate::contract::env;
use crate::error::Thrown;
use crate::guest::{Guest, GuestState, read, write};

type Calling<'a> = Caller<'a, GuestState>;

pub(super) fn add(linker: &mut Link) -> Linked {
    linker.func_wrap(env::MODULE, env::UDP_CREATE.name, |caller: Calling<'_>, kind: i32| {
        answer(caller, (env::UDP_CREATE.name, &[kind]), -1, |guest| {
            Ok(with(guest, -1, |udp| udp.create(kind == 1)))
        })
    })?;
    linker.func_wrap(
        env::MODULE,
        env::UDP_BIND.name,
        |caller: Calling<'_>, id: i32, port: i32| {
            answer(caller, (env::UDP_BIND.name, &[id, port]), -1, |guest| {
                Ok(with(guest, -1, |udp| {
                    udp.bind(id, port);
                    0
                }))
            })
        },
    )?;
    setting(linker, env::UDP_SET_BROADCAST.name, |on| Setting::Broadcast(on != 0))?;
    setting(linker, env::UDP_SET_MULTICAST_TTL.name, Setting::MulticastTtl)?;
    setting(linker, env::UDP_SET_MULTICAST_LOOPBACK.name, |on| {
        Setting::MulticastLoopback(on != 0)
    })?;
    membership(linker, env::UDP_JOIN_MULTICAST.name, |group, interface| Setting::Join {
        group,
        interface,
    })?;
    membership(linker, env::UDP_LEAVE_MULTICAST.name, |group, interface| Setting::Leave {
        group,
        interface,
    })?;
    linker.func_wrap(
        env::MODULE,
        env::UDP_SEND.name,
        |caller: Calling<'_>,
         id: i32,
         host: i32,
         host_len: i32,
         port: i32,
         data: i32,
         data_len: i32| {
            let arguments = [id, host, host_len, port, data, data_len];
            answer(caller, (env::UDP_SEND.name, &arguments), -1, |guest| {
                if !granted(guest) {
                    return Ok(-1);
                }
                let host = js::decode(&read(guest, host, host_len)?);
                let data = read(guest, data, data_len)?;
                Ok(with(guest, -1, |udp| {
                    udp.send(id, &host, port, data);
                    data_len
                }))
            })
        },
    )?;
    linker.func_wrap(
        env::MODULE,
        env::UDP_RECV.name,
        |caller: Calling<'_>, id: i32, out: i32, max: i32, address_out: i32, port_out: i32| {
            let arguments = [id, out, max, address_out, port_out];
            answer(caller, (env::UDP_RECV.name, &arguments), -1, |guest| {
                receive(guest, id, (out, max), address_out, port_out)
            })
        },
    )?;
    linker.func_wrap(env::MODULE, env::UDP_PENDING.name, |caller: Calling<'_>, id: i32| {
        answer(caller, (env::UDP_PENDING.name, &[id]), -1, |guest| {
            Ok(with(guest, -1, |udp| i32::try_from(udp.pending(id)).unwrap_or(i32::MAX)))
        })
    })?;
    linker.func_wrap(env::MODULE, env::UDP_CLOSE.name, |caller: Calling<'_>, id: i32| {
        answer(caller, (env::UDP_CLOSE.name, &[id]), (), |guest| {
            with(guest, (), |udp| udp.close(id));
            Ok(())
        })
    })?;
    Ok(())
}

fn granted(guest: &Guest<'_>) -> bool {
    guest.data().shared.with(|server| server.sockets().is_some())
}

fn with<T>(guest: &Guest<'_>, refused: T, work: impl FnOnce(&mut UdpSockets) -> T) -> T {
    guest
        .data()
        .shared
        .with(|server| server.sockets().map_or(refused, |sockets| work(&mut sockets.udp)))
}

fn setting(linker: &mut Link, name: &'static str, setting: fn(i32) -> Setting) -> Linked {
    linker.func_wrap(env::MODULE, name, move |caller: Calling<'_>, id: i32, value: i32| {
        answer(caller, (name, &[id, value]), -1, |guest| {
            Ok(with(guest, -1, |udp| udp.set(id, setting(value))))
        })
    })?;
    Ok(())
}

fn membership(
    linker: &mut Link,
    name: &'static str,
    setting: fn(String, Option<String>) -> Setting,
) -> Linked {
    linker.func_wrap(
        env::MODULE,
        name,
        move |caller: Calling<'_>,
              id: i32,
              group: i32,
              group_len: i32,
              interface: i32,
              interface_len: i32| {
            let arguments = [id, group, group_len, interface, interface_len];
            answer(caller, (name, &arguments), -1, |guest| {
                if !granted(guest) {
                    return Ok(-1);
                }
                let group = js::decode(&read(guest, group, group_len)?);
                let interface = match interface_len {
                    ..=0 => None,
                    len => Some(js::decode(&read(guest, interface, len)?)),
                };
                Ok(with(guest, -1, |udp| udp.set(id, setting(group, interface))))
            })
        },
    )?;
    Ok(())
}

/// The sender's address is written as text ending in a 0 byte, whatever room there is for it.
fn receive(
    guest: &mut Guest<'_>,
    id: i32,
    (out, max): (i32, i32),
    address_out: i32,
    port_out: i32,
) -> Result<i32, Thrown> {
    if !granted(guest) {
        return Ok(-1);
    }
    let Some(datagram) = with(guest, None, |udp| udp.receive(id)) else { return Ok(0) };
    let (taken, answer) = cut(&datagram.data, max);
    write(guest, out, taken)?;
    write(guest, address_out, format!("{}\0", datagram.address()).as_bytes())?;
    write(guest, port_out, &datagram.from.port().to_le_bytes())?;
    Ok(answer)
}

/// As much of the data as fits, and what the import answers; the rest is lost. The server takes the
/// lesser of length and room, and with less room than none it leaves as many bytes off the end.
pub(super) fn cut(data: &[u8], max: i32) -> (&[u8], i32) {
    let length = i32::try_from(data.len()).unwrap_or(i32::MAX);
    let answer = length.min(max);
    let end = if answer < 0 { length.saturating_add(answer) } else { answer };
    let end = usize::try_from(end).unwrap_or(0);
    (data.get(..end).unwrap_or_default(), answer)
}
