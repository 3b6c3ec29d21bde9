//! Real sockets for native tests, answering as the server's do: nothing blocks, a queue holds 1,000
//! entries and drops the oldest, and what was not read when a peer closes is lost.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream, ToSocketAddrs, UdpSocket};
use std::time::Duration;

use signalk_plugin_contract::{SOCKET_CHUNK, SOCKET_QUEUE, capability};

use super::super::SenderAddress;
use super::recorder::grants;

struct Udp {
    v6: bool,
    socket: Option<UdpSocket>,
    /// Whether it is the port that was asked for, and not that of a first send.
    is_bound: bool,
    received: VecDeque<(Vec<u8>, IpAddr, u16)>,
}

struct Tcp {
    stream: Option<TcpStream>,
    lines: bool,
    received: VecDeque<Vec<u8>>,
}

#[derive(Default)]
pub(crate) struct Sockets {
    last: i32,
    udp: BTreeMap<i32, Udp>,
    tcp: BTreeMap<i32, Tcp>,
    /// Tells whether no multicast group can be joined.
    no_groups: bool,
    /// Addresses of names, before the system is asked.
    names: BTreeMap<String, IpAddr>,
}

thread_local!(static SOCKETS: RefCell<Sockets> = RefCell::new(Sockets::default()));

/// Tells whether no multicast group can be joined, as before the network is up.
pub(crate) fn refuse_multicast(refuse: bool) {
    with(|sockets| sockets.no_groups = refuse);
}

/// Has a name stand for an address.
pub(crate) fn resolve(name: &str, address: IpAddr) {
    with(|sockets| sockets.names.insert(name.to_ascii_lowercase(), address));
}

/// Closes all, as the end of a server would.
pub(crate) fn reset() {
    SOCKETS.with_borrow_mut(|sockets| *sockets = Sockets::default());
}

/// How many sockets are open.
pub(crate) fn open() -> usize {
    SOCKETS.with_borrow(|sockets| sockets.udp.len() + sockets.tcp.len())
}

/// Takes over what has arrived at all of them.
pub(crate) fn fill() {
    SOCKETS.with_borrow_mut(|sockets| {
        for id in 1..=sockets.last {
            sockets.fill_udp(id);
            sockets.fill_tcp(id);
        }
    });
}

fn push<T>(queue: &mut VecDeque<T>, entry: T) {
    if queue.len() >= SOCKET_QUEUE {
        queue.pop_front();
    }
    queue.push_back(entry);
}

fn done<E>(outcome: Result<(), E>) -> i32 {
    if outcome.is_ok() { 0 } else { -1 }
}

fn length(len: usize) -> i32 {
    i32::try_from(len).unwrap_or(-1)
}

impl Sockets {
    fn id(&mut self) -> i32 {
        self.last += 1;
        self.last
    }

    fn bound(&mut self, id: i32, port: u16) -> Option<&mut Udp> {
        let udp = self.udp.get_mut(&id)?;
        if udp.socket.is_none() {
            let any = if udp.v6 { "::" } else { "0.0.0.0" };
            let socket = UdpSocket::bind((any, port)).ok()?;
            socket.set_nonblocking(true).ok()?;
            udp.socket = Some(socket);
        }
        Some(udp)
    }

    fn fill_udp(&mut self, id: i32) -> Option<&mut Udp> {
        let udp = self.udp.get_mut(&id)?;
        let mut data = vec![0; SOCKET_CHUNK];
        while let Some(Ok((len, from))) =
            udp.socket.as_ref().map(|socket| socket.recv_from(&mut data))
        {
            let datagram = data.get(..len).unwrap_or_default().to_vec();
            push(&mut udp.received, (datagram, from.ip(), from.port()));
        }
        Some(udp)
    }

    /// Takes in what has come. A peer that has closed takes what nobody has read with it.
    fn fill_tcp(&mut self, id: i32) -> Option<&mut Tcp> {
        let tcp = self.tcp.get_mut(&id)?;
        let mut data = vec![0; SOCKET_CHUNK];
        let mut is_closed = false;
        while let Some(stream) = &mut tcp.stream {
            match stream.read(&mut data) {
                Ok(1..) if tcp.lines => {}
                Ok(0) => is_closed = true,
                Ok(len) => push(&mut tcp.received, data.get(..len).unwrap_or_default().to_vec()),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(_) => is_closed = true,
            }
            if is_closed {
                self.tcp.remove(&id);
                return None;
            }
        }
        self.tcp.get_mut(&id)
    }
}

