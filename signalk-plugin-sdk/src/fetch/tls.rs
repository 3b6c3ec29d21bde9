//! Secure connections: rustls over the server's sockets.
//!
//! Whom to trust is decided here and nowhere else: nothing of rustls is handed out, so there is no
//! way to leave a certificate unchecked.

use std::cell::OnceCell;
use std::fmt;
use std::io::{Read, Write};
use std::sync::Arc;

use rustls::crypto::{CryptoProvider, KeyProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::sign::SigningKey;
use rustls::time_provider::TimeProvider;
use rustls::{CertificateError, ClientConfig, ClientConnection, RootCertStore};

use super::Reason;
use crate::clock;
use crate::net::{NetError, TcpStream};

/// Whose certificates are taken: those of the authorities that browsers trust, and more where a plugin
/// says so.
#[derive(Clone, Default)]
pub(super) struct Trust {
    more: Vec<CertificateDer<'static>>,
    /// Made once: it takes milliseconds.
    config: OnceCell<Arc<ClientConfig>>,
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trust").field("more", &self.more.len()).finish_non_exhaustive()
    }
}

impl Trust {
    /// With certificates of one's own, as PEM.
    pub(super) fn add(&mut self, pem: &str) -> Result<(), Reason> {
        let (before, pem) = (self.more.len(), in_lines(pem));
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let certificate = certificate.map_err(refused)?;
            // Looked at now, where the mistake can be told.
            RootCertStore::empty().add(certificate.clone()).map_err(refused)?;
            self.more.push(certificate);
        }
        if self.more.len() == before {
            return Err("found no certificate, expected lines from BEGIN to END CERTIFICATE".into());
        }
        self.config = OnceCell::new();
        Ok(())
    }

    fn config(&self) -> Result<Arc<ClientConfig>, Reason> {
        if let Some(config) = self.config.get() {
            return Ok(config.clone());
        }
        let mut roots = RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        for certificate in &self.more {
            roots.add(certificate.clone()).map_err(told)?;
        }
        let config = ClientConfig::builder_with_details(Arc::new(provider()), Arc::new(Clock))
            .with_safe_default_protocol_versions()
            .map_err(told)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(self.config.get_or_init(|| Arc::new(config)).clone())
    }
}

fn refused(error: impl fmt::Display) -> Reason {
    Reason::BadRequest(error.to_string())
}

