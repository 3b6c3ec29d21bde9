//! UDP as the server's socket manager does it.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs, UdpSocket};
use std::sync::Arc;
use std::thread;

use socket2::{Domain, Protocol, SockRef, Socket, Type};

use super::queue::enqueue;

/// The sockets for UDP, by the numbers that the plugin has for them.
#[derive(Debug, Default)]
pub struct UdpSockets {
    last_id: i32,
    open: BTreeMap<i32, Udp>,
    refuses_groups: bool,
}

/// An option that waits for the bind where it comes before it.
#[derive(Debug, Clone)]
pub enum Setting {
    /// Tells if broadcasts may be sent.
    Broadcast(bool),
    /// The number of routers that a datagram to a group may pass.
    MulticastTtl(i32),
    /// Tells if the own machine gets datagrams to a group.
    MulticastLoopback(bool),
    /// Joins a group.
    Join {
        /// The address of the group.
        group: String,
        /// The address of the interface.
        interface: Option<String>,
    },
    /// Leaves a group.
    Leave {
        /// The address of the group.
        group: String,
        /// The address of the interface.
        interface: Option<String>,
    },
}

/// A datagram that has arrived.
#[derive(Debug)]
pub struct Datagram {
    /// The bytes.
    pub data: Vec<u8>,
    /// The sender.
    pub from: SocketAddr,
}

impl Datagram {
    /// The sender's address as the server writes it, with the zone of an IPv6 one.
    #[must_use]
    pub fn address(&self) -> String {
        match self.from {
            SocketAddr::V6(v6) if v6.scope_id() != 0 => format!("{}%{}", v6.ip(), v6.scope_id()),
            address => address.ip().to_string(),
        }
    }
}

#[derive(Debug)]
struct Udp {
    v6: bool,
    /// There once the socket is bound, by the plugin or by its first send.
    socket: Option<Arc<UdpSocket>>,
    stage: Stage,
    waiting: Vec<Setting>,
    received: VecDeque<Datagram>,
}

/// How far a bind by the plugin is. A socket that is bound by its first send stays at `Unbound`, and
/// its options wait for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Unbound,
    Binding,
    Bound,
}

impl UdpSockets {
    /// Creates a socket.
    pub fn create(&mut self, v6: bool) -> i32 {
        self.last_id += 1;
        let udp = Udp {
            v6,
            socket: None,
            stage: Stage::Unbound,
            waiting: Vec::new(),
            received: VecDeque::new(),
        };
        self.open.insert(self.last_id, udp);
        self.last_id
    }

    /// Binds to a port. Failures are not told: the server has answered by the time they happen.
    pub fn bind(&mut self, id: i32, port: i32) {
        let Some(udp) = self.open.get_mut(&id) else { return };
        // Nobody looks at the number before it is cut to what a port can be.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "see above")]
        let port = port as u16;
        if udp.socket.is_none() && udp.open(port).is_ok() {
            udp.stage = Stage::Binding;
        }
    }

    /// Sets an option, once the socket is bound: 0, or -1 where that cannot be.
    pub fn set(&mut self, id: i32, setting: Setting) -> i32 {
        if self.refuses_groups && matches!(setting, Setting::Join { .. }) {
            return -1;
        }
        match self.open.get_mut(&id) {
            None => -1,
            Some(udp) if udp.stage != Stage::Bound => {
                udp.waiting.push(setting);
                0
            }
            Some(udp) => udp.apply(&setting).map_or(-1, |()| 0),
        }
    }

    /// Sends a datagram. Failures are not told either.
    pub fn send(&mut self, id: i32, host: &str, port: i32, data: Vec<u8>) {
        let (Some(udp), Ok(port)) = (self.open.get_mut(&id), u16::try_from(port)) else { return };
        if udp.socket.is_none() && udp.open(0).is_err() {
            return;
        }
        let Some(socket) = udp.socket.clone() else { return };
        let host = match (host, udp.v6) {
            ("", false) => "127.0.0.1",
            ("", true) => "::1",
            (host, _) => host,
        };
        if let Ok(address) = host.parse::<IpAddr>() {
            let _ = socket.send_to(&data, (address, port));
            return;
        }
        // A name may take long to look up.
        let (host, v6) = (host.to_owned(), udp.v6);
        // Without a thread the datagram is lost, as UDP may do.
        let _ = thread::Builder::new().spawn(move || {
            let addresses = (host, port).to_socket_addrs().into_iter().flatten();
            if let Some(address) = addresses.into_iter().find(|address| address.is_ipv6() == v6) {
                let _ = socket.send_to(&data, address);
            }
        });
    }

    /// The next datagram.
    pub fn receive(&mut self, id: i32) -> Option<Datagram> {
        self.open.get_mut(&id)?.received.pop_front()
    }

    /// The number of datagrams that wait.
    #[must_use]
    pub fn pending(&self, id: i32) -> usize {
        self.open.get(&id).map_or(0, |udp| udp.received.len())
    }

    /// Closes a socket.
    pub fn close(&mut self, id: i32) {
        self.open.remove(&id);
    }

    /// Lets no group be joined, as before the network is up, or any again.
    pub fn refuse_groups(&mut self, refuse: bool) {
        self.refuses_groups = refuse;
    }

    /// The number of sockets that are open.
    pub(super) fn open(&self) -> usize {
        self.open.len()
    }

    /// Closes all.
    pub fn close_all(&mut self) {
        self.open.clear();
    }

    pub(super) fn turn(&mut self) {
        self.open.values_mut().for_each(Udp::turn);
    }
}

