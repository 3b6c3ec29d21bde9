//! What is measured.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::builds::Level;
use crate::workspace::Workspace;

/// A plugin of this workspace that is measured.
pub(super) struct Plugin {
    /// The package.
    pub(super) package: &'static str,
    /// What it is called in the tables.
    pub(super) label: &'static str,
    /// What it counts, as the runner knows it.
    counts: &'static str,
}

const fn plugin(package: &'static str, label: &'static str, counts: &'static str) -> Plugin {
    Plugin { package, label, counts }
}

/// The first does nothing: all others are multiples of it.
pub(super) const PLUGINS: [Plugin; 9] = [
    plugin("bench-hand-empty", "hand-written, empty: the host alone", "nothing"),
    plugin("bench-hand-value", "hand-written, `serde_json::Value`", "ownPosition"),
    plugin("bench-hand-typed", "hand-written, typed, byte scan first", "ownPosition"),
    plugin("bench-position", "SDK, one handler", "ownPosition"),
    plugin("bench-handlers-10", "SDK, 10 handlers", "ownPosition"),
    plugin("bench-handlers-100", "SDK, 100 handlers", "ownPosition"),
    plugin("bench-hand-every", "every vessel: hand-written, typed", "pathLetters"),
    plugin("bench-every-delta", "every vessel: SDK, `&Delta`", "pathLetters"),
    plugin("bench-every-text", "every vessel: SDK, `&str`", "bytes"),
];

/// Something that is measured, ready to be loaded.
pub(super) struct Candidate {
    /// What it is called in the tables.
    pub(super) label: &'static str,
    /// How it was built, where there is a choice.
    pub(super) level: Option<Level>,
    /// How many bytes a server loads.
    pub(super) bytes: Option<u64>,
    name: String,
    file: PathBuf,
    counts: &'static str,
}

impl Candidate {
    /// A plugin of this workspace, as it was built.
    pub(super) fn built(plugin: &Plugin, level: Level, file: PathBuf, bytes: u64) -> Self {
        Self {
            label: plugin.label,
            level: Some(level),
            bytes: Some(bytes),
            name: format!("{}-{}", plugin.package, level.name()),
            file,
            counts: plugin.counts,
        }
    }

    /// A plugin in AssemblyScript.
    pub(super) fn assemblyscript(
        name: &str,
        label: &'static str,
        file: PathBuf,
        bytes: u64,
    ) -> Self {
        let name = format!("assemblyscript-{name}");
        // None of them asks whose position it is.
        Self { label, level: None, bytes: Some(bytes), name, file, counts: "anyPosition" }
    }

    /// What the runner calls it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// What the runner has to know.
    pub(super) fn for_runner(&self) -> Value {
        json!({ "name": self.name, "file": self.file, "counts": self.counts })
    }
}

/// The plugin in JavaScript.
pub(super) fn node(workspace: &Workspace) -> Candidate {
    Candidate {
        label: "Node.js",
        level: None,
        bytes: None,
        name: "node".to_owned(),
        file: workspace.root().join("bench/node/position.mjs"),
        counts: "ownPosition",
    }
}
