//! Datagrams.

use std::cell::RefCell;
use std::time::Duration;

use super::handle::{Handle, Kind};
use super::{NetError, QUEUE, check, with_buffer};
use crate::retry::wait_after;
use crate::sys::{self, SenderAddress, socket};

/// The most bytes that a datagram carries.
const LARGEST: usize = 65_507;

/// After so long the server knows whether a port was had.
const MOMENT: Duration = Duration::from_secs(1);

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
    kind: i32,
    port: u16,
    bind: Bind,
    /// What was set while it is not known whether the port could be had.
    settings: RefCell<Vec<Setting>>,
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
#[derive(Debug, Clone, PartialEq, Eq)]
enum Setting {
    Broadcast(bool),
    MulticastTtl(u8),
    MulticastLoopback(bool),
    Membership { join: bool, group: String, interface: String },
}

impl Setting {
    fn apply(&self, id: i32) -> Result<(), NetError> {
        let answer = match self {
            Self::Broadcast(on) => socket::udp_set_broadcast(id, *on),
            Self::MulticastTtl(hops) => socket::udp_set_multicast_ttl(id, *hops),
            Self::MulticastLoopback(on) => socket::udp_set_multicast_loopback(id, *on),
            Self::Membership { join, group, interface } => {
                socket::udp_membership(id, *join, group, interface)
            }
        };
        accepted(answer)
    }

    /// Whether nothing of it is left when the other one was set after it.
    fn ends_with(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Membership { group, interface, .. },
                Self::Membership { group: later, interface: there, .. },
            ) => group == later && interface == there,
            (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
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
        Ok(Self {
            handle: ask_for(kind, port)?,
            told: false,
            kind,
            port,
            bind: Bind::Asked { at: sys::monotonic(), failures: 0 },
            settings: RefCell::default(),
        })
    }

    /// Whether the port was had; asks for it again where it was not.
    fn look_for_bind(&mut self, id: i32) -> Result<(), NetError> {
        let now = sys::monotonic();
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
                    let id = self.id()?;
                    // What the server refuses now, it did not refuse at first.
                    for setting in self.settings.borrow().iter() {
                        let _ = setting.apply(id);
                    }
                    self.bind = Bind::Asked { at: now, failures };
                }
                failures
            }
        };
        if failures > 0 { Err(NetError::PortTaken(self.port)) } else { Ok(()) }
    }

    fn set(&self, setting: Setting) -> Result<(), NetError> {
        setting.apply(self.id()?)?;
        if !matches!(self.bind, Bind::Done) {
            let mut settings = self.settings.borrow_mut();
            settings.retain(|earlier| !earlier.ends_with(&setting));
            settings.push(setting);
        }
        Ok(())
    }

    fn set_membership(
        &self,
        join: bool,
        group: &str,
        interface: Option<&str>,
    ) -> Result<(), NetError> {
        let interface = interface.unwrap_or_default().to_owned();
        self.set(Setting::Membership { join, group: group.to_owned(), interface })
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
        self.set(Setting::Broadcast(on))
    }

    /// Receives what is sent to a multicast group, `239.2.1.1` for example, on the interface that
    /// has the address `interface`, or on the system's choice.
    ///
    /// # Errors
    /// As [`Self::set_broadcast`]. A wrong address given just after the bind is not told.
    pub fn join_multicast(&self, group: &str, interface: Option<&str>) -> Result<(), NetError> {
        self.set_membership(true, group, interface)
    }

    /// Ends [`Self::join_multicast`].
    ///
    /// # Errors
    /// As there.
    pub fn leave_multicast(&self, group: &str, interface: Option<&str>) -> Result<(), NetError> {
        self.set_membership(false, group, interface)
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