/// A PEM that was pasted into a form, whose fields have one line, as it was before.
fn in_lines(pem: &str) -> String {
    let (begin, end) = ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----");
    let marked = pem.replace(begin, " < ").replace(end, " > ");
    let lines = marked.split_whitespace().map(|line| match line {
        "<" => begin,
        ">" => end,
        line => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// ring's, without the code that reads private keys: a client has none.
fn provider() -> CryptoProvider {
    CryptoProvider { key_provider: &NoKeys, ..ring::default_provider() }
}

#[derive(Debug)]
struct NoKeys;

impl KeyProvider for NoKeys {
    fn load_private_key(
        &self,
        _: PrivateKeyDer<'static>,
    ) -> Result<Arc<dyn SigningKey>, rustls::Error> {
        Err(rustls::Error::General("there are no client certificates".into()))
    }
}

/// The wall clock of the crate, which tests set.
#[derive(Debug)]
struct Clock;

impl TimeProvider for Clock {
    fn current_time(&self) -> Option<UnixTime> {
        let since = clock::now().duration_since(std::time::SystemTime::UNIX_EPOCH).ok()?;
        Some(UnixTime::since_unix_epoch(since))
    }
}

/// A secure connection.
pub(super) struct TlsStream {
    tcp: TcpStream,
    tls: ClientConnection,
    /// What has come and was not decrypted yet.
    raw: Vec<u8>,
    has_ended: bool,
}

impl TlsStream {
    /// Makes a connection secure, and waits until both sides agree.
    pub(super) async fn open(tcp: TcpStream, trust: &Trust, host: &str) -> Result<Self, Reason> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| Reason::from("its host is no name that a certificate can be for"))?;
        let mut tls = ClientConnection::new(trust.config()?, name).map_err(told)?;
        // What is sent is in memory already; a limit would only cut it.
        tls.set_buffer_limit(None);
        let mut stream = Self { tcp, tls, raw: Vec::new(), has_ended: false };
        let mut early = Vec::new();
        loop {
            stream.flush()?;
            if !stream.tls.is_handshaking() {
                break;
            }
            match stream.tcp.read(&mut stream.raw).await {
                Err(NetError::Closed) => {
                    return Err(Reason::Tls("it ended the connection at the beginning".into()));
                }
                came => came?,
            };
            stream.decrypt(&mut early)?;
        }
        // Nobody answers before he was asked.
        if early.is_empty() { Ok(stream) } else { Err(Reason::Malformed("it came unasked")) }
    }

    pub(super) fn send(&mut self, bytes: &[u8]) -> Result<(), Reason> {
        self.tls.writer().write_all(bytes).map_err(broken)?;
        self.flush()
    }

    /// Waits until more has come.
    pub(super) async fn read(&mut self, to: &mut Vec<u8>) -> Result<(), Reason> {
        let before = to.len();
        loop {
            self.decrypt(to)?;
            self.flush()?;
            if to.len() > before {
                return Ok(());
            }
            if self.has_ended {
                return Err(Reason::Closed);
            }
            self.tcp.read(&mut self.raw).await?;
        }
    }

    /// Whether it is open and nothing came but what TLS has to say to itself.
    pub(super) fn is_quiet(&mut self) -> bool {
        let mut came = Vec::new();
        self.tcp.receive(&mut self.raw).is_ok()
            && self.decrypt(&mut came).is_ok()
            && self.flush().is_ok()
            && came.is_empty()
            && !self.has_ended
            && self.tcp.is_connected() == Ok(true)
    }

    fn flush(&mut self) -> Result<(), Reason> {
        let mut out = Vec::new();
        while self.tls.wants_write() {
            self.tls.write_tls(&mut out).map_err(broken)?;
        }
        if out.is_empty() { Ok(()) } else { Ok(self.tcp.send(&out)?) }
    }

    /// Appends what the bytes that have come say.
    fn decrypt(&mut self, to: &mut Vec<u8>) -> Result<(), Reason> {
        let raw = std::mem::take(&mut self.raw);
        let mut rest = &*raw;
        while !rest.is_empty() && !self.has_ended {
            let taken = self.tls.read_tls(&mut rest);
            if taken.map_err(broken)? == 0 {
                break;
            }
            let state = match self.tls.process_new_packets() {
                Ok(state) => state,
                Err(error) => {
                    // The other side should know why, too; the reason that counts is ours.
                    let _ = self.flush();
                    return Err(told(error));
                }
            };
            self.has_ended = state.peer_has_closed();
            let (before, came) = (to.len(), state.plaintext_bytes_to_read());
            to.resize(before + came, 0);
            let room = to.get_mut(before..).unwrap_or_default();
            self.tls.reader().read_exact(room).map_err(broken)?;
        }
        Ok(())
    }
}

/// What only memory is written to or read from does not break; the interface says that it may.
fn broken(error: std::io::Error) -> Reason {
    Reason::Tls(error.to_string().into())
}

/// In words for those who can do something about it.
fn told(error: rustls::Error) -> Reason {
    use CertificateError as Certificate;
    use rustls::AlertDescription as Alert;
    use rustls::Error;

    let text = match &error {
        Error::InvalidCertificate(Certificate::Expired | Certificate::ExpiredContext { .. }) => {
            "its certificate has expired, or the clock of this computer is wrong"
        }
        Error::InvalidCertificate(
            Certificate::NotValidYet | Certificate::NotValidYetContext { .. },
        ) => "its certificate is not valid yet, or the clock of this computer is wrong",
        Error::InvalidCertificate(
            Certificate::NotValidForName | Certificate::NotValidForNameContext { .. },
        ) => "its certificate is for another name",
        Error::InvalidCertificate(Certificate::Other(other))
            if format!("{other:?}").contains("CaUsedAsEndEntity") =>
        {
            "its certificate is that of an authority: a server needs one with CA:FALSE"
        }
        Error::InvalidCertificate(Certificate::UnknownIssuer) => {
            "nobody who is trusted has signed its certificate"
        }
        Error::AlertReceived(Alert::ProtocolVersion | Alert::HandshakeFailure)
        | Error::PeerIncompatible(_) => "it has no way of encryption in common with this plugin",
        Error::InvalidMessage(_) => "what it answers is no TLS",
        Error::DecryptError => "what came was damaged on its way",
        _ => return Reason::Tls(error.to_string().into()),
    };
    Reason::Tls(text.into())
}
