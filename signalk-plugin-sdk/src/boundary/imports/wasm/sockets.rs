//! The imports of UDP and TCP sockets.
//!
//! Every `unsafe` block here rests on the same argument: pointer and length describe a live slice;
//! the host reads from shared slices and writes to mutable ones, during the call only, and calls
//! nothing of the plugin. Where it is not told how much room there is, the type of the argument
//! says why it is enough.
//!
//! The host can split what comes by TCP into lines, but drops blank ones and breaks characters of several
//! bytes. So lines are split here, from raw bytes.

use super::super::SenderAddress;
use super::raw;

pub(in crate::boundary::imports) fn udp_create(kind: i32) -> i32 {
    // SAFETY: integers only.
    unsafe { raw::udp_create(kind) }
}

pub(in crate::boundary::imports) fn udp_bind(id: i32, port: u16) -> i32 {
    // SAFETY: integers only.
    unsafe { raw::udp_bind(id, i32::from(port)) }
}

/// The server tells nobody whether a bind has succeeded. But it keeps what it is asked to set until
/// then, and from then on refuses what cannot be: no datagram passes 256 routers.
pub(in crate::boundary::imports) fn udp_is_bound(id: i32) -> bool {
    // SAFETY: integers only.
    unsafe { raw::udp_set_multicast_ttl(id, 256) < 0 }
}

pub(in crate::boundary::imports) fn udp_membership(
    id: i32,
    join: bool,
    group: &str,
    interface: &str,
) -> i32 {
    let call = if join { raw::udp_join_multicast } else { raw::udp_leave_multicast };
    // SAFETY: see above.
    unsafe { call(id, group.as_ptr(), group.len(), interface.as_ptr(), interface.len()) }
}

pub(in crate::boundary::imports) fn udp_set_multicast_ttl(id: i32, hops: u8) -> i32 {
    // SAFETY: integers only.
    unsafe { raw::udp_set_multicast_ttl(id, i32::from(hops)) }
}

pub(in crate::boundary::imports) fn udp_set_multicast_loopback(id: i32, on: bool) -> i32 {
    // SAFETY: integers only.
    unsafe { raw::udp_set_multicast_loopback(id, i32::from(on)) }
}

pub(in crate::boundary::imports) fn udp_set_broadcast(id: i32, on: bool) -> i32 {
    // SAFETY: integers only.
    unsafe { raw::udp_set_broadcast(id, i32::from(on)) }
}

pub(in crate::boundary::imports) fn udp_send(id: i32, host: &str, port: u16, data: &[u8]) -> i32 {
    // SAFETY: see above.
    unsafe { raw::udp_send(id, host.as_ptr(), host.len(), port.into(), data.as_ptr(), data.len()) }
}

pub(in crate::boundary::imports) fn udp_recv(
    id: i32,
    out: &mut [u8],
    sender: &mut SenderAddress,
) -> i32 {
    let text = sender.text.as_mut_ptr();
    // SAFETY: see above. The host writes the address with a NUL after it, at most 46 bytes for
    // IPv6 and up to 16 for the name of an interface, and two bytes for the port.
    unsafe { raw::udp_recv(id, out.as_mut_ptr(), out.len(), text, &raw mut sender.port) }
}

pub(in crate::boundary::imports) fn udp_pending(id: i32) -> i32 {
    // SAFETY: integers only.
    unsafe { raw::udp_pending(id) }
}

pub(in crate::boundary::imports) fn udp_close(id: i32) {
    // SAFETY: integers only.
    unsafe { raw::udp_close(id) }
}

pub(in crate::boundary::imports) fn tcp_create() -> i32 {
    // SAFETY: no arguments.
    unsafe { raw::tcp_create() }
}

pub(in crate::boundary::imports) fn tcp_connect(id: i32, host: &str, port: u16) -> i32 {
    // SAFETY: see above.
    unsafe { raw::tcp_connect(id, host.as_ptr(), host.len(), port.into()) }
}

pub(in crate::boundary::imports) fn tcp_connected(id: i32) -> i32 {
    // SAFETY: integers only.
    unsafe { raw::tcp_connected(id) }
}

pub(in crate::boundary::imports) fn tcp_set_line_buffering(id: i32, on: bool) -> i32 {
    // SAFETY: integers only.
    unsafe { raw::tcp_set_line_buffering(id, i32::from(on)) }
}

pub(in crate::boundary::imports) fn tcp_send(id: i32, data: &[u8]) -> i32 {
    // SAFETY: see above.
    unsafe { raw::tcp_send(id, data.as_ptr(), data.len()) }
}

pub(in crate::boundary::imports) fn tcp_recv_raw(id: i32, out: &mut [u8]) -> i32 {
    // SAFETY: see above.
    unsafe { raw::tcp_recv_raw(id, out.as_mut_ptr(), out.len()) }
}

pub(in crate::boundary::imports) fn tcp_pending(id: i32) -> i32 {
    // SAFETY: integers only.
    unsafe { raw::tcp_pending(id) }
}

pub(in crate::boundary::imports) fn tcp_close(id: i32) {
    // SAFETY: integers only.
    unsafe { raw::tcp_close(id) }
}
