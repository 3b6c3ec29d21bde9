//! Builds a plugin's package, its configuration schema embedded as bytes.
//!
//! A macro cannot run the author's types, so a plain build carries the code that generates the
//! schema. It is built once like that, asked for its schema in the embedded host, and built again
//! with the answer, without that code.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use cargo_metadata::Package as CargoPackage;
use serde_json::{Map, Value, json};
use signalk_plugin_contract::package;
use signalk_plugin_host::{Host, Module, Package};

use crate::command;
use crate::hidden_paths;
use crate::package_files;
use crate::progress::Progress;
use crate::project::{self, Project};
use crate::toolchain::{self, Toolchain, WASI};

/// Folder, absolute, in which the macro finds the schema as `<package>.json`.
const SCHEMA_DIR: &str = "SIGNALK_PLUGIN_SCHEMA_DIR";

/// What becomes of what cargo prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CargoOutput {
    /// It goes to standard error as it comes.
    #[default]
    Shown,
    /// It is in the error where the build fails.
    InErrors,
}

/// Builds the plugins of a project.
pub struct Builder<'a> {
    project: &'a Project,
    toolchain: &'a Toolchain,
    progress: &'a dyn Progress,
    target: PathBuf,
    output: PathBuf,
    profile: Vec<(String, String)>,
    cargo_output: CargoOutput,
}

/// A built package.
#[derive(Debug, Clone)]
pub struct BuiltPlugin {
    /// Its name, which is the plugin's id.
    pub name: String,
    /// Holds `package.json` and the .wasm, ready for a server's node_modules.
    pub folder: PathBuf,
    /// The .wasm in `folder`.
    pub wasm: PathBuf,
    /// Size of the .wasm that generates its schema, in bytes.
    pub plain_bytes: u64,
    /// Size of the .wasm that has its schema embedded, in bytes.
    pub embedded_bytes: u64,
}

impl<'a> Builder<'a> {
    /// A builder that keeps all it makes in [`Project::state`].
    #[must_use]
    pub fn new(project: &'a Project, toolchain: &'a Toolchain, progress: &'a dyn Progress) -> Self {
        let state = project.state();
        Self {
            project,
            toolchain,
            progress,
            output: state.join("packages"),
            target: state,
            profile: Vec::new(),
            cargo_output: CargoOutput::default(),
        }
    }

    /// Has cargo build in this folder.
    #[must_use]
    pub fn target(mut self, target: impl Into<PathBuf>) -> Self {
        self.target = target.into();
        self
    }

    /// Puts the finished packages here, each in a folder of its name.
    #[must_use]
    pub fn output(mut self, output: impl Into<PathBuf>) -> Self {
        self.output = output.into();
        self
    }

    /// Says something of the release profile otherwise than Cargo.toml, by the name that it has in cargo's
    /// variables: `OPT_LEVEL`.
    #[must_use]
    pub fn profile(mut self, key: &str, value: &str) -> Self {
        self.profile.push((format!("CARGO_PROFILE_RELEASE_{key}"), value.to_owned()));
        self
    }

    /// Says what becomes of what cargo prints.
    #[must_use]
    pub fn cargo_output(mut self, output: CargoOutput) -> Self {
        self.cargo_output = output;
        self
    }

