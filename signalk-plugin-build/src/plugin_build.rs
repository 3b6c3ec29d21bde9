//! Builds the package of a plugin.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};
use cargo_metadata::Package as CargoPackage;

use crate::assemble::Parts;
use crate::compile::{CargoOutput, Compilation, Compiled, Wasm, schema_of};
use crate::files::write;
use crate::hidden_paths;
use crate::manifest::Manifest;
use crate::module::{Sections, WasmOpt, without_initialize};
use crate::profile;
use crate::progress::{self, Progress};
use crate::project::{self, Project};
use crate::record::Record;
use crate::toolchain::{self, Toolchain, WASI};

/// Builds the plugins of a project.
pub struct Builder<'a> {
    project: &'a Project,
    toolchain: &'a Toolchain,
    progress: &'a dyn Progress,
    target: PathBuf,
    output: PathBuf,
    profile: Vec<(String, String)>,
    wasm_opt: Option<WasmOpt>,
    cargo_arguments: Vec<String>,
    cargo_output: CargoOutput,
}

/// A built package.
#[derive(Debug, Clone)]
pub struct BuiltPlugin {
    /// Its name, which is the plugin's id.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Holds `package.json` and the .wasm, ready for a server's node_modules.
    pub folder: PathBuf,
    /// The .wasm in `folder`.
    pub wasm: PathBuf,
    /// Size of the .wasm that generates its schema, in bytes.
    pub plain_bytes: u64,
    /// Size of the .wasm that has its schema embedded, as cargo leaves it, in bytes.
    pub embedded_bytes: u64,
    /// Size of the schema, in bytes.
    pub schema_bytes: u64,
    /// Sizes of the finished .wasm.
    pub sections: Sections,
    /// Sizes of the one that was built before it.
    pub before: Option<Sections>,
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
            wasm_opt: None,
            cargo_arguments: Vec::new(),
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

    /// Says something of the release profile otherwise than Cargo.toml, by its key: `opt-level`.
    #[must_use]
    pub fn profile(mut self, key: &str, value: &str) -> Self {
        self.profile.push((profile::variable(key), value.to_owned()));
        self
    }

    /// Has the .wasm made smaller once it is built.
    #[must_use]
    pub fn wasm_opt(mut self, wasm_opt: Option<WasmOpt>) -> Self {
        self.wasm_opt = wasm_opt;
        self
    }

    /// Adds an argument for cargo: `--locked`.
    #[must_use]
    pub fn cargo_argument(mut self, argument: impl Into<String>) -> Self {
        self.cargo_arguments.push(argument.into());
        self
    }

    /// Says what becomes of what cargo prints.
    #[must_use]
    pub fn cargo_output(mut self, output: CargoOutput) -> Self {
        self.cargo_output = output;
        self
    }

    /// Builds a plugin twice, plain and with its schema embedded, and puts its package together. What is up
    /// to date is not done again.
    ///
    /// # Errors
    ///
    /// When cargo fails, when the plugin has no schema that a server could make a form of, and when what
    /// its package.json is made from will not do.
    pub fn build(&self, plugin: &CargoPackage) -> Result<BuiltPlugin> {
        // First what can be wrong before anything was compiled.
        let manifest = Manifest::read(plugin)?;
        let mut record = Record::load(&self.target, &plugin.name);
        let compiled =
            self.compile(plugin, &manifest, |compilation| compilation.run(&mut record))?;
        let finished = self.finish(&compiled, &manifest, &mut record)?;
        let mut built = self.put_together(plugin, &manifest, &finished, &self.output)?;
        built.plain_bytes = compiled.plain.bytes.len() as u64;
        built.embedded_bytes = compiled.embedded.bytes.len() as u64;
        built.schema_bytes = compiled.schema.len() as u64;
        built.before = record.sections.replace(built.sections);
        let modules = [&compiled.plain, &compiled.embedded, &finished].map(|it| it.hash.as_str());
        record.save(&self.target, &plugin.name, &modules)?;
        Ok(built)
    }

    /// Builds a plugin once, as it is to be tried while it is being written: it makes its schema by itself, and is
    /// larger. Its package is beside that of [`build`](Self::build), which stays as it is.
    ///
    /// # Errors
    ///
    /// As [`build`](Self::build).
    pub fn build_for_trying(&self, plugin: &CargoPackage) -> Result<BuiltPlugin> {
        let manifest = Manifest::read(plugin)?;
        let mut record = Record::load(&self.target, &plugin.name);
        let (plain, schema) =
            self.compile(plugin, &manifest, |compilation| compilation.run_plain(&mut record))?;
        let bytes = without_initialize(&plain.bytes)?.unwrap_or_else(|| plain.bytes.clone());
        let output = self.target.join("trying");
        let mut built = self.put_together(plugin, &manifest, &Wasm::of(bytes), &output)?;
        built.schema_bytes = schema.len() as u64;
        Ok(built)
    }

