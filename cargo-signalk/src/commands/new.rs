//! `cargo signalk new`: a plugin that builds, tests and runs at once.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use signalk_plugin_build::Project;
use signalk_plugin_build::progress::Progress;

use crate::new::{self, Name, NewPlugin, Sdk};
use crate::terminal::Terminal;

/// Makes a new plugin from a template
///
/// The folder gets the name of the plugin, which is its id on a server and its package on npm, too. With it
/// come tests, lints that name what does not work in a plugin, a README, and a workflow for GitHub.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  cargo signalk new signalk-shallow\n  cargo signalk new signalk-my-anchor --template anchor-watch"
)]
pub(crate) struct Args {
    /// The name of the plugin, or a path that ends in it
    name: PathBuf,

    /// The plugin to begin with
    #[arg(long, short, default_value = "hello", value_parser = clap::builder::PossibleValuesParser::new(new::template_names()))]
    template: String,

    /// The SDK: a folder, a version, or the address of a git repository
    #[arg(long, value_name = "PATH|VERSION|GIT")]
    sdk: Option<String>,
}

pub(crate) fn run(args: &Args, terminal: &Terminal) -> Result<ExitCode> {
    let name = name_of(&args.name)?;
    let sdk = args.sdk.as_deref().map_or_else(|| Ok(Sdk::usual()), Sdk::parse)?;
    let plugin = NewPlugin {
        name: &name,
        template: new::template(&args.template)?,
        sdk: &sdk,
        folder: &args.name,
    };
    plugin.write()?;
    let folder = args.name.display();
    terminal.say("created", &format!("{name} from the template {}, in {folder}", args.template));
    terminal.say("next", &format!("cd {folder} && cargo test && cargo signalk build"));
    if let Err(error) = Project::load(&args.name) {
        terminal.warn(format!("{folder} is there, but {error:#}"));
    }
    Ok(ExitCode::SUCCESS)
}

/// The last part of the path. A scope looks like a folder.
fn name_of(path: &Path) -> Result<Name> {
    let text = path.to_str().with_context(|| format!("{} is not UTF-8", path.display()))?;
    if text.starts_with('@') {
        return Name::parse(text);
    }
    let name = path.file_name().and_then(|name| name.to_str());
    Name::parse(
        name.with_context(|| format!("{text} names no plugin: signalk-shallow, for example"))?,
    )
}
