//! Datagrams.

use std::time::Duration;

use super::handle::{Handle, Kind};
use super::{NetError, QUEUE, check, wait_after, with_buffer};
use crate::sys::{self, SenderAddress, socket};

/// The most bytes that a datagram carries.
const LARGEST: usize = 65_507;

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
    /// Whether the overflow that is still in the queue was told already.
    told: bool,
    port: u16,
    bind: Bind,
}

/// How far the bind is, which the server begins and does not tell of.
#[derive(Debug, Clone, Copy)]
enum Bind {
    /// Last asked for at this time on the monotonic clock, after so many failures.
    Asked {
        at: Duration,
        failures: u32,
    },
    Done,
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
        Self::bind_to(0, port)
    }

    /// As [`Self::bind`], for IPv6.
    ///
    /// # Errors
    /// As [`Self::bind`].
    pub fn bind_v6(port: u16) -> Result<Self, NetError> {
        Self::bind_to(1, port)
    }

    fn bind_to(kind: i32, port: u16) -> Result<Self, NetError> {
        let id = socket::udp_create(kind);
        if id < 0 {
            return Err(NetError::NotPermitted);
        }
        let handle = Handle::new(Kind::Udp, id);
        // At once: a send before the bind would bind to a port of its own, and options wait for it.
        if socket::udp_bind(id, port) < 0 {
            return Err(NetError::Refused);
        }
        Ok(Self {
            handle,
            told: false,
            port,
            bind: Bind::Asked { at: sys::monotonic(), failures: 0 },
        })
    }

    /// Whether the port was had; asks for it again where it was not.
    fn look_for_bind(&mut self, id: i32) -> Result<(), NetError> {
        let Bind::Asked { at, failures } = self.bind else {
            return Ok(());
        };
        let now = sys::monotonic();
        // A look costs the server a little memory, and a bind takes it a moment.
        if now.saturating_sub(at) >= wait_after(failures) {
            if socket::udp_is_bound(id) {
                self.bind = Bind::Done;
                return Ok(());
            }
            socket::udp_bind(id, self.port);
            self.bind = Bind::Asked { at: now, failures: failures.saturating_add(1) };
            return Err(NetError::PortTaken(self.port));
        }
        if failures > 0 { Err(NetError::PortTaken(self.port)) } else { Ok(()) }
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
        check(host, port)?;
        if data.len() > LARGEST {
            return Err(NetError::TooLarge);
        }
        accepted(socket::udp_send(self.id()?, host, port, data))
    }

    /// The next datagram that has arrived; `None` where there is none now.
    ///
    /// # Errors
    /// [`NetError::Overflow`] where the server has dropped some; asked again, it gives those that
    /// are left. [`NetError::PortTaken`] while the port cannot be had: nothing arrives, and it is
    /// enough to ask again. [`NetError::Closed`] after a stop.
    pub fn receive(&mut self) -> Result<Option<Datagram>, NetError> {
        let id = self.id()?;
        // An empty datagram looks like none; only the count tells them apart.
        let pending = socket::udp_pending(id);
        if pending <= 0 {
            self.told = false;
            self.look_for_bind(id)?;
            return Ok(None);
        }
        if pending < QUEUE {
            self.told = false;
        } else if !self.told {
            self.told = true;
            return Err(NetError::Overflow);
        }
        let mut sender = SenderAddress::new();
        let data = with_buffer(|buffer| {
            let len = usize::try_from(socket::udp_recv(id, buffer, &mut sender)).ok()?;
            buffer.get(..len).map(<[u8]>::to_vec)
        });
        let data = data.ok_or(NetError::Refused)?;
        Ok(Some(Datagram { data, host: sender.host().to_owned(), port: sender.port() }))
    }

    /// Allows sending to broadcast addresses, `192.168.1.255` for example.
    ///
    /// # Errors
    /// [`NetError::Refused`] where the server cannot, [`NetError::Closed`] after a stop.
    pub fn set_broadcast(&self, on: bool) -> Result<(), NetError> {
        accepted(socket::udp_set_broadcast(self.id()?, on))
    }

    /// Receives what is sent to a multicast group, `239.2.1.1` for example, on the interface that
    /// has the address `interface`, or on the system's choice.
    ///
    /// # Errors
    /// As [`Self::set_broadcast`]. A wrong address given just after the bind is not told.
    pub fn join_multicast(&self, group: &str, interface: Option<&str>) -> Result<(), NetError> {
        accepted(socket::udp_membership(self.id()?, true, group, interface.unwrap_or("")))
    }

    /// Ends [`Self::join_multicast`].
    ///
    /// # Errors
    /// As there.
    pub fn leave_multicast(&self, group: &str, interface: Option<&str>) -> Result<(), NetError> {
        accepted(socket::udp_membership(self.id()?, false, group, interface.unwrap_or("")))
    }

    /// How many routers a multicast may pass; 1, the local network alone, where it is not set.
    ///
    /// # Errors
    /// As [`Self::set_broadcast`].
    pub fn set_multicast_ttl(&self, hops: u8) -> Result<(), NetError> {
        accepted(socket::udp_set_multicast_ttl(self.id()?, hops))
    }

    /// Whether own multicasts come back to this machine; they do where it is not set.
    ///
    /// # Errors
    /// As [`Self::set_broadcast`].
    pub fn set_multicast_loopback(&self, on: bool) -> Result<(), NetError> {
        accepted(socket::udp_set_multicast_loopback(self.id()?, on))
    }
}

fn accepted(answer: i32) -> Result<(), NetError> {
    if answer < 0 { Err(NetError::Refused) } else { Ok(()) }
}