fn with<R>(f: impl FnOnce(&mut Sockets) -> R) -> R {
    SOCKETS.with_borrow_mut(f)
}

fn permitted() -> bool {
    grants(capability::RAW_SOCKETS.key)
}

pub(in crate::boundary::imports) fn udp_create(kind: i32) -> i32 {
    if !permitted() {
        return -1;
    }
    with(|sockets| {
        let id = sockets.id();
        let udp = Udp { v6: kind == 1, socket: None, is_bound: false, received: VecDeque::new() };
        sockets.udp.insert(id, udp);
        id
    })
}

/// A bind that fails is not told, as on the server.
pub(in crate::boundary::imports) fn udp_bind(id: i32, port: u16) -> i32 {
    with(|sockets| {
        // One that a first send has bound to a port of its own stays there.
        let is_free = sockets.udp.get(&id).is_some_and(|udp| udp.socket.is_none());
        if is_free && let Some(udp) = sockets.bound(id, port) {
            udp.is_bound = true;
        }
    });
    0
}

pub(in crate::boundary::imports) fn udp_is_bound(id: i32) -> bool {
    with(|sockets| sockets.udp.get(&id).is_some_and(|udp| udp.is_bound))
}

pub(in crate::boundary::imports) fn udp_membership(
    id: i32,
    join: bool,
    group: &str,
    interface: &str,
) -> i32 {
    if join && with(|sockets| sockets.no_groups) {
        return -1;
    }
    option(id, |socket| match group.parse().map_err(std::io::Error::other)? {
        IpAddr::V4(group) => {
            let interface = match interface {
                "" => Ipv4Addr::UNSPECIFIED,
                text => text.parse().map_err(std::io::Error::other)?,
            };
            match join {
                true => socket.join_multicast_v4(&group, &interface),
                false => socket.leave_multicast_v4(&group, &interface),
            }
        }
        IpAddr::V6(group) => {
            let index = interface.split_once('%').map_or(0, |(_, zone)| index(zone));
            match join {
                true => socket.join_multicast_v6(&group, index),
                false => socket.leave_multicast_v6(&group, index),
            }
        }
    })
}

/// The number of an interface by its name, 0 (any) where there is none, as Node has it.
fn index(zone: &str) -> u32 {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_:".contains(&byte);
    if !zone.bytes().all(is_name) {
        return 0;
    }
    let index = std::fs::read_to_string(["/sys/class/net/", zone, "/ifindex"].concat());
    index.ok().and_then(|index| index.trim().parse().ok()).unwrap_or_default()
}

/// One that comes before the bind is taken, as on the server, and forgotten: only a bind that has
/// failed is one that is not done yet.
fn option(id: i32, set: impl FnOnce(&UdpSocket) -> std::io::Result<()>) -> i32 {
    with(|sockets| match sockets.udp.get(&id) {
        Some(Udp { socket: Some(socket), .. }) => done(set(socket)),
        Some(_) => 0,
        None => -1,
    })
}

pub(in crate::boundary::imports) fn udp_set_multicast_ttl(id: i32, hops: u8) -> i32 {
    option(id, |socket| socket.set_multicast_ttl_v4(hops.into()))
}

pub(in crate::boundary::imports) fn udp_set_multicast_loopback(id: i32, on: bool) -> i32 {
    option(id, |socket| socket.set_multicast_loop_v4(on))
}

pub(in crate::boundary::imports) fn udp_set_broadcast(id: i32, on: bool) -> i32 {
    option(id, |socket| socket.set_broadcast(on))
}

/// Success whatever becomes of it, as on the server.
pub(in crate::boundary::imports) fn udp_send(id: i32, host: &str, port: u16, data: &[u8]) -> i32 {
    with(|sockets| {
        let socket = sockets.bound(id, 0).and_then(|udp| udp.socket.as_ref());
        if let Some(socket) = socket {
            drop(socket.send_to(data, (host, port)));
        }
    });
    length(data.len())
}

