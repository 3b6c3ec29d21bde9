//! The anchor, which lies where it was dropped whatever happens to the server.

use signalk_plugin_sdk::prelude::*;
use signalk_plugin_sdk::storage;

use crate::settings::Config;

const DOCUMENT: &str = "anchor";

/// The place of the anchor, and how far the boat may be from it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Anchor {
    /// `None` while it is up.
    pub(crate) position: Option<Position>,
    /// The alarm radius (m) that was set by a PUT; without one, that of the settings counts.
    #[serde(default)]
    pub(crate) max_radius: Option<f64>,
    /// The settings of the last start. Only one that has changed counts more than what was done
    /// since.
    configured: Option<Position>,
    #[serde(default)]
    configured_radius: Option<f64>,
}

impl Anchor {
    /// The anchor that was stored, if one was.
    pub(crate) fn stored() -> Result<Option<Self>> {
        storage::load(DOCUMENT)
    }

    /// With what the owner has changed in the form since the last start.
    pub(crate) fn configured_by(mut self, config: &Config) -> Self {
        let is_set_anew = config.anchor.is_some() && config.anchor != self.configured;
        if is_set_anew {
            self.position = config.anchor;
        }
        if self.configured_radius != Some(config.max_radius) {
            self.max_radius = None;
        }
        self.configured = config.anchor;
        self.configured_radius = Some(config.max_radius);
        self
    }

    /// The same, dropped somewhere else, or raised.
    pub(crate) fn lying_at(self, position: Option<Position>) -> Self {
        Self { position, ..self }
    }

    /// The same, with another alarm radius (m).
    pub(crate) fn within(self, max_radius: f64) -> Self {
        Self { max_radius: Some(max_radius), ..self }
    }

    pub(crate) fn store(&self) -> Result<()> {
        storage::save(DOCUMENT, self)
    }
}
