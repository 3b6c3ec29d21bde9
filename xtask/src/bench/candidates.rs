//! The plugins that are measured.

use std::path::PathBuf;

use serde_json::{Value, json};
use signalk_plugin_tests::soak;

use super::builds::Level;
use crate::workspace::Workspace;

/// The host alone: all others are multiples of it.
pub(super) const EMPTY: &str = "bench-hand-empty";

/// By hand, by `serde_json::Value`.
pub(super) const VALUE: &str = "bench-hand-value";

/// By hand: the bytes are searched first, and then read into types.
pub(super) const TYPED: &str = "bench-hand-typed";

/// The SDK, with one handler.
pub(super) const ONE: &str = "bench-position";

/// The SDK, with ten.
pub(super) const TEN: &str = "bench-handlers-10";

/// The SDK, with a hundred.
pub(super) const HUNDRED: &str = "bench-handlers-100";

/// By hand: every vessel's deltas, read into types.
pub(super) const EVERY_TYPED: &str = "bench-hand-every";

/// The SDK, with a handler of every vessel's deltas.
pub(super) const EVERY_DELTA: &str = "bench-every-delta";

/// The SDK, with a handler of their text.
pub(super) const EVERY_TEXT: &str = "bench-every-text";

/// By hand: the positions of all vessels, kept in a map.
pub(super) const HAND_FLEET: &str = "bench-hand-fleet";

/// The SDK, with the model of all vessels.
pub(super) const FLEET: &str = "bench-fleet";

/// The SDK, with the data model, handlers of all kinds and values of its own.
pub(super) const ALL: &str = soak::PLUGIN;

/// AssemblyScript, as its SDK's documents show it.
pub(super) const SCAN: &str = "assemblyscript-scan";

/// AssemblyScript, by the parser that its SDK brings.
pub(super) const JSON: &str = "assemblyscript-json";

/// JavaScript.
pub(super) const NODE: &str = "node";

/// The plugins of this workspace that are measured, each with what it counts, as the runner knows it.
/// The first is the one that the others are multiples of.
pub(super) const PLUGINS: [(&str, &str); 12] = [
    (EMPTY, "nothing"),
    (VALUE, "ownPosition"),
    (TYPED, "ownPosition"),
    (ONE, "ownPosition"),
    (TEN, "ownPosition"),
    (HUNDRED, "ownPosition"),
    (EVERY_TYPED, "pathLetters"),
    (EVERY_DELTA, "pathLetters"),
    (EVERY_TEXT, "bytes"),
    (HAND_FLEET, "anyPosition"),
    (FLEET, "untold"),
    (ALL, "untold"),
];

/// Those of them by which the levels of optimisation are compared.
pub(super) const TRADE: [(&str, &str); 5] = [
    (EMPTY, "nothing"),
    (TYPED, "ownPosition"),
    (ONE, "ownPosition"),
    (EVERY_TYPED, "pathLetters"),
    (EVERY_DELTA, "pathLetters"),
];

/// Something that is measured, ready to be loaded.
pub(super) struct Candidate {
    /// One of the constants of this module.
    pub(super) id: &'static str,
    /// The way it was built, if there is a choice.
    pub(super) level: Option<Level>,
    /// The bytes that a server loads.
    pub(super) bytes: Option<u64>,
    /// The .wasm, or the module of Node.js.
    pub(super) file: PathBuf,
    counts: &'static str,
}

impl Candidate {
    /// A plugin of this workspace, as it was built.
    pub(super) fn built(
        (id, counts): (&'static str, &'static str),
        level: Level,
        file: PathBuf,
        bytes: u64,
    ) -> Self {
        Self { id, level: Some(level), bytes: Some(bytes), file, counts }
    }

    /// A plugin in AssemblyScript.
    pub(super) fn assemblyscript(id: &'static str, file: PathBuf, bytes: u64) -> Self {
        // None of them asks whose position it is.
        Self { id, level: None, bytes: Some(bytes), file, counts: "anyPosition" }
    }

    /// The plugin in JavaScript.
    pub(super) fn node(workspace: &Workspace) -> Self {
        let file = workspace.root().join("bench/node/index.js");
        Self { id: NODE, level: None, bytes: None, file, counts: "ownPosition" }
    }

    /// The runner's name for it.
    pub(super) fn name(&self) -> String {
        match self.level {
            Some(level) => format!("{}-{}", self.id, level.name()),
            None => self.id.to_owned(),
        }
    }

    /// The runner's description of it.
    pub(super) fn for_runner(&self) -> Value {
        // It is made for the bus.
        let only = (self.id == ALL).then_some("bus");
        json!({ "name": self.name(), "file": self.file, "counts": self.counts, "only": only })
    }
}
