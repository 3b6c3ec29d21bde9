//! The connection to the instruments, UDP or TCP.

use signalk_plugin_sdk::net::{LineClient, UdpSocket};
use signalk_plugin_sdk::prelude::*;

use crate::config::Connection;

/// A gateway that is connected and sends nothing for so long is taken for lost.
const SILENCE: Duration = Duration::from_secs(30);

pub(crate) enum Link {
    Udp {
        socket: UdpSocket,
        /// Address and port to send to.
        to: Option<(String, u16)>,
    },
    Tcp {
        client: LineClient,
        sends: bool,
    },
}

impl Link {
    pub(crate) fn open(connection: &Connection) -> Result<Self> {
        match connection {
            Connection::Udp { receive_port, send_host, send_port } => {
                udp(*receive_port, send_host, *send_port)
            }
            Connection::Tcp { host, port, sends } => {
                let client = LineClient::new(host, *port).read_timeout(SILENCE);
                Ok(Self::Tcp { client, sends: *sends })
            }
        }
    }

    /// Adds the lines that have arrived. Those that came before an error are added, too.
    pub(crate) fn receive(&mut self, lines: &mut Vec<Vec<u8>>) -> Result<()> {
        match self {
            Self::Udp { socket, .. } => {
                while let Some(datagram) = socket.receive()? {
                    // A datagram may hold several, with any end.
                    let parts = datagram.data.split(|byte| matches!(byte, b'\r' | b'\n'));
                    lines.extend(parts.filter(|line| !line.is_empty()).map(<[u8]>::to_vec));
                }
            }
            Self::Tcp { client, .. } => {
                let received = client.receive()?;
                lines.extend(received.iter().map(|line| line.as_bytes().to_vec()));
            }
        }
        Ok(())
    }

    /// Sends a line with its end. The answer is whether there is anybody to send to.
    pub(crate) fn send(&mut self, line: &str) -> Result<bool> {
        match self {
            Self::Udp { socket, to: Some((host, port)) } => {
                socket.send_to([line, "\r\n"].concat().as_bytes(), host, *port)?;
                Ok(true)
            }
            // Until there is a connection, nobody waits for old values.
            Self::Tcp { client, sends: true } if client.is_connected() => {
                client.send(line)?;
                Ok(true)
            }
            Self::Udp { .. } | Self::Tcp { .. } => Ok(false),
        }
    }
}

fn udp(receive_port: u16, send_host: &str, send_port: u16) -> Result<Link> {
    let sends = !send_host.is_empty();
    let has_port = send_port > 0;
    ConfigError::ensure(has_port || !sends, "connection.sendPort", &send_port, "1 to 65535")?;
    // Port 0 is any free one, to send from.
    let socket = UdpSocket::bind(receive_port)?;
    socket.set_broadcast(true)?;
    let to = sends.then(|| (send_host.to_owned(), send_port));
    Ok(Link::Udp { socket, to })
}
