//! Asking web services: an HTTP/1.1 client for [tasks](crate::task), over the sockets that the server
//! gives a plugin.
//!
//! ```
//! use signalk_plugin_sdk::fetch::Client;
//! use signalk_plugin_sdk::prelude::*;
//! use signalk_plugin_sdk::task::{self, Task};
//!
//! #[derive(Deserialize)]
//! struct Tide {
//!     height: f64,
//! }
//!
//! struct Tides {
//!     client: Client,
//!     task: Option<Task>,
//! }
//!
//! async fn tide(client: Client) -> Result<Tide> {
//!     let request = client.get("http://tides.example/api/now").query("station", "kiel");
//!     Ok(request.send().await?.error_for_status()?.json()?)
//! }
//!
//! #[signalk_plugin(name = "Tides")]
//! impl Tides {
//!     fn start() -> Self {
//!         Self { client: Client::new(), task: None }
//!     }
//!
//!     #[every("10m")]
//!     fn ask(&mut self) {
//!         let tide = tide(self.client.clone());
//!         self.task = Some(task::spawn_then("tide", tide, Self::known));
//!     }
//!
//!     fn known(&mut self, tide: Result<Tide>) -> Result<()> {
//!         delta::set("environment.tide.heightNow", tide?.height)
//!     }
//! }
//! # fn main() {}
//! ```
//!
//! A plugin that uses it needs the feature `fetch` of this crate, and `"rawSockets": true` in the
//! `wasmCapabilities` of package.json.
//!
//! - `https://` takes the feature `tls`, which implies `fetch`, and half a megabyte of the .wasm.
//! - Everything has an end: a request with all its redirects takes 30 s at the most
//!   ([`Client::timeout`]), an answer a megabyte ([`Client::max_response_bytes`]), unless the plugin
//!   says otherwise. The memory of wasm never shrinks, so a plugin that once took 8 MB keeps them.
//! - Connections are kept and used again, which saves a second or three on a quiet bus.
//! - **An answer that ends with the connection is refused**: the server throws away what a peer
//!   sent just before it closed, so nobody can know whether it is whole. Practically every service
//!   gives the length, or sends its answer in chunks; both are read.
//! - So has the work that an answer makes: 64 kB and 100 headers before the body, 20 answers that are
//!   only to come, as many bytes around the chunks as in them and 64 kB more, a line of 16 kB, 1,000
//!   members of gzip. What is beyond is an error.
//! - Answers packed with gzip are asked for, and unpacked up to the same limit, a bit at a time.
//! - Redirects are followed five times, never from `https` to `http`, and never from the internet to a
//!   machine on the boat's own network ([`Client::allow_local_redirects`]). Where they lead to another
//!   place they are followed without the request's own headers, and not with a body: a token is for
//!   whom it was meant.
//! - No proxies, cookies, or caches.
//!
//! Errors name the address without its query, where keys usually are, and nothing of an address that is
//! refused. A name or password in the address is refused. Of a request with a key, token or cookie
//! ([`RequestBuilder::query_secret`], [`RequestBuilder::bearer`], [`RequestBuilder::header_secret`]) no
//! error says anything that the answer says, for it may repeat what it was asked: see
//! [`RequestBuilder::holds_secret`].

mod ask;
mod body;
mod connection;
mod error;
mod exchange;
mod gzip;
mod headers;
mod request;
mod response;
mod setup;
#[cfg(feature = "tls")]
mod tls;
#[cfg(not(feature = "tls"))]
#[path = "no_tls.rs"]
mod tls;
mod url;
mod work;

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

pub use error::{Error, Reason};
#[cfg(not(target_family = "wasm"))]
#[doc(hidden)]
pub use exchange::read_recorded;
pub use request::RequestBuilder;
pub use response::FetchResponse;

use setup::Setup;
use tls::Trust;

/// Who asks: settings, and the connections that are kept. A clone shares the connections.
#[derive(Clone)]
pub struct Client(Setup);

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("settings", &self.0.settings).finish_non_exhaustive()
    }
}

impl Default for Client {
    fn default() -> Self {
        Self::new()
    }
}

impl Client {
    /// With 30 s for a request and a megabyte for an answer.
    #[must_use]
    pub fn new() -> Self {
        Self(Setup::new())
    }

    /// Trusts certificates of one's own beside those of the authorities that browsers trust: that of an
    /// authority, or that of a device on board which is its own. As PEM, one or more, also in one line as
    /// a form makes it; an empty text, of a setting that was left empty, adds none. The connections that
    /// were made before are not used again.
    ///
    /// A certificate is for the names that stand in it as alternative names, an address as an address.
    /// One that a device is to show itself must not be an authority's, which is what OpenSSL makes
    /// unless it is told otherwise: `openssl req -x509 … -addext basicConstraints=critical,CA:FALSE
    /// -addext subjectAltName=IP:192.168.1.20`.
    ///
    /// ```
    /// use signalk_plugin_sdk::fetch::Client;
    ///
    /// # fn main() -> signalk_plugin_sdk::Result<()> {
    /// let client = Client::new().trust("")?;
    /// assert!(client.trust("a certificate").is_err());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If a text that is not blank has no certificate in it, or one that is none; without the feature `tls`
    /// for any such text.
    pub fn trust(self, pem: &str) -> Result<Self, Error> {
        let outcome = if pem.trim().is_empty() { Ok(self) } else { self.trust_more(pem) };
        outcome.map_err(|reason| Error::new("a certificate to trust", reason))
    }

    fn trust_more(mut self, pem: &str) -> Result<Self, Reason> {
        let mut trust = Trust::clone(&self.0.trust);
        trust.add(pem)?;
        self.0.trust = Rc::new(trust);
        self.0.idle = Rc::default();
        Ok(self)
    }

    /// How long a request may take, with all its redirects. Making the connection is given 30 s at the
    /// most.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.0.settings.timeout = limit;
        self
    }

    /// How many bytes an answer may have, unpacked.
    #[must_use]
    pub fn max_response_bytes(mut self, limit: usize) -> Self {
        self.0.settings.max_response_bytes = limit;
        self
    }

    /// What the client calls itself. Some services want a name, and an address to complain to.
    #[must_use]
    pub fn user_agent(mut self, name: &str) -> Self {
        name.clone_into(&mut self.0.settings.user_agent);
        self
    }

    /// Follows redirects from the internet to machines on the boat's own network, too, which is not done
    /// otherwise: a relay on board may be switched by whoever asks it. A request that itself goes to such
    /// a machine is led to any.
    ///
    /// It goes by the name: those are addresses of private networks and of this machine, names without a
    /// dot, and `localhost`, `.local`, `.lan`, `.home`, `.home.arpa`, `.internal` and the like. The server
    /// does not tell for which address another name stands.
    #[must_use]
    pub fn allow_local_redirects(mut self, are_followed: bool) -> Self {
        self.0.settings.allow_local_redirects = are_followed;
        self
    }

    /// A GET request.
    pub fn get(&self, url: &str) -> RequestBuilder {
        self.request("GET", url)
    }

    /// A POST request.
    pub fn post(&self, url: &str) -> RequestBuilder {
        self.request("POST", url)
    }

    /// A PUT request.
    pub fn put(&self, url: &str) -> RequestBuilder {
        self.request("PUT", url)
    }

    /// A DELETE request.
    pub fn delete(&self, url: &str) -> RequestBuilder {
        self.request("DELETE", url)
    }

    /// A request with any other method, `HEAD` or `PATCH` for example.
    pub fn request(&self, method: &str, url: &str) -> RequestBuilder {
        RequestBuilder::new(self.0.clone(), method, url)
    }
}
