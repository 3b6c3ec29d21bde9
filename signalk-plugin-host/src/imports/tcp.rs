//! The functions `sk_tcp_*`.

use wasmi::Caller;

use super::udp::cut;
use super::{Link, Linked, answer};
use crate::guest::{Guest, GuestState, read, write};
use crate::js;
use crate::package::Capability;
use crate::sockets::TcpSockets;

type Calling<'a> = Caller<'a, GuestState>;

pub(super) fn add(linker: &mut Link) -> Linked {
    linker.func_wrap("env", "sk_tcp_create", |caller: Calling<'_>| {
        answer(caller, ("sk_tcp_create", &[]), -1, |guest| Ok(with(guest, -1, TcpSockets::create)))
    })?;
    linker.func_wrap(
        "env",
        "sk_tcp_connect",
        |caller: Calling<'_>, id: i32, host: i32, host_len: i32, port: i32| {
            answer(caller, ("sk_tcp_connect", &[id, host, host_len, port]), -1, |guest| {
                if !granted(guest) {
                    return Ok(-1);
                }
                let host = js::decode(&read(guest, host, host_len)?);
                Ok(with(guest, -1, |tcp| tcp.connect(id, &host, port)))
            })
        },
    )?;
    linker.func_wrap("env", "sk_tcp_connected", |caller: Calling<'_>, id: i32| {
        answer(caller, ("sk_tcp_connected", &[id]), -1, |guest| {
            Ok(with(guest, -1, |tcp| tcp.connected(id)))
        })
    })?;
    linker.func_wrap(
        "env",
        "sk_tcp_set_line_buffering",
        |caller: Calling<'_>, id: i32, on: i32| {
            answer(caller, ("sk_tcp_set_line_buffering", &[id, on]), -1, |guest| {
                Ok(with(guest, -1, |tcp| tcp.set_line_mode(id, on != 0)))
            })
        },
    )?;
    linker.func_wrap(
        "env",
        "sk_tcp_send",
        |caller: Calling<'_>, id: i32, data: i32, data_len: i32| {
            answer(caller, ("sk_tcp_send", &[id, data, data_len]), -1, |guest| {
                if !granted(guest) {
                    return Ok(-1);
                }
                let data = read(guest, data, data_len)?;
                Ok(with(guest, -1, |tcp| {
                    tcp.send(id, &data);
                    data_len
                }))
            })
        },
    )?;
    receiver(linker, "sk_tcp_recv_line", TcpSockets::receive_line)?;
    receiver(linker, "sk_tcp_recv_raw", TcpSockets::receive_raw)?;
    linker.func_wrap("env", "sk_tcp_pending", |caller: Calling<'_>, id: i32| {
        answer(caller, ("sk_tcp_pending", &[id]), -1, |guest| {
            Ok(with(guest, -1, |tcp| i32::try_from(tcp.pending(id)).unwrap_or(i32::MAX)))
        })
    })?;
    linker.func_wrap("env", "sk_tcp_close", |caller: Calling<'_>, id: i32| {
        answer(caller, ("sk_tcp_close", &[id]), (), |guest| {
            with(guest, (), |tcp| tcp.close(id));
            Ok(())
        })
    })?;
    Ok(())
}

fn granted(guest: &Guest<'_>) -> bool {
    guest.data().shared.with(|server| server.has(Capability::RawSockets))
}

fn with<T>(guest: &Guest<'_>, refused: T, work: impl FnOnce(&mut TcpSockets) -> T) -> T {
    guest.data().shared.with(|server| {
        if server.has(Capability::RawSockets) { work(&mut server.sockets.tcp) } else { refused }
    })
}

fn receiver(
    linker: &mut Link,
    name: &'static str,
    take: fn(&mut TcpSockets, i32) -> Option<Vec<u8>>,
) -> Linked {
    linker.func_wrap("env", name, move |caller: Calling<'_>, id: i32, out: i32, max: i32| {
        answer(caller, (name, &[id, out, max]), -1, |guest| {
            if !granted(guest) {
                return Ok(-1);
            }
            let Some(data) = with(guest, None, |tcp| take(tcp, id)) else { return Ok(0) };
            let (taken, answer) = cut(&data, max);
            write(guest, out, taken)?;
            Ok(answer)
        })
    })?;
    Ok(())
}
