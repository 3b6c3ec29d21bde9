//! Builds a plugin's package, its configuration schema embedded as bytes.
//!
//! A macro cannot run the author's types, so a plain build carries the code that generates the
//! schema. It is built once like that, asked for its schema in the embedded host, and built again
//! with the answer, without that code.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};
use signalk_plugin_contract::package;
use signalk_plugin_host::{Host, Module, Package};

use crate::command;
use crate::package_files;
use crate::rustc_wrapper;
use crate::toolchain::WASI;

/// Folder, absolute, in which the macro finds the schema as `<package>.json`.
const SCHEMA_DIR: &str = "SIGNALK_PLUGIN_SCHEMA_DIR";

/// What is to be built, and where.
pub(crate) struct PluginBuild<'a> {
    /// The folder of this workspace, in which the SDK is.
    pub(crate) workspace: &'a Path,
    /// The cargo package.
    pub(crate) package: &'a cargo_metadata::Package,
    /// Makes a `cargo` command for [`WASI`].
    pub(crate) cargo: &'a dyn Fn() -> Command,
    /// Where cargo builds.
    pub(crate) target: &'a Path,
    /// Where the finished package goes, in a folder of its name.
    pub(crate) output: &'a Path,
}

/// A built package.
pub(crate) struct BuiltPlugin {
    /// Holds `package.json` and the .wasm, ready for a server's node_modules.
    pub(crate) folder: PathBuf,
    /// The .wasm in `folder`.
    pub(crate) wasm: PathBuf,
    /// Size of the .wasm that generates its schema, in bytes.
    pub(crate) plain_bytes: u64,
    /// Size of the .wasm that has its schema embedded, in bytes.
    pub(crate) embedded_bytes: u64,
}

impl PluginBuild<'_> {
    /// Builds twice, and puts the package together.
    pub(crate) fn run(&self) -> Result<BuiltPlugin> {
        let manifest = self.package_json()?;
        let package = Package::from_json(&manifest)
            .with_context(|| format!("the package.json of {} will not do", self.package.name))?;
        let wasm_name = package.manifest().unwrap_or("plugin.wasm").to_owned();

        let plain = self.cargo_build("plain", None)?;
        let schema = schema_of(&plain, &package)?;
        if let Some(problem) = why_no_form(&schema) {
            bail!("{}: {problem}", self.package.name);
        }
        let schemas = self.target.join("schemas");
        write_if_changed(&schemas.join(format!("{}.json", self.package.name)), &schema)?;
        let embedded = self.cargo_build("embedded", Some(&schemas))?;
        if schema_of(&embedded, &package)? != schema {
            bail!(
                "{} with its schema embedded answers another schema than without: does its macro \
                 honour {SCHEMA_DIR}?",
                self.package.name
            );
        }

        let folder = self.output.join(self.package.name.as_str());
        let wasm = folder.join(wasm_name);
        // Without what an earlier build has left there.
        if folder.exists() {
            fs::remove_dir_all(&folder)
                .with_context(|| format!("{} could not be emptied", folder.display()))?;
        }
        fs::create_dir_all(wasm.parent().unwrap_or(&folder))?;
        package_files::copy(self.folder()?, &serde_json::from_str(&manifest)?, &folder)?;
        fs::write(folder.join("package.json"), &manifest)?;
        fs::copy(&embedded, &wasm)
            .with_context(|| format!("{} could not be copied", embedded.display()))?;
        Ok(BuiltPlugin {
            folder,
            wasm,
            plain_bytes: fs::metadata(plain)?.len(),
            embedded_bytes: fs::metadata(embedded)?.len(),
        })
    }

    /// The folder of the plugin.
    fn folder(&self) -> Result<&Path> {
        let folder = self.package.manifest_path.parent();
        Ok(folder.context("a Cargo.toml is in no folder")?.as_std_path())
    }

    /// One release build in a target folder of its own, so that the other one stays up to date.
    fn cargo_build(&self, name: &str, schemas: Option<&Path>) -> Result<PathBuf> {
        let target = self.target.join(name);
        let mut command = (self.cargo)();
        command
            .args(["build", "--release", "--target", WASI, "--package"])
            .arg(self.package.name.as_str())
            .arg("--manifest-path")
            .arg(&self.package.manifest_path)
            .arg("--target-dir")
            .arg(&target)
            .arg("--config")
            .arg(self.remapped_paths())
            .env_remove(SCHEMA_DIR);
        rustc_wrapper::hide_folders(&mut command, self.workspace)?;
        if let Some(schemas) = schemas {
            command.env(SCHEMA_DIR, schemas);
        }
        command::run(&mut command)?;
        Ok(target.join(WASI).join("release").join(self.artifact()?))
    }

    /// Keeps the folders of this machine out of the panic messages of a .wasm that others run. The same
    /// for all plugins: with other flags, cargo builds everything anew. The folder of a plugin elsewhere
    /// is left to [`rustc_wrapper`].
    fn remapped_paths(&self) -> String {
        let cargo_home = rustc_wrapper::cargo_home();
        // The last one that fits counts.
        let remapped = [
            cargo_home.map(|home| (home, "/cargo")),
            Some((self.workspace.to_path_buf(), "/signalk-plugin-sdk")),
            Some((self.target.to_path_buf(), "/target")),
        ];
        let flags = remapped
            .into_iter()
            .flatten()
            .map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()));
        format!("target.{WASI}.rustflags={:?}", flags.collect::<Vec<_>>())
    }

    /// The file name that cargo gives the .wasm.
    fn artifact(&self) -> Result<String> {
        let library = self
            .package
            .targets
            .iter()
            .find(|target| target.crate_types.contains(&cargo_metadata::CrateType::CDyLib));
        let Some(library) = library else {
            bail!(
                "{} builds no .wasm: its Cargo.toml needs crate-type = [\"cdylib\"] in [lib]",
                self.package.name
            );
        };
        Ok(format!("{}.wasm", library.name.replace('-', "_")))
    }

    /// The package.json beside Cargo.toml, which has to agree with it on name and version; where there
    /// is none, one with what the server needs.
    fn package_json(&self) -> Result<String> {
        let file = self.package.manifest_path.with_file_name("package.json");
        let mut json: Value = if file.exists() {
            let text =
                fs::read_to_string(&file).with_context(|| format!("{file} cannot be read"))?;
            serde_json::from_str(&text).with_context(|| format!("{file} is not JSON"))?
        } else {
            json!({
                "keywords": [package::APP_STORE_KEYWORD, package::KEYWORD],
                (package::MANIFEST): "plugin.wasm",
                (package::CAPABILITIES): {},
                "description": self.package.description,
            })
        };
        let Some(object) = json.as_object_mut() else {
            bail!("{file} is not a JSON object");
        };
        // The server knows a plugin, and its configuration, by the name.
        agree(object, "name", self.package.name.as_str())?;
        agree(object, "version", &self.package.version.to_string())?;
        Ok(serde_json::to_string_pretty(&json)? + "\n")
    }
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
