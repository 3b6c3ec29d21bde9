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

    /// Takes the dependencies that Cargo.lock has, and no others
    #[arg(long)]
    locked: bool,

    /// Asks no registry for anything
    #[arg(long)]
    offline: bool,
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

impl<'a> Building<'a> {
    /// Looks at the folder, and sets the toolchain up where that is missing.
    pub(crate) fn prepare(args: &'a BuildArgs, terminal: &'a Terminal) -> Result<Self> {
        let project = Project::load(&args.folder)?;
        // First, for it takes a second: what is wrong with the sources, whatever is missing on the machine.
        let mut sources = Vec::new();
        for plugin in project.plugins()? {
            sources.extend(checking::of_plugin(plugin)?);
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
        for (flag, is_given) in [("--locked", self.args.locked), ("--offline", self.args.offline)] {
            if is_given {
                builder = builder.cargo_argument(flag);
            }
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
            let mut findings = checking::built(&built.folder, folder(plugin))?;
            // What was told of the sources is not told again.
            findings.retain(|it| !self.sources.iter().any(|told| told.message == it.message));
            checking::refuse(&findings, self.terminal)?;
            all.push(built);
        }
        Ok(all)
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
