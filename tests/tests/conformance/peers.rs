//! What the plugin talks to over the network, and where the deltas of others come from.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(10);

/// Ports are masked, but the lengths of texts with ports in them are not: all have five digits.
const LEAST_PORT: u16 = 10_000;

/// One socket of each kind, on loopback ports.
pub(crate) struct Peers {
    udp: UdpSocket,
    tcp: TcpListener,
    connection: Option<TcpStream>,
    /// For the plugin's own bind.
    pub(crate) free_udp_port: u16,
    /// Where nobody listens.
    pub(crate) free_tcp_port: u16,
}

/// What a peer is told.
#[derive(Debug, Clone)]
pub(crate) enum PeerEvent {
    /// Wait for a datagram.
    UdpReceive,
    /// Send a datagram to the port that the plugin has bound.
    UdpSend(Vec<u8>),
    /// Wait for a connection.
    TcpAccept,
    /// Wait for so many bytes.
    TcpReceive(usize),
    /// Send.
    TcpSend(Vec<u8>),
    /// End the connection.
    TcpClose,
}

impl Peers {
    pub(crate) fn new() -> Self {
        let udp = with_long_port(
            || UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap(),
            |it| it.local_addr().unwrap().port(),
        );
        udp.set_read_timeout(Some(PATIENCE)).unwrap();
        let tcp = listen();
        tcp.set_nonblocking(true).unwrap();
        let free = with_long_port(
            || UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap(),
            |it| it.local_addr().unwrap().port(),
        );
        Self {
            udp,
            tcp,
            connection: None,
            free_udp_port: free.local_addr().unwrap().port(),
            free_tcp_port: listen().local_addr().unwrap().port(),
        }
    }

    pub(crate) fn udp_port(&self) -> u16 {
        self.udp.local_addr().unwrap().port()
    }

    pub(crate) fn tcp_port(&self) -> u16 {
        self.tcp.local_addr().unwrap().port()
    }

    /// Every port that may show up in a transcript.
    pub(crate) fn ports(&self) -> [u16; 4] {
        [self.udp_port(), self.tcp_port(), self.free_udp_port, self.free_tcp_port]
    }

    /// Does as told, and says what was seen.
    pub(crate) fn act(&mut self, event: &PeerEvent) -> String {
        match event {
            PeerEvent::UdpReceive => {
                let mut buffer = [0; 2048];
                let (length, _) = self.udp.recv_from(&mut buffer).expect("no datagram came");
                format!("received {:?}", String::from_utf8_lossy(&buffer[..length]))
            }
            PeerEvent::UdpSend(data) => {
                self.udp.send_to(data, (Ipv4Addr::LOCALHOST, self.free_udp_port)).unwrap();
                "sent".to_owned()
            }
            PeerEvent::TcpAccept => {
                let deadline = Instant::now() + PATIENCE;
                let connection = loop {
                    match self.tcp.accept() {
                        Ok((connection, _)) => break connection,
                        Err(error) if Instant::now() > deadline => panic!("no connection: {error}"),
                        Err(_) => std::thread::sleep(Duration::from_millis(5)),
                    }
                };
                connection.set_nonblocking(false).unwrap();
                connection.set_nodelay(true).unwrap();
                connection.set_read_timeout(Some(PATIENCE)).unwrap();
                self.connection = Some(connection);
                "accepted".to_owned()
            }
            PeerEvent::TcpReceive(length) => {
                let mut buffer = vec![0; *length];
                self.connection().read_exact(&mut buffer).expect("no bytes came");
                format!("received {:?}", String::from_utf8_lossy(&buffer))
            }
            PeerEvent::TcpSend(data) => {
                self.connection().write_all(data).unwrap();
                "sent".to_owned()
            }
            PeerEvent::TcpClose => {
                self.connection = None;
                "closed".to_owned()
            }
        }
    }

    fn connection(&mut self) -> &mut TcpStream {
        self.connection.as_mut().expect("there is no connection")
    }
}

fn listen() -> TcpListener {
    with_long_port(
        || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap(),
        |it| it.local_addr().unwrap().port(),
    )
}

fn with_long_port<T>(make: impl Fn() -> T, port: impl Fn(&T) -> u16) -> T {
    std::iter::repeat_with(make).find(|it| port(it) >= LEAST_PORT).unwrap()
}

/// A provider of deltas for a real server, as another program on board is one.
pub(crate) struct DeltaFeeder {
    listener: TcpListener,
    client: Option<TcpStream>,
}

impl DeltaFeeder {
    pub(crate) fn new() -> Self {
        Self { listener: listen(), client: None }
    }

    /// The entry in the server's `pipedProviders`.
    pub(crate) fn provider(&self, name: &str) -> Value {
        let port = self.listener.local_addr().unwrap().port();
        json!({
            "id": name,
            "enabled": true,
            "pipeElements": [{
                "type": "providers/simple",
                "options": {
                    "type": "SignalK",
                    "logging": false,
                    "subOptions": { "type": "tcp", "host": "127.0.0.1", "port": port }
                }
            }]
        })
    }

    /// The server is not the one that it was.
    pub(crate) fn forget_client(&mut self) {
        self.client = None;
    }

    /// Sends a delta, once the server has connected.
    pub(crate) fn send(&mut self, delta: &str) {
        let listener = &self.listener;
        let client = self.client.get_or_insert_with(|| listener.accept().unwrap().0);
        client.set_nodelay(true).unwrap();
        client.write_all(format!("{delta}\n").as_bytes()).unwrap();
    }
}
