//! Migration of settings that another version of the plugin has saved.

use serde::Serialize;

use super::to_saved;
use crate::error::{ConfigError, Error, Result};
use crate::json::{self, Raw};

/// Offers what was saved to the author's `migrate`, for [`Plugin::migrated`](crate::plugin::Plugin::migrated).
///
/// # Errors
/// The author's own.
pub fn migrated<C: Serialize>(
    settings: &str,
    migrate: impl FnOnce(&Raw) -> Result<Option<C>>,
) -> Result<Option<String>> {
    let saved = Raw::parse(settings)?;
    // Only another configuration can help, so it is not tried again before there is one.
    let wrong = |error: Error| match error.downcast_ref::<json::Error>() {
        // With its place, by which it is known whether it quotes a secret.
        Some(error) => ConfigError::new(error.path(), error.problem()),
        None => ConfigError::new("", error.to_string()),
    };
    let migrated = migrate(&saved).map_err(wrong)?;
    Ok(migrated.as_ref().map(to_saved).transpose().map_err(ConfigError::from)?)
}
