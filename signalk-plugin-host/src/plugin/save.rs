//! Saving a configuration, which is also how a plugin is enabled and disabled.

use serde_json::Value;
use signalk_server_model::PluginState;
use signalk_server_model::config::text;

use super::Plugin;
use crate::configuration::checked;
use crate::error::Error;

/// What the plugin's page posts to `/plugins/<id>/config`.
///
/// ```no_run
/// # fn example(plugin: &mut signalk_plugin_host::Plugin) -> Result<(), signalk_plugin_host::Error> {
/// use signalk_plugin_host::SaveRequest;
///
/// plugin.save(&SaveRequest::new().enabled(true).enable_debug(true).configuration(r#"{ "radius": 50 }"#))
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SaveRequest {
    enabled: Option<bool>,
    enable_debug: Option<bool>,
    configuration: Option<String>,
}

impl SaveRequest {
    /// An empty request, which wipes the configuration and leaves the rest.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn parts(
        enabled: Option<bool>,
        enable_debug: Option<bool>,
        configuration: Option<String>,
    ) -> Self {
        Self { enabled, enable_debug, configuration }
    }

    /// Enables or disables the plugin.
    #[must_use]
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.enabled = Some(enabled);
        self
    }

    /// Switches debug logging.
    #[must_use]
    pub fn enable_debug(mut self, enable_debug: bool) -> Self {
        self.enable_debug = Some(enable_debug);
        self
    }

    /// The configuration as JSON, usually an object.
    #[must_use]
    pub fn configuration(mut self, json: impl Into<String>) -> Self {
        self.configuration = Some(json.into());
        self
    }
}

impl Plugin {
    /// Enables the plugin with this configuration (JSON). The first time after an install makes a
    /// second instance and reads name, schema and endpoints again.
    ///
    /// # Errors
    ///
    /// [`Error::Save`] where the server answers 500, as when `plugin_start` does not return 0;
    /// [`Error::Input`] where `config` is not JSON; [`Error::OutOfFuel`].
    pub fn enable(&mut self, config: &str) -> Result<(), Error> {
        self.save(&SaveRequest::new().enabled(true).configuration(config))
    }

    /// Saves a configuration (JSON). A running plugin is stopped and started, the same instance; any
    /// other plugin, one whose start failed included, is left alone.
    ///
    /// # Errors
    ///
    /// As [`enable`](Self::enable).
    pub fn save_config(&mut self, config: &str) -> Result<(), Error> {
        self.save(&SaveRequest::new().enabled(self.is_enabled()).configuration(config))
    }

    /// Disables the plugin and keeps its configuration.
    ///
    /// # Errors
    ///
    /// [`Error::Save`] where `plugin_stop` traps; [`Error::OutOfFuel`].
    pub fn disable(&mut self) -> Result<(), Error> {
        let configuration = self.configuration.clone();
        self.save(&SaveRequest { enabled: Some(false), enable_debug: None, configuration })
    }

    /// Saves what the plugin's page posts.
    ///
    /// # Errors
    ///
    /// As [`enable`](Self::enable). The document is written in any case.
    pub fn save(&mut self, request: &SaveRequest) -> Result<(), Error> {
        let configuration = request.configuration.as_deref().map(checked).transpose()?;
        if let Some(enable_debug) = request.enable_debug {
            self.enable_debug = Value::Bool(enable_debug);
        }
        let changed = request.enabled.is_some_and(|enabled| self.enabled != enabled);
        if let Some(enabled) = request.enabled {
            self.enabled = Value::Bool(enabled);
        }
        self.configuration = configuration;
        self.write_document()?;

        if self.state == PluginState::Running && self.is_enabled() {
            self.stop()?;
            self.start()?;
        }
        if !changed {
            return Ok(());
        }
        match (self.is_enabled(), self.state == PluginState::Running) {
            (true, false) => {
                if self.instance.is_none() {
                    self.load()?;
                }
                self.start()
            }
            (false, true) => self.stop(),
            _ => Ok(()),
        }
    }

    fn write_document(&self) -> Result<(), Error> {
        let document =
            text::document(self.configuration.as_deref(), &self.enabled, &self.enable_debug);
        let id = self.module.package().id();
        self.with(|server| server.store.write_as(server.version(), &id, &document)).map_err(
            |error| Error::Save { message: format!("Failed to write plugin config: {error}") },
        )
    }
}
