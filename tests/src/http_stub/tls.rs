//! The server's side of TLS.

use std::io::{self, Read};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use rustls::crypto::ring;
use rustls::version::{TLS12, TLS13};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use socket2::SockRef;

use super::Certificate;
use super::state::Shared;
use super::transport::PiecewiseSocket;

/// How a server speaks TLS. By default it takes 1.2 and 1.3.
#[derive(Debug, Clone, Copy, Default)]
pub struct TlsOptions {
    only_1_2: bool,
    resets_handshake: bool,
    pieces: Option<(usize, Duration)>,
}

impl TlsOptions {
    /// Takes TLS 1.2 and nothing newer.
    #[must_use]
    pub fn only_1_2(mut self) -> Self {
        self.only_1_2 = true;
        self
    }

    /// Reads the client's hello and resets the connection.
    #[must_use]
    pub fn reset_in_handshake(mut self) -> Self {
        self.resets_handshake = true;
        self
    }

    /// Sends everything, from the handshake on, that many bytes at a time with a pause after each,
    /// so that a client has to put each record together from many reads.
    #[must_use]
    pub fn records_in_pieces(mut self, length: usize, pause: Duration) -> Self {
        self.pieces = Some((length.max(1), pause));
        self
    }
}

pub(super) struct TlsServer {
    config: Arc<ServerConfig>,
    options: TlsOptions,
}

impl TlsServer {
    pub(super) fn new(certificate: &Certificate, options: TlsOptions) -> Result<Self> {
        let versions = if options.only_1_2 { &[&TLS12][..] } else { &[&TLS13, &TLS12] };
        let config = ServerConfig::builder_with_provider(ring::default_provider().into())
            .with_protocol_versions(versions)?
            .with_no_client_auth()
            .with_single_cert(certificate.chain(), certificate.key())
            .context("TLS cannot use the certificate")?;
        Ok(Self { config: config.into(), options })
    }

    /// `None` where the connection is not to get past the client's hello.
    pub(super) fn handshake<'a>(
        &self,
        mut socket: TcpStream,
        connection: usize,
        shared: &'a Shared,
    ) -> Result<Option<StreamOwned<ServerConnection, PiecewiseSocket<'a>>>> {
        if self.options.resets_handshake {
            read_record(&mut socket).context("within the client's hello")?;
            // Has the system send a reset as the socket is closed.
            SockRef::from(&socket).set_linger(Some(Duration::ZERO))?;
            return Ok(None);
        }
        let pieces = self.options.pieces;
        let mut socket = PiecewiseSocket { socket, connection, shared, pieces };
        let mut tls = ServerConnection::new(Arc::clone(&self.config))?;
        while tls.is_handshaking() {
            tls.complete_io(&mut socket).context("the TLS handshake failed")?;
        }
        Ok(Some(StreamOwned::new(tls, socket)))
    }
}

fn read_record(socket: &mut TcpStream) -> io::Result<()> {
    let mut header = [0; 5];
    socket.read_exact(&mut header)?;
    let [_, _, _, high, low] = header;
    let mut content = vec![0; usize::from(u16::from_be_bytes([high, low]))];
    socket.read_exact(&mut content)
}
