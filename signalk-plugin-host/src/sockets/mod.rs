//! The plugin's UDP and TCP sockets. Nothing changes while the plugin runs: like Node's event loop,
//! [`Sockets::turn`] lets the sockets work between two calls into the plugin.

mod queue;
mod tcp;
mod udp;

pub(crate) use tcp::TcpSockets;
pub(crate) use udp::{Setting, UdpSockets};

#[derive(Debug, Default)]
pub(crate) struct Sockets {
    pub(crate) udp: UdpSockets,
    pub(crate) tcp: TcpSockets,
}

impl Sockets {
    pub(crate) fn turn(&mut self) {
        self.udp.turn();
        self.tcp.turn();
    }
}
