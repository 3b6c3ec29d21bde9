//! Datagrams.

use std::cell::RefCell;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use super::handle::{Handle, Kind};
use super::{NetError, QUEUE, peer, pending, with_buffer};
use crate::backoff::wait_after;
use crate::boundary::imports::{self, SenderAddress, socket};
use crate::task::next_call;

/// The most bytes that a datagram carries.
const LARGEST: usize = 65_507;

/// The server's names of the two families.
const IPV4: i32 = 0;
const IPV6: i32 = 1;

/// After so long the server knows whether a port was had.
const MOMENT: Duration = Duration::from_secs(1);

/// So often a group that was joined is asked for again: an interface that goes away takes it along.
const REJOIN: Duration = Duration::from_secs(60);

/// A UDP socket.
///
/// ```
/// use signalk_plugin_sdk::net::UdpSocket;
/// use signalk_plugin_sdk::prelude::*;
///
/// struct Gateway {
///     socket: UdpSocket,
/// }
///
/// #[signalk_plugin(name = "UDP Gateway")]
/// impl Gateway {
///     fn start() -> Result<Self> {
///         Ok(Self { socket: UdpSocket::bind(0)? })
///     }
///
///     #[every("1s")]
///     fn receive(&mut self) -> Result<()> {
///         while let Some(datagram) = self.socket.receive()? {
///             debug!("{} bytes from {}", datagram.data.len(), datagram.host);
///         }
///         Ok(())
///     }
///
///     #[delta("navigation.speedOverGround")] // m/s
///     fn speed(&mut self, speed: f64) -> Result<()> {
///         let line = format!("speed {speed}");
///         Ok(self.socket.send_to(line.as_bytes(), "127.0.0.1", 10110)?)
///     }
/// }
/// # fn main() {}
/// ```
#[derive(Debug)]
pub struct UdpSocket {
    handle: Handle,
    /// Once some were dropped: how many are still to be handed out before that is told.
    overflow: Option<i32>,
    kind: i32,
    port: u16,
    bind: Bind,
    /// What was set while it is not known whether the port could be had.
    settings: RefCell<Vec<Setting>>,
    groups: RefCell<Vec<Membership>>,
}

/// How far the bind is, which the server begins and does not tell of. Times are of the monotonic clock.
#[derive(Debug, Clone, Copy)]
enum Bind {
    /// Asked for at a time, after so many failures in a row.
    Asked {
        at: Duration,
        failures: u32,
    },
    /// Not had, so many times in a row; to be asked for again at a time.
    Refused {
        again: Duration,
        failures: u32,
    },
    Done,
}

/// An option of a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Setting {
    Broadcast(bool),
    MulticastTtl(u8),
    MulticastLoopback(bool),
}

impl Setting {
    fn apply(self, id: i32) -> Result<(), NetError> {
        let answer = match self {
            Self::Broadcast(on) => socket::udp_set_broadcast(id, on),
            Self::MulticastTtl(hops) => socket::udp_set_multicast_ttl(id, hops),
            Self::MulticastLoopback(on) => socket::udp_set_multicast_loopback(id, on),
        };
        accepted(answer)
    }
}

/// A multicast group that is wanted.
#[derive(Debug)]
struct Membership {
    group: IpAddr,
    /// Empty for the system's choice.
    interface: String,
    state: Joined,
    /// When it is to be asked for again, on the monotonic clock.
    again: Duration,
}

/// The progress of a join.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joined {
    /// Asked for before the bind was done, when the server takes anything and tells nothing.
    Asked,
    Yes,
    /// It failed, so many times in a row.
    No(u32),
}

impl Membership {
    fn call(&self, id: i32, join: bool) -> bool {
        socket::udp_membership(id, join, &self.group.to_string(), &self.interface) >= 0
    }

    /// Asks for it, on a socket that is bound.
    fn join(&mut self, id: i32, now: Duration) {
        let failures = match self.state {
            // The server refuses what is joined already, so what it answers tells nothing.
            Joined::Yes => {
                self.call(id, true);
                self.again = now.saturating_add(REJOIN);
                return;
            }
            Joined::No(failures) => failures,
            Joined::Asked => {
                // It can be left only where it was joined; either way it is joined afterwards.
                self.call(id, false);
                0
            }
        };
        if self.call(id, true) {
            self.state = Joined::Yes;
            self.again = now.saturating_add(REJOIN);
        } else {
            let failures = failures.saturating_add(1);
            self.state = Joined::No(failures);
            self.again = now.saturating_add(wait_after(failures));
        }
    }
}

