//! The settings of the form.

use std::collections::BTreeSet;

use signalk_plugin_sdk::prelude::*;

/// Counts the hours of each engine, and tells when a service is due.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Config {
    /// Engines
    pub(crate) engines: Vec<EngineConfig>,
    /// Running above (rpm)
    ///
    /// An engine that turns more slowly does not count as running.
    #[schemars(range(min = 0.0, max = 5000.0))]
    pub(crate) running_above: f64,
}

/// One engine.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct EngineConfig {
    /// Id
    ///
    /// As the server has it: the part behind "propulsion" in "propulsion.port.revolutions".
    pub(crate) id: String,
    /// Hours before this plugin (h)
    ///
    /// What the engine's own meter showed when the counting began.
    #[schemars(range(min = 0.0, max = 100_000.0))]
    pub(crate) hours_before: f64,
    /// Service every (h)
    #[schemars(range(min = 1.0, max = 10_000.0))]
    pub(crate) service_every: Option<f64>,
}

impl Default for Config {
    fn default() -> Self {
        Self { engines: Vec::new(), running_above: 300.0 }
    }
}

impl Config {
    /// Refuses ids that no path can have, and one that is there twice.
    pub(crate) fn check(&self) -> Result<()> {
        let mut seen = BTreeSet::new();
        for (at, EngineConfig { id, .. }) in self.engines.iter().enumerate() {
            let is_part = |char: char| char.is_ascii_alphanumeric() || "-_".contains(char);
            let field = format!("engines[{at}].id");
            let is_right = !id.is_empty() && id.chars().all(is_part);
            ConfigError::ensure(is_right, &field, id, "letters, digits, \"-\" and \"_\"")?;
            ConfigError::ensure(seen.insert(id), &field, id, "an id that no other engine has")?;
        }
        Ok(())
    }
}
