//! `wasm-opt` of Binaryen, which makes a .wasm smaller once it is built.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::command;

/// The program.
pub const WASM_OPT: &str = "wasm-opt";

/// The features of WebAssembly that rustc uses, which wasm-opt must be allowed.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// The `wasm-opt` of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WasmOpt {
    version: String,
}

impl WasmOpt {
    /// Finds it; `None` where it is not installed.
    #[must_use]
    pub fn find() -> Option<Self> {
        let version = command::capture(Command::new(WASM_OPT).arg("--version")).ok()?;
        Some(Self { version: version.trim().to_owned() })
    }

    /// The program's name and version, in its own words.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Writes the module as small as it gets.
    ///
    /// # Errors
    ///
    /// When it fails or its output cannot be read.
    pub fn optimize(&self, wasm: &Path, to: &Path) -> Result<Vec<u8>> {
        let mut wasm_opt = Command::new(WASM_OPT);
        wasm_opt.arg("-Oz").args(FEATURES).arg(wasm).arg("-o").arg(to);
        command::run_quietly(&mut wasm_opt)
            .with_context(|| format!("{} cannot make the .wasm smaller", self.version))?;
        fs::read(to).with_context(|| format!("{WASM_OPT} left no {}", to.display()))
    }
}
