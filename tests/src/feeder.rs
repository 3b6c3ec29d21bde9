//! A GPS as the server sees one on the network: NMEA 0183 lines over TCP.

use std::io::Write;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// Serves NMEA 0183 lines on a loopback port to the server's TCP client connection.
pub struct NmeaFeeder {
    port: u16,
    newcomers: Receiver<TcpStream>,
    clients: Vec<TcpStream>,
}

impl NmeaFeeder {
    /// Listens on a free loopback port.
    ///
    /// # Errors
    ///
    /// Where the system gives no port.
    pub fn listen() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .context("no loopback port to be had for NMEA 0183")?;
        let port = listener.local_addr()?.port();
        let (sender, newcomers) = mpsc::channel();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if sender.send(client).is_err() {
                    return;
                }
            }
        });
        Ok(Self { port, newcomers, clients: Vec::new() })
    }

    /// The entry in the server's `pipedProviders` that connects to this feeder.
    #[must_use]
    pub fn provider(&self) -> Value {
        json!({
            "id": "gps",
            "enabled": true,
            "pipeElements": [{
                "type": "providers/simple",
                "options": {
                    "type": "NMEA0183",
                    "logging": false,
                    "subOptions": {
                        "type": "tcp",
                        "host": "127.0.0.1",
                        "port": self.port,
                        "validateChecksum": true
                    }
                }
            }]
        })
    }

    /// Waits until a server has connected.
    ///
    /// # Errors
    ///
    /// Where none did in time.
    pub fn wait_for_client(&mut self, at_most: Duration) -> Result<()> {
        let client = self.newcomers.recv_timeout(at_most).with_context(|| {
            format!("no server connected to the NMEA 0183 port {} in {at_most:?}", self.port)
        })?;
        client.set_nodelay(true)?;
        self.clients.push(client);
        Ok(())
    }

    /// Sends lines, without their line ends, to every server that is connected.
    ///
    /// # Errors
    ///
    /// Where a server has gone.
    pub fn send<L: AsRef<str>>(&mut self, lines: impl IntoIterator<Item = L>) -> Result<()> {
        let mut text = String::new();
        for line in lines {
            text.push_str(line.as_ref());
            text.push_str("\r\n");
        }
        self.clients.extend(self.newcomers.try_iter());
        for client in &mut self.clients {
            client
                .write_all(text.as_bytes())
                .context("the server's NMEA 0183 connection is gone")?;
        }
        Ok(())
    }
}