impl Udp {
    fn open(&mut self, port: u16) -> io::Result<()> {
        let (domain, address): (_, SocketAddr) = if self.v6 {
            (Domain::IPV6, (Ipv6Addr::UNSPECIFIED, port).into())
        } else {
            (Domain::IPV4, (Ipv4Addr::UNSPECIFIED, port).into())
        };
        let socket = Socket::new(domain, Type::DGRAM, Some(Protocol::UDP))?;
        socket.set_reuse_address(true)?;
        if self.v6 {
            socket.set_only_v6(false)?;
        }
        socket.set_nonblocking(true)?;
        socket.bind(&address.into())?;
        self.socket = Some(Arc::new(socket.into()));
        Ok(())
    }

    fn turn(&mut self) {
        if self.stage == Stage::Binding {
            self.stage = Stage::Bound;
            for setting in std::mem::take(&mut self.waiting) {
                let _ = self.apply(&setting);
            }
        }
        let Some(socket) = &self.socket else { return };
        let mut buffer = vec![0; 65_536];
        // A bound on the turn, in case datagrams come faster than they are read.
        for _ in 0..100_000 {
            match socket.recv_from(&mut buffer) {
                Ok((length, from)) => {
                    let data = buffer.get(..length).unwrap_or_default().to_vec();
                    enqueue(&mut self.received, Datagram { data, from });
                }
                // Says that an earlier datagram was not wanted there.
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
                Err(_) => return,
            }
        }
    }

    fn apply(&self, setting: &Setting) -> io::Result<()> {
        let Some(socket) = &self.socket else { return Err(io::ErrorKind::NotConnected.into()) };
        let options = SockRef::from(&**socket);
        match setting {
            Setting::Broadcast(on) => options.set_broadcast(*on),
            Setting::MulticastLoopback(on) if self.v6 => options.set_multicast_loop_v6(*on),
            Setting::MulticastLoopback(on) => options.set_multicast_loop_v4(*on),
            Setting::MulticastTtl(ttl) => {
                let ttl = u8::try_from(*ttl).map_err(invalid)?;
                if self.v6 {
                    options.set_multicast_hops_v6(ttl.into())
                } else {
                    options.set_multicast_ttl_v4(ttl.into())
                }
            }
            Setting::Join { group, interface } => {
                self.membership(&options, group, interface.as_deref(), true)
            }
            Setting::Leave { group, interface } => {
                self.membership(&options, group, interface.as_deref(), false)
            }
        }
    }

    fn membership(
        &self,
        options: &SockRef<'_>,
        group: &str,
        interface: Option<&str>,
        join: bool,
    ) -> io::Result<()> {
        match group.parse().map_err(invalid)? {
            // A socket of IPv6 takes them, too.
            IpAddr::V4(group) => {
                let interface =
                    interface.map_or(Ok(Ipv4Addr::UNSPECIFIED), str::parse).map_err(invalid)?;
                if join {
                    options.join_multicast_v4(&group, &interface)
                } else {
                    options.leave_multicast_v4(&group, &interface)
                }
            }
            IpAddr::V6(group) => {
                let index = interface.map_or(Ok(0), index)?;
                if join {
                    options.join_multicast_v6(&group, index)
                } else {
                    options.leave_multicast_v6(&group, index)
                }
            }
        }
    }
}

/// The interface in the zone of an address, such as `::%eth0`, as Node reads it: 0, which is any, where
/// there is no zone or no interface of that name.
fn index(interface: &str) -> io::Result<u32> {
    let (address, zone) = interface.split_once('%').unwrap_or((interface, ""));
    address.parse::<Ipv6Addr>().map_err(invalid)?;
    if cfg!(windows) {
        return Ok(zone.parse().unwrap_or_default());
    }
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
    if matches!(zone, "" | "." | "..") || !zone.bytes().all(is_name) {
        return Ok(0);
    }
    // Linux's; elsewhere it is any interface.
    let index = std::fs::read_to_string(format!("/sys/class/net/{zone}/ifindex"));
    Ok(index.ok().and_then(|index| index.trim().parse().ok()).unwrap_or_default())
}

fn invalid(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Node's answers on Linux, asked in this order on one socket.
    #[test]
    fn groups_are_joined_and_left_where_node_does() {
        let join = |group: &str, interface: Option<&str>| Setting::Join {
            group: group.to_owned(),
            interface: interface.map(str::to_owned),
        };
        let leave = |group: &str| Setting::Leave { group: group.to_owned(), interface: None };
        for (v6, settings) in [
            (
                false,
                vec![
                    (leave("239.2.1.1"), -1),
                    (join("239.2.1.1", None), 0),
                    (join("239.2.1.1", None), -1),
                    (leave("239.2.1.1"), 0),
                    (leave("239.2.1.1"), -1),
                    (join("239.2.1.1", Some("127.0.0.1")), 0),
                    (join("239.2.1.2", Some("198.51.100.7")), -1),
                    (join("239.2.1.2", Some("nonsense")), -1),
                    (join("nonsense", None), -1),
                    (join("10.0.0.1", None), -1),
                    (join("ff02::1234", None), -1),
                ],
            ),
            (
                true,
                vec![
                    (join("ff02::1234", None), 0),
                    (leave("ff02::1234"), 0),
                    (leave("ff02::1234"), -1),
                    (join("ff02::1234", Some("::%lo")), 0),
                    (join("ff02::1235", Some("::%nope")), 0),
                    (join("ff02::1236", Some("::1")), 0),
                    (join("ff02::1237", Some("eth0")), -1),
                    (join("239.2.1.1", None), 0),
                ],
            ),
        ] {
            let mut sockets = UdpSockets::default();
            let id = sockets.create(v6);
            sockets.bind(id, 0);
            sockets.turn();
            for (setting, expected) in settings {
                assert_eq!(sockets.set(id, setting.clone()), expected, "{v6} {setting:?}");
            }
        }
    }
}
