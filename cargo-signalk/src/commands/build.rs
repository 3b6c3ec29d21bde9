//! `cargo signalk build`: from Cargo.toml to a package that a server takes.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use signalk_plugin_build::{Builder, CargoOutput, Project, toolchain};

use crate::terminal::Terminal;

/// Builds plugins, each a package that a server takes as it is
///
/// The plugin's .wasm is built for size, with its settings form in it as text. The package is put into
/// target/signalk/packages/NAME, ready for the folder node_modules of a server.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  cargo signalk build\n  cargo signalk build ../signalk-shallow")]
pub(crate) struct Args {
    /// The folder of a plugin, or of a workspace with plugins
    #[arg(default_value = ".")]
    folder: PathBuf,
}

pub(crate) fn run(args: &Args, terminal: &Terminal) -> Result<ExitCode> {
    let project = Project::load(&args.folder)?;
    let toolchain = toolchain::set_up(&toolchain::folder()?, &[toolchain::WASI], terminal)?;
    let output = if terminal.is_quiet() { CargoOutput::InErrors } else { CargoOutput::Shown };
    let builder = Builder::new(&project, &toolchain, terminal).cargo_output(output);
    for plugin in project.plugins()? {
        let built = builder.build(plugin)?;
        terminal.result(format!(
            "{}: {} bytes, in {}",
            built.name,
            built.embedded_bytes,
            built.folder.display()
        ));
    }
    Ok(ExitCode::SUCCESS)
}
