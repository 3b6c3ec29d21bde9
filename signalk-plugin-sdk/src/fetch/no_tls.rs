//! A stand-in for the certificates in a plugin without the feature `tls`.

use super::Reason;

/// Nobody's certificates are looked at.
#[derive(Clone, Default)]
pub(super) struct Trust;

impl Trust {
    pub(super) fn add(&mut self, _: &str) -> Result<(), Reason> {
        Err(Reason::HttpsIsOff)
    }
}