    /// Builds a plugin twice, and puts its package together.
    ///
    /// # Errors
    ///
    /// When cargo fails, when the plugin has no schema that a server could make a form of, and when its
    /// package.json will not do.
    pub fn build(&self, plugin: &CargoPackage) -> Result<BuiltPlugin> {
        let manifest = package_json(plugin)?;
        let package = Package::from_json(&manifest)
            .with_context(|| format!("the package.json of {} will not do", plugin.name))?;
        let wasm_name = package.manifest().unwrap_or("plugin.wasm").to_owned();

        let plain = self.cargo_build(plugin, "plain", None)?;
        let schema = schema_of(&plain, &package)?;
        if let Some(problem) = why_no_form(&schema) {
            bail!("{}: {problem}", plugin.name);
        }
        let schemas = self.target.join("schemas");
        write_if_changed(&schemas.join(format!("{}.json", plugin.name)), &schema)?;
        let embedded = self.cargo_build(plugin, "embedded", Some(&schemas))?;
        if schema_of(&embedded, &package)? != schema {
            bail!(
                "{} with its schema embedded answers another schema than without: does its macro \
                 honour {SCHEMA_DIR}?",
                plugin.name
            );
        }

        let folder = self.output.join(plugin.name.as_str());
        let wasm = folder.join(wasm_name);
        // Without what an earlier build has left there.
        if folder.exists() {
            fs::remove_dir_all(&folder)
                .with_context(|| format!("{} could not be emptied", folder.display()))?;
        }
        fs::create_dir_all(wasm.parent().unwrap_or(&folder))?;
        package_files::copy(project::folder(plugin), &serde_json::from_str(&manifest)?, &folder)?;
        fs::write(folder.join("package.json"), &manifest)?;
        fs::copy(&embedded, &wasm)
            .with_context(|| format!("{} could not be copied", embedded.display()))?;
        Ok(BuiltPlugin {
            name: plugin.name.to_string(),
            folder,
            wasm,
            plain_bytes: fs::metadata(plain)?.len(),
            embedded_bytes: fs::metadata(embedded)?.len(),
        })
    }

    /// One release build in a target folder of its own, so that the other one stays up to date.
    fn cargo_build(
        &self,
        plugin: &CargoPackage,
        name: &str,
        schemas: Option<&Path>,
    ) -> Result<PathBuf> {
        let library = project::library(plugin)?;
        let target = self.target.join(name);
        let mut command = self.cargo(plugin)?;
        command
            // There cargo finds the configuration that the author builds with.
            .current_dir(self.project.root())
            .args(["build", "--release", "--target", WASI, "--package"])
            .arg(plugin.name.as_str())
            .arg("--manifest-path")
            .arg(&plugin.manifest_path)
            .arg("--target-dir")
            .arg(&target)
            .env_remove(SCHEMA_DIR);
        self.hide_paths(&mut command);
        if let Some(schemas) = schemas {
            command.env(SCHEMA_DIR, schemas);
        }
        match self.cargo_output {
            CargoOutput::Shown => command::run(&mut command)?,
            CargoOutput::InErrors => command::run_quietly(&mut command)?,
        }
        let file = format!("{}.wasm", library.name.replace('-', "_"));
        Ok(target.join(WASI).join("release").join(file))
    }

    fn cargo(&self, plugin: &CargoPackage) -> Result<Command> {
        let mut cargo = self.toolchain.cargo();
        cargo.envs(self.profile.iter().map(|(key, value)| (key, value)));
        if project::uses_https(plugin) {
            cargo.envs(toolchain::c_compiler(self.progress)?);
        }
        Ok(cargo)
    }

    /// Adds to the flags that the author has set, wherever cargo would take them from.
    fn hide_paths(&self, cargo: &mut Command) {
        let flags = hidden_paths::flags(self.project, &self.target);
        let in_environment = match std::env::var("CARGO_ENCODED_RUSTFLAGS") {
            Ok(flags) => Some(flags),
            Err(_) => std::env::var("RUSTFLAGS")
                .ok()
                .map(|flags| flags.split_whitespace().collect::<Vec<_>>().join("\u{1f}")),
        };
        match in_environment.filter(|flags| !flags.is_empty()) {
            Some(given) => {
                cargo.env(
                    "CARGO_ENCODED_RUSTFLAGS",
                    [&[given], flags.as_slice()].concat().join("\u{1f}"),
                );
            }
            None => {
                cargo.arg("--config").arg(format!("target.{WASI}.rustflags={flags:?}"));
            }
        }
    }
}

