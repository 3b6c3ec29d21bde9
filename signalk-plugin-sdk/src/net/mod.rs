//! UDP and TCP: instruments and gateways on the boat's network.
//!
//! - [`UdpSocket`]: datagrams, broadcast and multicast.
//! - [`TcpStream`]: a connection of bytes.
//! - [`LineClient`]: a connection that keeps itself alive and gives whole lines, for NMEA 0183 over
//!   TCP; [`Lines`] splits any bytes into lines.
//!
//! A plugin that uses them needs `"rawSockets": true` in the `wasmCapabilities` of package.json.
//!
//! # What the server gives
//!
//! Nothing blocks, and nothing wakes a plugin: what has arrived waits in the server until the plugin
//! looks. An `#[every("1s")]` handler does so once a second; a [task](crate::task) with [`UdpSocket::recv`], or with
//! [`next_call`](crate::task::next_call), with every delta of the bus, and so keeps up with more. A queue in the
//! server holds 1,000 entries and drops the oldest beyond that without a word; a full one is [`NetError::Overflow`] here: for a
//! stream that has a hole the end, for a [`UdpSocket`] told when what is left was handed out.
//!
//! The server gives no reasons. A connection that was never made (a wrong name, a refusal, no
//! network) is [`NetError::NotConnected`], one that was made and ended is [`NetError::Closed`]. **What
//! a peer sent just before it closed is lost** unless the plugin had looked already: the server
//! throws it away with the socket. A protocol that ends its answer by closing cannot be used.
//!
//! Nothing tells that a peer has lost its power or its network: the connection seems to be there, what
//! is sent waits in the server's memory, and nothing comes. A protocol in which something comes all the
//! time is to be watched for silence ([`LineClient::read_timeout`]).
//!
//! A UDP port that cannot be had (another program has it and does not share it, or it is one below
//! 1024) is [`NetError::PortTaken`] at the first look after a second, and asked for again; so is a
//! multicast group that cannot be joined, [`NetError::NotJoined`]. A datagram that could not be sent is
//! told nobody.
//!
//! In native tests the sockets are real ones of this machine: a test listens on `127.0.0.1` and is the
//! peer. There [`TcpStream::open`] waits until the connection is there, a second at most, and no
//! UDP port is shared.
//!
//! Every socket closes when it is dropped, and all of a plugin's close when the plugin stops or
//! crashes, also those that were kept in a static.

mod handle;
mod line;
mod tcp;
mod udp;

use std::cell::Cell;
use std::fmt;
use std::net::IpAddr;

use signalk_plugin_contract::{capability, package};

use crate::instance::state;

pub use line::{Line, LineClient, Lines};
pub use tcp::TcpStream;
pub use udp::{Datagram, UdpSocket};

/// How many entries wait in the server before it drops the oldest.
const QUEUE: i32 = signalk_plugin_contract::SOCKET_QUEUE as i32;

/// What Node hands over at once, and more than the largest datagram. A smaller buffer would cut it.
const CHUNK: usize = signalk_plugin_contract::SOCKET_CHUNK;

state! {
    call static BUFFER: Cell<Vec<u8>> = Vec::new();
}

/// Lends the buffer into which the host writes: one for all sockets, for memory of wasm never
/// shrinks. It is out of its cell meanwhile, so that nothing stays borrowed if the call traps.
fn with_buffer<R>(f: impl FnOnce(&mut [u8]) -> R) -> R {
    let mut buffer = BUFFER.take();
    buffer.resize(CHUNK, 0);
    let result = f(&mut buffer);
    BUFFER.set(buffer);
    result
}

/// The name of a peer, without the white space of a form around it. Refuses what the server would take
/// for something else.
fn peer(host: &str, port: u16) -> Result<&str, NetError> {
    let host = host.trim();
    if host.is_empty() || port == 0 { Err(NetError::Refused) } else { Ok(host) }
}

/// The number of entries that wait, from what the server answers for a socket that is open.
fn pending(answer: Option<i32>) -> usize {
    answer.map_or(0, |answer| usize::try_from(answer).unwrap_or(0))
}

/// What went wrong with a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NetError {
    /// package.json does not grant the capability `rawSockets`.
    NotPermitted,
    /// The connection was not made: the name is unknown, the peer refused or did not answer. The
    /// server does not tell which.
    NotConnected,
    /// The connection is still being made.
    Connecting,
    /// The connection was there and has ended, or the plugin was stopped meanwhile.
    Closed,
    /// Nothing came for as long as was allowed, though the connection seems to be there.
    Silent,
    /// Bytes come, but no line of them ends: the port may be that of another protocol.
    NoLines,
    /// A line of more than 65,536 bytes, which is left out.
    LineTooLong,
    /// More had arrived than the server keeps, so the oldest of it is lost.
    Overflow,
    /// The UDP port could not be had. Nothing arrives until it can be, which is tried again after 1 s,
    /// 2 s … 60 s.
    PortTaken(u16),
    /// The multicast group could not be joined, since the interface is not there (yet) for example.
    /// Nothing of it arrives until it can be, which is tried again after 1 s, 2 s … 60 s.
    NotJoined(IpAddr),
    /// A datagram of more than 65,507 bytes, which is more than there can be.
    TooLarge,
    /// The server refused what it was asked, or it is an address that is none: an empty name, which
    /// the server would take for its own machine, or the port 0.
    Refused,
}

impl fmt::Display for NetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PortTaken(port) => {
                return write!(
                    f,
                    "UDP port {port} cannot be had: another program has it, or the system refuses it"
                );
            }
            Self::NotJoined(group) => {
                return write!(
                    f,
                    "the multicast group {group} cannot be joined: its network is not up yet, or this \
                     machine has no interface of that address"
                );
            }
            Self::NotPermitted => {
                return write!(
                    f,
                    "sockets are not allowed: package.json needs \"{}\": true in {}",
                    capability::RAW_SOCKETS.key,
                    package::CAPABILITIES
                );
            }
            Self::NotConnected => {
                "no connection: check that the address is right and the peer is on"
            }
            Self::Connecting => "the connection is not there yet",
            Self::Closed => "the connection has ended",
            Self::Silent => "connected, but nothing comes",
            Self::NoLines => {
                "connected, but what comes has no end of a line: check that this is the right port"
            }
            Self::LineTooLong => {
                "a line of more than 65536 bytes came and is left out: check that this is the right port"
            }
            Self::TooLarge => "a datagram holds at most 65507 bytes",
            Self::Overflow => "more data came than was read in time, and a part of it is lost",
            Self::Refused => "the server refused it: check the address",
        })
    }
}

impl std::error::Error for NetError {}
