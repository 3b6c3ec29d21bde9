//! The functions `sk_tcp_*`.

use signalk_server_model::js;
use signalk_server_model::sockets::TcpSockets;
use wasmi::Caller;

use super::link::{Link, Linked, answer};
use super::udp::cut;
use crate::contract::env;
use crate::guest::{Guest, GuestState, read, write};

type Calling<'a> = Caller<'a, GuestState>;

pub(super) fn add(linker: &mut Link) -> Linked {
    linker.func_wrap(env::MODULE, env::TCP_CREATE.name, |caller: Calling<'_>| {
        answer(caller, (env::TCP_CREATE.name, &[]), -1, |guest| {
            Ok(with(guest, -1, TcpSockets::create))
        })
    })?;
    linker.func_wrap(
        env::MODULE,
        env::TCP_CONNECT.name,
        |caller: Calling<'_>, id: i32, host: i32, host_len: i32, port: i32| {
            answer(caller, (env::TCP_CONNECT.name, &[id, host, host_len, port]), -1, |guest| {
                if !granted(guest) {
                    return Ok(-1);
                }
                let host = js::decode(&read(guest, host, host_len)?);
                Ok(with(guest, -1, |tcp| tcp.connect(id, &host, port)))
            })
        },
    )?;
    linker.func_wrap(env::MODULE, env::TCP_CONNECTED.name, |caller: Calling<'_>, id: i32| {
        answer(caller, (env::TCP_CONNECTED.name, &[id]), -1, |guest| {
            Ok(with(guest, -1, |tcp| tcp.connected(id)))
        })
    })?;
    linker.func_wrap(
        env::MODULE,
        env::TCP_SET_LINE_BUFFERING.name,
        |caller: Calling<'_>, id: i32, on: i32| {
            answer(caller, (env::TCP_SET_LINE_BUFFERING.name, &[id, on]), -1, |guest| {
                Ok(with(guest, -1, |tcp| tcp.set_line_mode(id, on != 0)))
            })
        },
    )?;
    linker.func_wrap(
        env::MODULE,
        env::TCP_SEND.name,
        |caller: Calling<'_>, id: i32, data: i32, data_len: i32| {
            answer(caller, (env::TCP_SEND.name, &[id, data, data_len]), -1, |guest| {
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
    receiver(linker, env::TCP_RECV_LINE.name, TcpSockets::receive_line)?;
    receiver(linker, env::TCP_RECV_RAW.name, TcpSockets::receive_raw)?;
    linker.func_wrap(env::MODULE, env::TCP_PENDING.name, |caller: Calling<'_>, id: i32| {
        answer(caller, (env::TCP_PENDING.name, &[id]), -1, |guest| {
            Ok(with(guest, -1, |tcp| i32::try_from(tcp.pending(id)).unwrap_or(i32::MAX)))
        })
    })?;
    linker.func_wrap(env::MODULE, env::TCP_CLOSE.name, |caller: Calling<'_>, id: i32| {
        answer(caller, (env::TCP_CLOSE.name, &[id]), (), |guest| {
            with(guest, (), |tcp| tcp.close(id));
            Ok(())
        })
    })?;
    Ok(())
}

fn granted(guest: &Guest<'_>) -> bool {
    guest.data().shared.with(|server| server.sockets().is_some())
}

fn with<T>(guest: &Guest<'_>, refused: T, work: impl FnOnce(&mut TcpSockets) -> T) -> T {
    guest
        .data()
        .shared
        .with(|server| server.sockets().map_or(refused, |sockets| work(&mut sockets.tcp)))
}

fn receiver(
    linker: &mut Link,
    name: &'static str,
    take: fn(&mut TcpSockets, i32) -> Option<Vec<u8>>,
) -> Linked {
    linker.func_wrap(
        env::MODULE,
        name,
        move |caller: Calling<'_>, id: i32, out: i32, max: i32| {
            answer(caller, (name, &[id, out, max]), -1, |guest| {
                if !granted(guest) {
                    return Ok(-1);
                }
                let Some(data) = with(guest, None, |tcp| take(tcp, id)) else { return Ok(0) };
                let (taken, answer) = cut(&data, max);
                write(guest, out, taken)?;
                Ok(answer)
            })
        },
    )?;
    Ok(())
}
