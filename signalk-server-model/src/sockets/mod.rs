//! The plugin's UDP and TCP sockets, which are real ones. Nothing changes while the plugin runs: like Node's
//! event loop, [`Sockets::turn`] lets the sockets work between two calls into the plugin.

mod queue;
mod tcp;
mod udp;

pub use tcp::TcpSockets;
pub use udp::{Datagram, Setting, UdpSockets};

/// All sockets of a plugin.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Sockets {
    /// Those for UDP.
    pub udp: UdpSockets,
    /// Those for TCP.
    pub tcp: TcpSockets,
}

impl Sockets {
    /// Takes note of what happened on the network.
    pub fn turn(&mut self) {
        self.udp.turn();
        self.tcp.turn();
    }

    /// The number of sockets that are open.
    #[must_use]
    pub fn open(&self) -> usize {
        self.udp.open() + self.tcp.open()
    }
}