/// A datagram that has arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Datagram {
    /// Its bytes; there are datagrams of none.
    pub data: Vec<u8>,
    /// The sender's address, `192.168.1.20` for example.
    pub host: String,
    /// The sender's port.
    pub port: u16,
}

impl UdpSocket {
    /// A socket for IPv4 on all interfaces. The port 0 takes any free one, for a socket that only
    /// sends or whose peer answers to where it was sent from.
    ///
    /// Several plugins may bind the same port, and each gets broadcasts and multicasts. Whether it
    /// could be had is told by [`Self::receive`].
    ///
    /// # Errors
    /// [`NetError::NotPermitted`] without the capability.
    pub fn bind(port: u16) -> Result<Self, NetError> {
        Self::bind_to(IPV4, port)
    }

    /// As [`Self::bind`], for IPv6.
    ///
    /// # Errors
    /// As [`Self::bind`].
    pub fn bind_v6(port: u16) -> Result<Self, NetError> {
        Self::bind_to(IPV6, port)
    }

    fn bind_to(kind: i32, port: u16) -> Result<Self, NetError> {
        Ok(Self {
            handle: ask_for(kind, port)?,
            overflow: None,
            kind,
            port,
            bind: Bind::Asked { at: imports::monotonic(), failures: 0 },
            settings: RefCell::default(),
            groups: RefCell::default(),
        })
    }

    /// Whether the port was had; asks for it again where it was not.
    fn look_for_bind(&mut self, id: i32) -> Result<(), NetError> {
        let now = imports::monotonic();
        let failures = match self.bind {
            Bind::Done => return Ok(()),
            // A look costs the server a little memory, and a bind takes it a moment.
            Bind::Asked { at, failures } if now.saturating_sub(at) < MOMENT => failures,
            Bind::Asked { failures, .. } => {
                if socket::udp_is_bound(id) {
                    self.bind = Bind::Done;
                    self.settings.take();
                    return Ok(());
                }
                let failures = failures.saturating_add(1);
                let again = now.saturating_add(wait_after(failures));
                self.bind = Bind::Refused { again, failures };
                failures
            }
            Bind::Refused { again, failures } => {
                if now >= again {
                    // Another socket, for a send binds one that is not bound yet to a port of its
                    // own, for good.
                    self.handle = ask_for(self.kind, self.port)?;
                    self.overflow = None;
                    let id = self.id()?;
                    // What the server refuses now, it did not refuse at first.
                    for setting in self.settings.borrow().iter() {
                        let _ = setting.apply(id);
                    }
                    for group in self.groups.borrow_mut().iter_mut() {
                        group.state = Joined::Asked;
                        group.call(id, true);
                    }
                    self.bind = Bind::Asked { at: now, failures };
                }
                failures
            }
        };
        if failures > 0 { Err(NetError::PortTaken(self.port)) } else { Ok(()) }
    }

    /// Tells whether every group was joined; asks again for those that were not.
    fn look_for_groups(&self, id: i32) -> Result<(), NetError> {
        let mut groups = self.groups.borrow_mut();
        if groups.is_empty() {
            return Ok(());
        }
        let now = imports::monotonic();
        for group in groups.iter_mut().filter(|group| now >= group.again) {
            group.join(id, now);
        }
        match groups.iter().find(|group| matches!(group.state, Joined::No(_))) {
            Some(missing) => Err(NetError::NotJoined(missing.group)),
            None => Ok(()),
        }
    }

    fn set(&self, setting: Setting) -> Result<(), NetError> {
        setting.apply(self.id()?)?;
        if !self.is_bound() {
            let mut settings = self.settings.borrow_mut();
            let kind = std::mem::discriminant(&setting);
            settings.retain(|earlier| std::mem::discriminant(earlier) != kind);
            settings.push(setting);
        }
        Ok(())
    }

    fn is_bound(&self) -> bool {
        matches!(self.bind, Bind::Done)
    }

    /// Group and interface, where both are such as this socket can have.
    fn membership(&self, group: &str, interface: Option<&str>) -> Option<(IpAddr, String)> {
        let interface = interface.unwrap_or_default().trim();
        let group: IpAddr = group.trim().parse().ok()?;
        let is_v6 = self.kind == IPV6;
        let is_right = group.is_multicast() && group.is_ipv6() == is_v6;
        let is_there = match interface.split_once('%') {
            None if interface.is_empty() => true,
            None => !is_v6 && interface.parse::<Ipv4Addr>().is_ok(),
            // Without a zone the server would take any interface, and not tell.
            Some((address, zone)) => {
                is_v6 && address.parse::<Ipv6Addr>().is_ok() && !zone.is_empty()
            }
        };
        (is_right && is_there).then(|| (group, interface.to_owned()))
    }

