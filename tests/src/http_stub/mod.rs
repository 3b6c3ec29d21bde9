//! A web API and its failures, played in the test's own process: an HTTP/1.1 server on loopback,
//! plain or TLS, that answers as it is told.
//!
//! Connections are kept alive unless an [`Answer`] or the client's `Connection: close` says
//! otherwise. A request whose path has no answer gets a 404.

mod answer;
mod certificates;
mod connection;
mod listener;
mod request;
mod state;
mod tls;
mod transport;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};

pub use answer::Answer;
pub use certificates::{Certificate, Certificates, KeyType};
pub use request::Request;
pub use tls::TlsOptions;

use listener::Listener;
use state::Shared;
use tls::TlsServer;

/// A server on a free loopback port. Dropping it cuts its connections and ends its threads.
pub struct HttpStub {
    shared: Arc<Shared>,
    tls: Option<Arc<TlsServer>>,
    listener: Listener,
    port: u16,
}

impl HttpStub {
    /// A server without TLS.
    ///
    /// # Errors
    ///
    /// Where the system gives no port.
    pub fn plain() -> Result<Self> {
        Self::listen(None)
    }

    /// A server that shows a certificate and takes TLS 1.2 and 1.3.
    ///
    /// # Errors
    ///
    /// As [`HttpStub::tls_with`].
    pub fn tls(certificate: &Certificate) -> Result<Self> {
        Self::tls_with(certificate, TlsOptions::default())
    }

    /// A server that shows a certificate and speaks TLS as the options say.
    ///
    /// # Errors
    ///
    /// Where the certificate is of no use to TLS, or the system gives no port.
    pub fn tls_with(certificate: &Certificate, options: TlsOptions) -> Result<Self> {
        Self::listen(Some(Arc::new(TlsServer::new(certificate, options)?)))
    }

    fn listen(tls: Option<Arc<TlsServer>>) -> Result<Self> {
        let shared = Arc::new(Shared::default());
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let (listener, port) = Listener::open(any_port, &shared, tls.as_ref())
            .context("no loopback port to be had for HTTP")?;
        Ok(Self { shared, tls, listener, port })
    }

    /// The address, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> String {
        match self.tls {
            None => format!("http://127.0.0.1:{}", self.port),
            Some(_) => format!("https://localhost:{}", self.port),
        }
    }

    /// The loopback port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How all requests are answered from now on whose path with query begins so. The longest
    /// beginning counts.
    pub fn answer(&self, path_prefix: &str, answer: Answer) {
        self.shared.set_answers(path_prefix, [answer].into());
    }

    /// As [`HttpStub::answer`], each answer once and the last one for good. Without any, such
    /// paths have no answer anymore.
    pub fn answer_in_turn(&self, path_prefix: &str, answers: impl IntoIterator<Item = Answer>) {
        self.shared.set_answers(path_prefix, answers.into_iter().collect());
    }

    /// All requests that were received so far, body and all.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.shared.requests()
    }

    /// How many answers were sent so far, each as far as it goes.
    #[must_use]
    pub fn answered(&self) -> usize {
        self.shared.answered()
    }

    /// The request at a position, from 0, as soon as it is received.
    ///
    /// # Errors
    ///
    /// Where it does not come in time.
    pub fn wait_for_request(&self, position: usize, patience: Duration) -> Result<Request> {
        self.shared.wait_for_request(position, patience)
    }

    /// How many connections were accepted so far.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.connections()
    }

    /// What went wrong on connections so far: handshakes that failed, requests that are not HTTP,
    /// clients that left amid either or amid an answer.
    #[must_use]
    pub fn failures(&self) -> Vec<String> {
        self.shared.failures()
    }

    /// The failure at a position, from 0, as soon as it happens.
    ///
    /// # Errors
    ///
    /// Where it does not come in time.
    pub fn wait_for_failure(&self, position: usize, patience: Duration) -> Result<String> {
        self.shared.wait_for_failure(position, patience)
    }

    /// Cuts all connections and has new ones refused. The port stays this stub's.
    ///
    /// # Errors
    ///
    /// Where the port cannot be kept.
    pub fn refuse(&mut self) -> Result<()> {
        self.listener.refuse(&self.shared).context("the port cannot be kept")
    }

    /// Takes connections on the same port again.
    ///
    /// # Errors
    ///
    /// Where the system does not let it.
    pub fn listen_again(&mut self) -> Result<()> {
        self.listener
            .listen_again(&self.shared, self.tls.as_ref())
            .context("the port cannot be listened on again")
    }
}

impl Drop for HttpStub {
    fn drop(&mut self) {
        self.listener.close(&self.shared);
    }
}
