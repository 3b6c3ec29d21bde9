//! Building, as several commands do it first.

use std::path::PathBuf;

use anyhow::{Result, bail};
use signalk_plugin_build::cargo_metadata::Package;
use signalk_plugin_build::progress::Progress;
use signalk_plugin_build::{
    Builder, BuiltPlugin, CargoOutput, Project, Toolchain, WASM_OPT, WasmOpt, folder, toolchain,
};
use signalk_plugin_check::Finding;

use crate::checking;
use crate::terminal::Terminal;

/// The choices of a build.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct BuildArgs {
    /// The folder of a plugin, or of a workspace with plugins
    #[arg(default_value = ".")]
    pub(crate) folder: PathBuf,

    /// Leaves the .wasm as cargo makes it
    #[arg(long)]
    no_wasm_opt: bool,

    #[command(flatten)]
    cargo: CargoFlags,
}

/// What every call of cargo has to keep to. Without them it does as usual: Cargo.lock follows Cargo.toml.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct CargoFlags {
    /// Takes the dependencies that Cargo.lock has, and no others
    #[arg(long)]
    locked: bool,

    /// Asks no registry for anything
    #[arg(long)]
    offline: bool,
}

impl CargoFlags {
    pub(crate) fn arguments(&self) -> Vec<&'static str> {
        let all = [("--locked", self.locked), ("--offline", self.offline)];
        all.into_iter().filter(|(_, is_given)| *is_given).map(|(flag, _)| flag).collect()
    }
}

/// A project and what is needed to build its plugins.
pub(crate) struct Building<'a> {
    pub(crate) project: Project,
    toolchain: Toolchain,
    wasm_opt: Option<WasmOpt>,
    /// The findings in the sources, told already.
    sources: Vec<Finding>,
    args: &'a BuildArgs,
    terminal: &'a Terminal,
}

/// A plugin that can be tried.
pub(crate) struct Tried {
    pub(crate) built: BuiltPlugin,
    /// The warnings of the check of its package, a line each.
    pub(crate) remarks: Vec<String>,
}

impl<'a> Building<'a> {
    /// Looks at the folder, and sets the toolchain up where that is missing.
    pub(crate) fn prepare(args: &'a BuildArgs, terminal: &'a Terminal) -> Result<Self> {
        let cargo = args.cargo.arguments();
        let project = Project::load_with(&args.folder, &cargo)?;
        // First, for it takes a second: what is wrong with the sources, whatever is missing on the machine.
        let mut sources = Vec::new();
        for plugin in project.plugins()? {
            sources.extend(checking::of_plugin(plugin, &cargo)?);
        }
        checking::refuse(&sources, terminal)?;
        let toolchain = toolchain::set_up(&toolchain::folder()?, &[toolchain::WASI], terminal)?;
        let wasm_opt = if args.no_wasm_opt { None } else { WasmOpt::find() };
        Ok(Self { project, toolchain, wasm_opt, sources, args, terminal })
    }

    /// A builder with all that the command line says.
    pub(crate) fn builder(&self) -> Builder<'_> {
        let is_quiet = self.terminal.is_quiet();
        let output = if is_quiet { CargoOutput::InErrors } else { CargoOutput::Shown };
        let mut builder = Builder::new(&self.project, &self.toolchain, self.terminal)
            .wasm_opt(self.wasm_opt.clone())
            .cargo_output(output);
        for flag in self.args.cargo.arguments() {
            builder = builder.cargo_argument(flag);
        }
        builder
    }

    /// The plugin of a project that has one.
    pub(crate) fn only_plugin(&self) -> Result<Package> {
        match self.project.plugins()?.as_slice() {
            [plugin] => Ok((*plugin).clone()),
            several => {
                let names: Vec<_> = several.iter().map(|plugin| plugin.name.as_str()).collect();
                bail!(
                    "{} has {} plugins, and one runs at a time: give the folder of one of {}",
                    self.project.root().display(),
                    names.len(),
                    names.join(", ")
                );
            }
        }
    }

    /// Builds all plugins of the project, and refuses what a server would.
    pub(crate) fn build_all(&self) -> Result<Vec<BuiltPlugin>> {
        let builder = self.builder();
        let mut all = Vec::new();
        for plugin in self.project.plugins()? {
            self.terminal.say("building", &format!("{} v{}", plugin.name, plugin.version));
            let built = builder.build(plugin)?;
            checking::refuse(&self.news_of(&built, plugin)?, self.terminal)?;
            all.push(built);
        }
        Ok(all)
    }

    /// Builds a plugin once, to be tried while it is being written, and refuses what a server would.
    pub(crate) fn build_for_trying(&self, plugin: &Package) -> Result<Tried> {
        let built = self.builder().build_for_trying(plugin)?;
        let (errors, warnings): (Vec<_>, Vec<_>) =
            self.news_of(&built, plugin)?.into_iter().partition(Finding::is_error);
        if !errors.is_empty() {
            let errors: Vec<_> = errors.iter().map(checking::in_brief).collect();
            bail!("no server would run it: {}", errors.join("\n"));
        }
        Ok(Tried { built, remarks: warnings.iter().map(checking::in_brief).collect() })
    }

    /// The findings in a package, but for those that were told of its sources.
    fn news_of(&self, built: &BuiltPlugin, plugin: &Package) -> Result<Vec<Finding>> {
        let mut findings = checking::built(&built.folder, folder(plugin))?;
        findings.retain(|it| !self.sources.iter().any(|told| told.message == it.message));
        Ok(findings)
    }

    /// Tells how the .wasm could be smaller.
    pub(crate) fn advise(&self) {
        if self.wasm_opt.is_none() && !self.args.no_wasm_opt {
            self.terminal.warn(format!(
                "{WASM_OPT} is not installed, with which the .wasm would be a sixth smaller: it is in the \
                 package binaryen of Debian, Ubuntu and Homebrew, and `npm install --global binaryen` \
                 brings it anywhere; --no-wasm-opt leaves this line out"
            ));
        }
    }
}