    fn id(&self) -> Result<i32, NetError> {
        self.handle.id().ok_or(NetError::Closed)
    }

    /// Sends a datagram to an address or a name. Whether it arrives, nobody tells, not even where
    /// the name is unknown.
    ///
    /// # Errors
    /// [`NetError::TooLarge`] for more than 65,507 bytes, [`NetError::Refused`] where the name is empty,
    /// the port 0, or the server does not take it, [`NetError::Closed`] after a stop.
    pub fn send_to(&self, data: &[u8], host: &str, port: u16) -> Result<(), NetError> {
        let host = peer(host, port)?;
        if data.len() > LARGEST {
            return Err(NetError::TooLarge);
        }
        accepted(socket::udp_send(self.id()?, host, port, data))
    }

    /// The next datagram that has arrived; `None` where there is none now.
    ///
    /// An error comes when all that has arrived was handed out, so that a loop that ends with the first
    /// error misses nothing.
    ///
    /// # Errors
    /// [`NetError::Overflow`], once, where the server has dropped some of those that came before what
    /// was just handed out. [`NetError::PortTaken`] while the port cannot be had, and
    /// [`NetError::NotJoined`] while a multicast group cannot be joined: what is missing is tried again,
    /// and it is enough to ask again. [`NetError::Closed`] after a stop.
    pub fn receive(&mut self) -> Result<Option<Datagram>, NetError> {
        let id = self.id()?;
        // An empty datagram looks like none; only the count tells them apart.
        let pending = socket::udp_pending(id);
        if pending >= QUEUE && self.overflow.is_none() {
            self.overflow = Some(pending);
        }
        if pending <= 0 || self.overflow == Some(0) {
            if self.overflow.take().is_some() {
                return Err(NetError::Overflow);
            }
            self.look_for_bind(id)?;
            if self.is_bound() {
                self.look_for_groups(id)?;
            }
            return Ok(None);
        }
        if let Some(before) = &mut self.overflow {
            *before -= 1;
        }
        let mut sender = SenderAddress::new();
        let data = with_buffer(|buffer| {
            let len = usize::try_from(socket::udp_recv(id, buffer, &mut sender)).ok()?;
            buffer.get(..len).map(<[u8]>::to_vec)
        });
        let data = data.ok_or(NetError::Refused)?;
        Ok(Some(Datagram { data, host: sender.host().to_owned(), port: sender.port() }))
    }

    /// Waits in a [task](crate::task) for the next datagram. Those that have arrived come without a wait; else the task
    /// looks again with every call of the server, which there is for each delta of the bus, and once a second at
    /// least.
    ///
    /// ```
    /// use signalk_plugin_sdk::net::UdpSocket;
    /// use signalk_plugin_sdk::prelude::*;
    /// use signalk_plugin_sdk::task::{self, Task};
    ///
    /// struct Gateway {
    ///     _task: Task,
    /// }
    ///
    /// #[signalk_plugin(name = "UDP Gateway")]
    /// impl Gateway {
    ///     fn start() -> Result<Self> {
    ///         let socket = UdpSocket::bind(10110)?;
    ///         Ok(Self { _task: task::spawn("listen", listen(socket)) })
    ///     }
    /// }
    ///
    /// async fn listen(mut socket: UdpSocket) -> Result<()> {
    ///     loop {
    ///         match socket.recv().await {
    ///             Ok(datagram) => delta::set("sensors.gateway.bytes", datagram.data.len())?,
    ///             // Told, and tried again: of a port that another program has, for example.
    ///             Err(error) => server::set_status(&error.to_string()),
    ///         }
    ///     }
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// # Errors
    /// As [`Self::receive`], each with the next call of the server, so that a loop which asks again does not hold
    /// it up.
    pub async fn recv(&mut self) -> Result<Datagram, NetError> {
        loop {
            let received = self.receive();
            if let Ok(Some(datagram)) = received {
                return Ok(datagram);
            }
            next_call().await;
            received?;
        }
    }