    fn compile<T>(
        &self,
        plugin: &CargoPackage,
        manifest: &Manifest,
        run: impl FnOnce(&Compilation<'_>) -> Result<T>,
    ) -> Result<T> {
        let flags = self.whole_profile()?;
        let c_compiler = self.c_compiler(plugin)?;
        let cargo = || {
            let mut cargo = self.cargo(plugin);
            cargo.envs(flags.iter().map(|(key, value)| (key, value)));
            cargo.envs(c_compiler.iter().map(|(key, value)| (key, value)));
            cargo
        };
        run(&Compilation {
            plugin,
            package: manifest.package(),
            target: &self.target,
            cargo: &cargo,
            output: self.cargo_output,
        })
    }

    /// Makes the folder of the package. Sizes of what it was made from are those of the .wasm itself.
    fn put_together(
        &self,
        plugin: &CargoPackage,
        manifest: &Manifest,
        wasm: &Wasm,
        output: &Path,
    ) -> Result<BuiltPlugin> {
        let folder = output.join(plugin.name.as_str());
        let parts = Parts {
            plugin: project::folder(plugin),
            workspace: self.project.root(),
            manifest,
            wasm: &wasm.bytes,
        };
        let bytes = wasm.bytes.len() as u64;
        Ok(BuiltPlugin {
            name: plugin.name.to_string(),
            version: plugin.version.to_string(),
            wasm: parts.put(&folder)?,
            folder,
            plain_bytes: bytes,
            embedded_bytes: bytes,
            schema_bytes: 0,
            sections: Sections::of(&wasm.bytes),
            before: None,
        })
    }

    /// Makes the finished .wasm of that of cargo.
    fn finish(
        &self,
        compiled: &Compiled,
        manifest: &Manifest,
        record: &mut Record,
    ) -> Result<Wasm> {
        let folder = self.target.join("finished");
        let name = manifest.package().name();
        let file = folder.join(format!("{name}.wasm"));
        let program = self.wasm_opt.as_ref().map_or("nothing", WasmOpt::version);
        let from = format!("{} by {program}", compiled.embedded.hash);
        if record.finished_from.as_deref() == Some(&from) && file.is_file() {
            return Ok(Wasm::of(fs::read(&file)?));
        }
        fs::create_dir_all(&folder)?;
        let bytes = without_initialize(&compiled.embedded.bytes)?;
        let mut bytes = bytes.unwrap_or_else(|| compiled.embedded.bytes.clone());
        if let Some(wasm_opt) = &self.wasm_opt {
            let unfinished = folder.join(format!("{name}.from-cargo.wasm"));
            fs::write(&unfinished, &bytes)?;
            let optimize = || wasm_opt.optimize(&unfinished, &file);
            bytes = progress::step(self.progress, "optimizing", name, optimize)?;
        } else {
            write(&file, &bytes)?;
        }
        let finished = Wasm::of(bytes);
        let schema = schema_of(&finished, manifest.package(), record)?;
        ensure!(
            schema == compiled.schema,
            "{name} has another schema after {program} than before: build it without"
        );
        record.finished_from = Some(from);
        Ok(finished)
    }

    /// The profile that is asked for, over a small one, where Cargo.toml leaves it open.
    fn whole_profile(&self) -> Result<Vec<(String, String)>> {
        let mut profile = profile::small_unless_said(self.project.root())?;
        profile.extend(self.profile.iter().cloned());
        Ok(profile)
    }

    fn c_compiler(&self, plugin: &CargoPackage) -> Result<Vec<(&'static str, OsString)>> {
        if project::uses_https(plugin) {
            toolchain::c_compiler(self.progress)
        } else {
            Ok(Vec::new())
        }
    }

    fn cargo(&self, plugin: &CargoPackage) -> Command {
        let mut cargo = self.toolchain.cargo();
        cargo
            // There cargo finds the configuration that the author builds with.
            .current_dir(self.project.root())
            .args(["build", "--release", "--target", WASI, "--package"])
            .arg(plugin.name.as_str())
            .arg("--manifest-path")
            .arg(&plugin.manifest_path)
            .args(&self.cargo_arguments);
        self.hide_paths(&mut cargo);
        cargo
    }

    /// Adds to the flags that the author has set, wherever cargo would take them from.
    fn hide_paths(&self, cargo: &mut Command) {
        let flags = hidden_paths::flags(self.project, &self.target);
        match flags_of_the_environment() {
            Some(mut all) => {
                all.extend(flags);
                cargo.env(ENCODED_FLAGS, all.join(SEPARATOR));
            }
            None => {
                cargo.arg("--config").arg(format!("target.{WASI}.rustflags={flags:?}"));
            }
        }
    }
}

/// Reads what the package.json of a plugin is made from, without building anything.
///
/// # Errors
///
/// When it will not do.
pub fn check_manifest(plugin: &CargoPackage) -> Result<()> {
    Manifest::read(plugin).map(drop)
}

/// Flags for rustc, which may have blanks in them.
const ENCODED_FLAGS: &str = "CARGO_ENCODED_RUSTFLAGS";
const SEPARATOR: &str = "\u{1f}";

/// With these, cargo takes none of its configuration.
fn flags_of_the_environment() -> Option<Vec<String>> {
    let owned = |parts: Vec<&str>| parts.into_iter().map(str::to_owned).collect();
    if let Ok(flags) = std::env::var(ENCODED_FLAGS) {
        return Some(owned(flags.split(SEPARATOR).filter(|flag| !flag.is_empty()).collect()));
    }
    let flags = std::env::var("RUSTFLAGS").ok()?;
    Some(owned(flags.split_whitespace().collect()))
}
