//! The memory of the last build of a plugin, so that nothing is done twice.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::files::write_if_changed;
use crate::module::Sections;

/// With another version of this crate nothing of it counts.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Of one plugin.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Record {
    version: String,
    /// The answers of modules, by their hashes.
    pub(crate) schemas: BTreeMap<String, String>,
    /// From what the finished .wasm was made, and by which program.
    pub(crate) finished_from: Option<String>,
    /// The size of the last .wasm.
    pub(crate) sections: Option<Sections>,
}

impl Record {
    fn file(target: &Path, plugin: &str) -> PathBuf {
        target.join("records").join(format!("{plugin}.json"))
    }

    /// Empty where there is none, or one that cannot be read.
    pub(crate) fn load(target: &Path, plugin: &str) -> Self {
        let text = fs::read(Self::file(target, plugin)).unwrap_or_default();
        let record: Self = serde_json::from_slice(&text).unwrap_or_default();
        if record.version == VERSION { record } else { Self::default() }
    }

    /// Keeps it, with the answers of these modules alone.
    pub(crate) fn save(mut self, target: &Path, plugin: &str, modules: &[&str]) -> Result<()> {
        VERSION.clone_into(&mut self.version);
        self.schemas.retain(|hash, _| modules.contains(&hash.as_str()));
        let text = serde_json::to_string_pretty(&self)?;
        write_if_changed(&Self::file(target, plugin), text.as_bytes())
    }
}

/// The name of some bytes.
pub(crate) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