/// The package.json beside Cargo.toml, which has to agree with it on name and version; where there
/// is none, one with what the server needs.
fn package_json(plugin: &CargoPackage) -> Result<String> {
    let file = plugin.manifest_path.with_file_name("package.json");
    let mut json: Value = if file.exists() {
        let text = fs::read_to_string(&file).with_context(|| format!("{file} cannot be read"))?;
        serde_json::from_str(&text).with_context(|| format!("{file} is not JSON"))?
    } else {
        json!({
            "keywords": [package::APP_STORE_KEYWORD, package::KEYWORD],
            (package::MANIFEST): "plugin.wasm",
            (package::CAPABILITIES): {},
            "description": plugin.description,
        })
    };
    let Some(object) = json.as_object_mut() else {
        bail!("{file} is not a JSON object");
    };
    // The server knows a plugin, and its configuration, by the name.
    agree(object, "name", plugin.name.as_str())?;
    agree(object, "version", &plugin.version.to_string())?;
    Ok(serde_json::to_string_pretty(&json)? + "\n")
}

/// Fills in what package.json leaves to Cargo.toml, and refuses what it says otherwise.
fn agree(package_json: &mut Map<String, Value>, key: &str, cargo: &str) -> Result<()> {
    match package_json.get(key) {
        None => {
            package_json.insert(key.to_owned(), cargo.into());
        }
        Some(found) if found == cargo => {}
        Some(found) => bail!(
            "package.json has the {key} {found} and Cargo.toml \"{cargo}\": write the same {key} \
             into both (by the name, the server finds the configuration that the plugin's owner has \
             saved)"
        ),
    }
    Ok(())
}

/// What the plugin answers when the server asks for its schema.
fn schema_of(wasm: &Path, package: &Package) -> Result<String> {
    let bytes = fs::read(wasm).with_context(|| format!("the build left no {}", wasm.display()))?;
    let module = Module::load(bytes, package.clone())?;
    let plugin = Host::new()
        .install(module)
        .with_context(|| format!("{} cannot tell its schema", package.name()))?;
    Ok(plugin.schema().to_owned())
}

/// The words of the SDK in place of a form, where the server could draw none.
fn why_no_form(schema: &str) -> Option<String> {
    let schema: Value = serde_json::from_str(schema).ok()?;
    (schema["$comment"] == "no form").then(|| schema["description"].as_str().map(str::to_owned))?
}

/// Leaves the file's time alone where nothing changes, so that cargo sees no change either.
fn write_if_changed(file: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(file).is_ok_and(|found| found == text) {
        return Ok(());
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, text).with_context(|| format!("{} could not be written", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_json_that_says_otherwise_than_cargo_toml_is_refused_with_both() {
        let mut json = Map::new();
        agree(&mut json, "name", "signalk-shallow").unwrap();
        assert_eq!(json["name"], "signalk-shallow");
        agree(&mut json, "name", "signalk-shallow").unwrap();
        for other in [json!("signalk-deep"), json!("@me/signalk-shallow"), json!(5), json!(null)] {
            json.insert("name".into(), other.clone());
            let error = agree(&mut json, "name", "signalk-shallow").unwrap_err().to_string();
            assert!(error.contains(&other.to_string()), "{error}");
            assert!(error.contains("Cargo.toml \"signalk-shallow\""), "{error}");
            assert_eq!(json["name"], other);
        }
        json.insert("version".into(), "0.2.0".into());
        assert!(agree(&mut json, "version", "0.1.0").is_err());
    }

    #[test]
    fn a_schema_in_place_of_a_form_stops_the_build_with_what_it_says() {
        let excuse = r#"{"type":"object","properties":{},"$comment":"no form","description":"x"}"#;
        assert_eq!(why_no_form(excuse), Some("x".to_owned()));
        assert_eq!(why_no_form(r#"{"type":"object","description":"x"}"#), None);
    }
}
