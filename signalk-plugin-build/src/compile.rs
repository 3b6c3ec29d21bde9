//! From Rust to a .wasm that has its configuration schema embedded as bytes.
//!
//! A macro cannot run the author's types, so a plain build carries the code that generates the
//! schema. It is built once like that, asked for its schema in the embedded host, and built again
//! with the answer, without that code.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use cargo_metadata::Package as CargoPackage;
use serde_json::Value;
use signalk_plugin_host::{Host, Module, Package};

use crate::command;
use crate::copied_target;
use crate::files::write_if_changed;
use crate::project;
use crate::record::{Record, hash};
use crate::toolchain::WASI;

/// Folder, absolute, in which the macro finds the schema as `<package>.json`.
const SCHEMA_DIR: &str = "SIGNALK_PLUGIN_SCHEMA_DIR";

/// The fate of cargo's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CargoOutput {
    /// It goes to standard error as it comes.
    #[default]
    Shown,
    /// It is in the error where the build fails.
    InErrors,
}

/// A compilation of a plugin.
pub(crate) struct Compilation<'a> {
    pub(crate) plugin: &'a CargoPackage,
    pub(crate) package: &'a Package,
    /// The folder in which cargo builds.
    pub(crate) target: &'a Path,
    /// A `cargo build` with all that does not differ between the two builds.
    pub(crate) cargo: &'a dyn Fn() -> Command,
    pub(crate) output: CargoOutput,
}

/// The results of cargo.
pub(crate) struct Compiled {
    pub(crate) plain: Wasm,
    pub(crate) embedded: Wasm,
    pub(crate) schema: String,
}

/// The bytes of a module.
pub(crate) struct Wasm {
    pub(crate) bytes: Vec<u8>,
    pub(crate) hash: String,
}

impl Wasm {
    fn read(file: &Path) -> Result<Self> {
        let bytes =
            fs::read(file).with_context(|| format!("the build left no {}", file.display()))?;
        Ok(Self::of(bytes))
    }

    pub(crate) fn of(bytes: Vec<u8>) -> Self {
        Self { hash: hash(&bytes), bytes }
    }
}

impl Compilation<'_> {
    /// Builds once: a module that makes its schema by itself, and the schema.
    pub(crate) fn run_plain(&self, record: &mut Record) -> Result<(Wasm, String)> {
        let plain = self.build("plain", None)?;
        let schema = schema_of(&plain, self.package, record)?;
        if let Some(problem) = why_no_form(&schema) {
            bail!("{}: {problem}", self.plugin.name);
        }
        Ok((plain, schema))
    }

    /// Builds twice.
    pub(crate) fn run(&self, record: &mut Record) -> Result<Compiled> {
        let name = self.plugin.name.as_str();
        let (plain, schema) = self.run_plain(record)?;
        let schemas = self.target.join("schemas");
        write_if_changed(&schemas.join(format!("{name}.json")), schema.as_bytes())?;
        copied_target::copy_once(&self.target.join("plain"), &self.target.join("embedded"))?;
        let embedded = self.build("embedded", Some(&schemas))?;
        if schema_of(&embedded, self.package, record)? != schema {
            bail!(
                "{name} with its schema embedded answers another schema than without: does its macro \
                 honour {SCHEMA_DIR}?"
            );
        }
        Ok(Compiled { plain, embedded, schema })
    }

    /// One release build in a target folder of its own, so that the other one stays up to date.
    fn build(&self, kind: &str, schemas: Option<&Path>) -> Result<Wasm> {
        let target = self.target.join(kind);
        let mut command = (self.cargo)();
        command.arg("--target-dir").arg(&target).env_remove(SCHEMA_DIR);
        if let Some(schemas) = schemas {
            command.env(SCHEMA_DIR, schemas);
        }
        match self.output {
            CargoOutput::Shown => command::run(&mut command)?,
            CargoOutput::InErrors => command::run_quietly(&mut command)?,
        }
        Wasm::read(&target.join(WASI).join("release").join(self.file()?))
    }

    fn file(&self) -> Result<PathBuf> {
        let library = project::library(self.plugin)?;
        Ok(format!("{}.wasm", library.name.replace('-', "_")).into())
    }
}

/// The plugin's answer when the server asks for its schema.
pub(crate) fn schema_of(wasm: &Wasm, package: &Package, record: &mut Record) -> Result<String> {
    if let Some(known) = record.schemas.get(&wasm.hash) {
        return Ok(known.clone());
    }
    let module = Module::load(wasm.bytes.clone(), package.clone())?;
    let plugin = Host::new()
        .install(module)
        .with_context(|| format!("{} cannot tell its schema", package.name()))?;
    record.schemas.insert(wasm.hash.clone(), plugin.schema().to_owned());
    Ok(plugin.schema().to_owned())
}

/// The words of the SDK in place of a form, where the server could draw none.
fn why_no_form(schema: &str) -> Option<String> {
    let schema: Value = serde_json::from_str(schema).ok()?;
    (schema["$comment"] == "no form").then(|| schema["description"].as_str().map(str::to_owned))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_in_place_of_a_form_stops_the_build_with_what_it_says() {
        let excuse = r#"{"type":"object","properties":{},"$comment":"no form","description":"x"}"#;
        assert_eq!(why_no_form(excuse), Some("x".to_owned()));
        assert_eq!(why_no_form(r#"{"type":"object","description":"x"}"#), None);
    }
}
