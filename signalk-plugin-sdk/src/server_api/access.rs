//! Asking the owner for a token.

use serde::{Deserialize, Serialize};

use super::Client;
use crate::config::Secret;
use crate::error::{Result, bail};

/// A request for access that the owner has to answer. It can be kept in [storage](crate::storage), so that a
/// plugin that is started again does not ask anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(crate = "serde")]
pub struct AccessRequest {
    /// The path at which the server tells its answer.
    href: String,
}

/// The owner's answer to a request for access.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Access {
    /// There is none yet.
    Pending,
    /// No.
    Denied,
    /// Yes, with the token to show.
    Granted(Secret),
}

#[derive(Serialize)]
#[serde(crate = "serde", rename_all = "camelCase")]
struct Wish<'a> {
    client_id: &'a str,
    description: &'a str,
}

/// The server's word on a request for access.
#[derive(Deserialize)]
#[serde(crate = "serde", rename_all = "camelCase")]
struct Answer {
    #[serde(default)]
    state: String,
    #[serde(default)]
    href: Option<String>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    access_request: Option<Decision>,
}

#[derive(Deserialize)]
#[serde(crate = "serde")]
struct Decision {
    permission: String,
    #[serde(default)]
    token: Secret,
}

impl Client {
    /// Asks the owner for a token: the request stands in the server's pages under Security, Access Requests,
    /// with the description. `client_id` names the one who asks, and the server takes one request of each: let
    /// it be a text that no other has, a UUID for example, and keep the [`AccessRequest`].
    ///
    /// # Errors
    /// When the server does not answer, when its security is off, so that no token is needed, and when the
    /// client has asked before.
    pub async fn request_access(
        &self,
        client_id: &str,
        description: &str,
    ) -> Result<AccessRequest> {
        let wish = Wish { client_id, description };
        let request = self.request("POST", "/signalk/v1/access/requests").json(&wish);
        let answer: Answer = self.send(request).await?.json()?;
        match answer {
            Answer { state, href: Some(href), .. } if state == "PENDING" => {
                Ok(AccessRequest { href })
            }
            Answer { message: Some(message), .. } => {
                bail!("the server takes no request for access: {message}")
            }
            _ => bail!("the server takes no request for access"),
        }
    }

    /// Returns the owner's answer so far.
    ///
    /// # Errors
    /// When the server does not answer, or has forgotten the request, as it does when it is restarted: ask
    /// anew, with another `client_id`.
    pub async fn access(&self, request: &AccessRequest) -> Result<Access> {
        let answer = self.send(self.request("GET", &request.href)).await?;
        let answer: Answer = answer.error_for_status()?.json()?;
        Ok(match answer.access_request {
            Some(Decision { permission, token }) if permission == "APPROVED" => {
                Access::Granted(token)
            }
            Some(_) => Access::Denied,
            None => Access::Pending,
        })
    }
}
