//! Real sockets for native tests. They take note of what happened on the network at each call, and a
//! connection is there when the call that begins it returns: a test wants it now.

use std::time::Duration;

use signalk_server_model::sockets::{Setting, Sockets};

use super::super::SenderAddress;
use super::with;

/// The longest wait for a connection; peers are on loopback.
const MOST: Duration = Duration::from_secs(1);

fn sockets<T>(refused: T, work: impl FnOnce(&mut Sockets) -> T) -> T {
    with(|server| match server.sockets() {
        Some(sockets) => {
            sockets.turn();
            work(sockets)
        }
        None => refused,
    })
}

fn length(len: usize) -> i32 {
    i32::try_from(len).unwrap_or(-1)
}

fn copy(out: &mut [u8], data: &[u8]) -> i32 {
    let len = out.len().min(data.len());
    if let (Some(out), Some(data)) = (out.get_mut(..len), data.get(..len)) {
        out.copy_from_slice(data);
    }
    length(len)
}

pub(in crate::boundary::imports) fn udp_create(kind: i32) -> i32 {
    sockets(-1, |sockets| sockets.udp.create(kind == 1))
}

pub(in crate::boundary::imports) fn udp_bind(id: i32, port: u16) -> i32 {
    sockets(-1, |sockets| {
        sockets.udp.bind(id, port.into());
        0
    })
}

/// As on a server: what is asked to be set waits for the bind, and from then on what cannot be is refused.
pub(in crate::boundary::imports) fn udp_is_bound(id: i32) -> bool {
    set(id, Setting::MulticastTtl(256)) < 0
}

pub(in crate::boundary::imports) fn udp_membership(
    id: i32,
    join: bool,
    group: &str,
    interface: &str,
) -> i32 {
    let group = group.to_owned();
    let interface = (!interface.is_empty()).then(|| interface.to_owned());
    set(
        id,
        if join { Setting::Join { group, interface } } else { Setting::Leave { group, interface } },
    )
}

fn set(id: i32, setting: Setting) -> i32 {
    sockets(-1, |sockets| sockets.udp.set(id, setting))
}

pub(in crate::boundary::imports) fn udp_set_multicast_ttl(id: i32, hops: u8) -> i32 {
    set(id, Setting::MulticastTtl(hops.into()))
}

pub(in crate::boundary::imports) fn udp_set_multicast_loopback(id: i32, on: bool) -> i32 {
    set(id, Setting::MulticastLoopback(on))
}

pub(in crate::boundary::imports) fn udp_set_broadcast(id: i32, on: bool) -> i32 {
    set(id, Setting::Broadcast(on))
}

pub(in crate::boundary::imports) fn udp_send(id: i32, host: &str, port: u16, data: &[u8]) -> i32 {
    sockets(-1, |sockets| {
        sockets.udp.send(id, host, port.into(), data.to_vec());
        length(data.len())
    })
}

pub(in crate::boundary::imports) fn udp_recv(
    id: i32,
    out: &mut [u8],
    sender: &mut SenderAddress,
) -> i32 {
    let Some(datagram) = sockets(None, |sockets| sockets.udp.receive(id)) else { return 0 };
    let text = datagram.address() + "\0";
    for (to, from) in sender.text.iter_mut().zip(text.bytes()) {
        *to = from;
    }
    sender.port = datagram.from.port().to_le();
    copy(out, &datagram.data)
}

pub(in crate::boundary::imports) fn udp_pending(id: i32) -> i32 {
    sockets(-1, |sockets| length(sockets.udp.pending(id)))
}

pub(in crate::boundary::imports) fn udp_close(id: i32) {
    sockets((), |sockets| sockets.udp.close(id));
}

pub(in crate::boundary::imports) fn tcp_create() -> i32 {
    sockets(-1, |sockets| sockets.tcp.create())
}

pub(in crate::boundary::imports) fn tcp_connect(id: i32, host: &str, port: u16) -> i32 {
    sockets(-1, |sockets| {
        let has_begun = sockets.tcp.connect(id, host, port.into());
        sockets.tcp.wait(id, MOST);
        has_begun
    })
}

pub(in crate::boundary::imports) fn tcp_connected(id: i32) -> i32 {
    sockets(-1, |sockets| sockets.tcp.connected(id))
}

pub(in crate::boundary::imports) fn tcp_set_line_buffering(id: i32, on: bool) -> i32 {
    sockets(-1, |sockets| sockets.tcp.set_line_mode(id, on))
}

pub(in crate::boundary::imports) fn tcp_send(id: i32, data: &[u8]) -> i32 {
    sockets(-1, |sockets| {
        sockets.tcp.send(id, data);
        length(data.len())
    })
}

pub(in crate::boundary::imports) fn tcp_recv_raw(id: i32, out: &mut [u8]) -> i32 {
    let chunk = sockets(None, |sockets| sockets.tcp.receive_raw(id));
    chunk.map_or(0, |chunk| copy(out, &chunk))
}

pub(in crate::boundary::imports) fn tcp_pending(id: i32) -> i32 {
    sockets(-1, |sockets| length(sockets.tcp.pending(id)))
}

pub(in crate::boundary::imports) fn tcp_close(id: i32) {
    sockets((), |sockets| sockets.tcp.close(id));
}
