//! The folder for things that are made once for a user, whatever the plugin.

use std::path::PathBuf;

use anyhow::{Context, Result};
use etcetera::{BaseStrategy, choose_base_strategy};

/// Names another folder for it.
pub const VARIABLE: &str = "SIGNALK_PLUGIN_CACHE";

/// The folder of all of it: that of the variable, else `signalk-plugin` in the user's folder for caches.
///
/// # Errors
///
/// When the user has no home folder.
pub fn folder() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os(VARIABLE).filter(|named| !named.is_empty()) {
        return Ok(std::path::absolute(named)?);
    }
    let caches = choose_base_strategy()
        .with_context(|| {
            format!("there is no home folder: set HOME, or name a folder in {VARIABLE}")
        })?
        .cache_dir();
    Ok(caches.join("signalk-plugin"))
}