pub(in crate::boundary::imports) fn udp_recv(
    id: i32,
    out: &mut [u8],
    sender: &mut SenderAddress,
) -> i32 {
    let datagram = with(|sockets| sockets.fill_udp(id).and_then(|udp| udp.received.pop_front()));
    let Some((data, address, port)) = datagram else {
        return 0;
    };
    let text = address.to_string() + "\0";
    for (to, from) in sender.text.iter_mut().zip(text.bytes()) {
        *to = from;
    }
    sender.port = port.to_le();
    copy(out, &data)
}

fn copy(out: &mut [u8], data: &[u8]) -> i32 {
    let len = out.len().min(data.len());
    if let (Some(out), Some(data)) = (out.get_mut(..len), data.get(..len)) {
        out.copy_from_slice(data);
    }
    length(len)
}

pub(in crate::boundary::imports) fn udp_pending(id: i32) -> i32 {
    with(|sockets| length(sockets.fill_udp(id).map_or(0, |udp| udp.received.len())))
}

pub(in crate::boundary::imports) fn udp_close(id: i32) {
    with(|sockets| drop(sockets.udp.remove(&id)));
}

pub(in crate::boundary::imports) fn tcp_create() -> i32 {
    if !permitted() {
        return -1;
    }
    with(|sockets| {
        let id = sockets.id();
        let tcp = Tcp { stream: None, lines: true, received: VecDeque::new() };
        sockets.tcp.insert(id, tcp);
        id
    })
}

/// Waits, where the server goes on: a test wants the connection now. It is for peers on loopback,
/// and gives up after a second.
pub(in crate::boundary::imports) fn tcp_connect(id: i32, host: &str, port: u16) -> i32 {
    let known = with(|sockets| sockets.names.get(&host.to_ascii_lowercase()).copied());
    let address = match known {
        Some(address) => Some(SocketAddr::from((address, port))),
        None => (host, port).to_socket_addrs().ok().and_then(|mut all| all.next()),
    };
    let stream = address
        .and_then(|address| TcpStream::connect_timeout(&address, Duration::from_secs(1)).ok())
        .filter(|stream| stream.set_nonblocking(true).is_ok());
    with(|sockets| match (sockets.tcp.get_mut(&id), stream) {
        (None, _) => -1,
        (Some(tcp), Some(stream)) => {
            tcp.stream = Some(stream);
            0
        }
        // The socket closes itself, after the call.
        (Some(_), None) => {
            sockets.tcp.remove(&id);
            0
        }
    })
}

pub(in crate::boundary::imports) fn tcp_connected(id: i32) -> i32 {
    with(|sockets| match sockets.fill_tcp(id) {
        None => -1,
        Some(tcp) => i32::from(tcp.stream.is_some()),
    })
}

pub(in crate::boundary::imports) fn tcp_set_line_buffering(id: i32, on: bool) -> i32 {
    with(|sockets| match sockets.tcp.get_mut(&id) {
        None => -1,
        Some(tcp) => {
            tcp.lines = on;
            0
        }
    })
}

/// Success whatever becomes of it, as on the server.
pub(in crate::boundary::imports) fn tcp_send(id: i32, data: &[u8]) -> i32 {
    with(|sockets| {
        if let Some(stream) = sockets.tcp.get_mut(&id).and_then(|tcp| tcp.stream.as_mut()) {
            drop(stream.write_all(data));
        }
    });
    length(data.len())
}

pub(in crate::boundary::imports) fn tcp_recv_raw(id: i32, out: &mut [u8]) -> i32 {
    let chunk = with(|sockets| sockets.fill_tcp(id).and_then(|tcp| tcp.received.pop_front()));
    chunk.map_or(0, |chunk| copy(out, &chunk))
}

pub(in crate::boundary::imports) fn tcp_pending(id: i32) -> i32 {
    with(|sockets| length(sockets.fill_tcp(id).map_or(0, |tcp| tcp.received.len())))
}

pub(in crate::boundary::imports) fn tcp_close(id: i32) {
    with(|sockets| drop(sockets.tcp.remove(&id)));
}
