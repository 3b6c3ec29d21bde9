//! Asking the server itself: what it knew before the plugin was started, resources, paths that others
//! take requests for.
//!
//! No import tells a plugin what the server knows. Its HTTP interface does, and a [task](crate::task) can ask
//! it through the server's own sockets, as any client on the network would.
//!
//! ```
//! use signalk_plugin_sdk::prelude::*;
//! use signalk_plugin_sdk::server_api::Client;
//! use signalk_plugin_sdk::{config::Secret, model, task};
//!
//! #[derive(Deserialize, JsonSchema)]
//! #[serde(rename_all = "camelCase", default)]
//! struct Config {
//!     /// Address of this server
//!     server: String,
//!     /// Token, if the server asks for one
//!     token: Secret,
//! }
//!
//! impl Default for Config {
//!     fn default() -> Self {
//!         Self { server: Client::USUAL_ADDRESS.into(), token: Secret::default() }
//!     }
//! }
//!
//! struct Beam;
//!
//! #[signalk_plugin(name = "Beam", model("design.beam", "navigation.position"))]
//! impl Beam {
//!     fn start(config: Config) -> Self {
//!         let client = Client::new(&config.server).with_token(&config.token);
//!         let task = task::spawn("what the server knows", async move {
//!             client.snapshot().await?.fill_model()?;
//!             let beam = model::get::<f64>("design.beam")?; // m
//!             server::set_status(&format!("A beam of {} m", beam.unwrap_or_default()));
//!             Ok(())
//!         });
//!         task.detach();
//!         Self
//!     }
//! }
//! # fn main() {}
//! ```
//!
//! - It takes the feature `fetch` of this crate, and `"rawSockets": true` in the `wasmCapabilities` of
//!   package.json.
//! - A plugin is not told where its server listens: let the owner say it, with
//!   [`Client::USUAL_ADDRESS`] as the default. A server with `https` has a certificate of its own, which takes
//!   the feature `tls` and [`Client::with_fetch`] to trust.
//! - If the server's security is on, it takes a token: the owner's, in a setting, or one that the plugin
//!   [asks for](Client::request_access) and the owner approves in the server's pages.
//! - The server is one process, and does not wait for a plugin's call while it answers: so it is asked from a
//!   task, which goes on with the next calls of the server, about once a second on a quiet bus.

mod access;
mod put;
mod snapshot;

pub use access::{Access, AccessRequest};
pub use snapshot::Snapshot;

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use crate::config::Secret;
use crate::error::{Error, Result};
use crate::fetch::{self, FetchResponse, RequestBuilder};
use crate::resource::Resource;

/// The most bytes of an answer: a data model with many vessels.
const MAX_RESPONSE_BYTES: usize = 4 << 20;

/// Asks one server. A clone shares the connections.
#[derive(Debug, Clone)]
pub struct Client {
    fetch: fetch::Client,
    /// Without a slash at its end.
    address: String,
    token: Secret,
}

impl Client {
    /// The address of a server as it is installed, seen from the machine it runs on.
    pub const USUAL_ADDRESS: &str = "http://127.0.0.1:3000";

    /// Asks the server at an address such as [`Client::USUAL_ADDRESS`]. A wrong one is an error of each request.
    #[must_use]
    pub fn new(address: &str) -> Self {
        Self {
            fetch: fetch::Client::new().max_response_bytes(MAX_RESPONSE_BYTES),
            address: address.trim().trim_end_matches('/').to_owned(),
            token: Secret::default(),
        }
    }

    /// Shows a token with each request; none, if it is empty.
    #[must_use]
    pub fn with_token(mut self, token: &Secret) -> Self {
        self.token = token.clone();
        self
    }

    /// Asks by a client with settings of its own: a timeout, a certificate to trust.
    #[must_use]
    pub fn with_fetch(mut self, client: fetch::Client) -> Self {
        self.fetch = client;
        self
    }

    /// Returns what the server knows of the own vessel, Signal K's *full* tree, from
    /// `/signalk/v1/api/vessels/self`.
    ///
    /// # Errors
    /// When the server does not answer, or asks for a token.
    pub async fn snapshot(&self) -> Result<Snapshot> {
        self.snapshot_of("vessels.self").await
    }

    /// As [`Self::snapshot`], of any context: `vessels.urn:mrn:imo:mmsi:244123456`, `atons.…`. One that the
    /// server does not know is empty.
    ///
    /// # Errors
    /// As [`Self::snapshot`].
    pub async fn snapshot_of(&self, context: &str) -> Result<Snapshot> {
        let tree = self.get(&["/signalk/v1/api/", &*in_address(context)].concat()).await?;
        Ok(Snapshot::of(tree))
    }

    /// Returns the resources of a type by their ids, of all providers, from `/signalk/v2/api/resources`; none if
    /// nobody provides them.
    ///
    /// # Errors
    /// As [`Self::snapshot`], and if a resource does not fit the type.
    pub async fn resources<R: Resource>(&self) -> Result<BTreeMap<String, R>> {
        let path = ["/signalk/v2/api/resources/", R::TYPE].concat();
        Ok(self.get(&path).await?.unwrap_or_default())
    }

    /// Reads any JSON of the server, by its path from the first slash on:
    /// `/signalk/v2/api/vessels/self/navigation/course` for example. `None` if the server answers with 404.
    ///
    /// # Errors
    /// As [`Self::snapshot`], and if the answer does not fit `T`.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<Option<T>> {
        let answer = self.send(self.request("GET", path)).await?;
        if answer.status() == 404 {
            return Ok(None);
        }
        Ok(Some(answer.error_for_status()?.json()?))
    }

    fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let url = [&*self.address, path].concat();
        self.fetch.request(method, &url).bearer(&self.token)
    }

    /// Sends a request, and tells what to do if the server wants to know who asks.
    async fn send(&self, request: RequestBuilder) -> Result<FetchResponse> {
        let answer = request.send().await?;
        if !matches!(answer.status(), 401 | 403) {
            return Ok(answer);
        }
        let problem = if self.token.is_empty() {
            "the server's security is on, and no token was given"
        } else {
            "the server does not accept the token, or not for this"
        };
        Err(Error::msg([answer.url(), ": ", problem].concat()))
    }
}

/// A context or a path with the separator of addresses.
fn in_address(dotted: &str) -> String {
    dotted.replace('.', "/")
}