    /// How many datagrams wait to be received; 0 after a stop. At 1,000 the server has begun to drop the oldest
    /// ([`NetError::Overflow`]).
    #[must_use]
    pub fn pending(&self) -> usize {
        pending(self.handle.id().map(socket::udp_pending))
    }

    /// The port on which it receives, once that is known to be had: about a second after the bind, when
    /// [`Self::receive`] or [`Self::recv`] has looked. `None` before that and after a stop, and for a socket that
    /// was bound to the port 0, for the server does not tell which it took.
    #[must_use]
    pub fn local_port(&self) -> Option<u16> {
        let is_known = self.is_bound() && self.port != 0;
        (is_known && self.handle.id().is_some()).then_some(self.port)
    }

    /// Allows sending to broadcast addresses, `192.168.1.255` for example.
    ///
    /// # Errors
    /// [`NetError::Refused`] where the server cannot, [`NetError::Closed`] after a stop.
    pub fn set_broadcast(&self, on: bool) -> Result<(), NetError> {
        self.set(Setting::Broadcast(on))
    }

    /// Receives what is sent to a multicast group, `239.2.1.1` for example, on the interface that
    /// has the address `interface`, or on the system's choice. With IPv6 the interface is named in a
    /// zone, `::%eth0`; a name that is none is the system's choice, too, for the server tells nothing of
    /// it.
    ///
    /// A group that cannot be joined, since its network is not up yet for example, is told by
    /// [`Self::receive`] and asked for again after 1 s, 2 s … 60 s.
    ///
    /// # Errors
    /// [`NetError::Refused`] where the group is none (224.0.0.0 to 239.255.255.255, ff00:: and up for
    /// IPv6), or the interface cannot be one. [`NetError::Closed`] after a stop.
    pub fn join_multicast(&self, group: &str, interface: Option<&str>) -> Result<(), NetError> {
        let (group, interface) = self.membership(group, interface).ok_or(NetError::Refused)?;
        let id = self.id()?;
        let mut groups = self.groups.borrow_mut();
        if groups.iter().any(|known| known.group == group && known.interface == interface) {
            return Ok(());
        }
        let (state, again) = (Joined::No(0), Duration::ZERO);
        let mut wanted = Membership { group, interface, state, again };
        if self.is_bound() {
            wanted.join(id, imports::monotonic());
        } else {
            wanted.state = Joined::Asked;
            wanted.call(id, true);
        }
        groups.push(wanted);
        Ok(())
    }

    /// Ends [`Self::join_multicast`], whether or not the group could be joined.
    ///
    /// # Errors
    /// [`NetError::Refused`] where this socket was not to join it, [`NetError::Closed`] after a stop.
    pub fn leave_multicast(&self, group: &str, interface: Option<&str>) -> Result<(), NetError> {
        let (group, interface) = self.membership(group, interface).ok_or(NetError::Refused)?;
        let id = self.id()?;
        let mut groups = self.groups.borrow_mut();
        let at = groups
            .iter()
            .position(|known| known.group == group && known.interface == interface)
            .ok_or(NetError::Refused)?;
        let left = groups.swap_remove(at);
        if !matches!(left.state, Joined::No(_)) {
            // What it answers tells nothing new: either way it is left.
            left.call(id, false);
        }
        Ok(())
    }

    /// How many routers a multicast may pass; 1, the local network alone, where it is not set.
    ///
    /// # Errors
    /// As [`Self::set_broadcast`].
    pub fn set_multicast_ttl(&self, hops: u8) -> Result<(), NetError> {
        self.set(Setting::MulticastTtl(hops))
    }

    /// Whether own multicasts come back to this machine; they do where it is not set.
    ///
    /// # Errors
    /// As [`Self::set_broadcast`].
    pub fn set_multicast_loopback(&self, on: bool) -> Result<(), NetError> {
        self.set(Setting::MulticastLoopback(on))
    }
}

/// A socket that is to be bound to a port.
fn ask_for(kind: i32, port: u16) -> Result<Handle, NetError> {
    let id = socket::udp_create(kind);
    if id < 0 {
        return Err(NetError::NotPermitted);
    }
    let handle = Handle::new(Kind::Udp, id);
    // At once: a send before the bind would bind to a port of its own, and options wait for it.
    if socket::udp_bind(id, port) < 0 {
        return Err(NetError::Refused);
    }
    Ok(handle)
}

fn accepted(answer: i32) -> Result<(), NetError> {
    if answer < 0 { Err(NetError::Refused) } else { Ok(()) }
}
