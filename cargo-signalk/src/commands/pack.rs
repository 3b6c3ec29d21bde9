//! `cargo signalk pack`: the package as npm takes it.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use signalk_plugin_build::progress::{self, Progress};
use signalk_plugin_build::{Packed, grouped};

use crate::building::{BuildArgs, Building};
use crate::terminal::Terminal;

/// Builds plugins, and packs them for npm and the App Store
///
/// The file target/signalk/NAME-VERSION.tgz is the same, byte for byte, each time that the same plugin is
/// packed. `npm publish FILE` brings it to the App Store, `npm install FILE` onto a server.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  cargo signalk pack --dry-run\n  cargo signalk pack && npm publish target/signalk/signalk-shallow-0.1.0.tgz"
)]
pub(crate) struct Args {
    #[command(flatten)]
    build: BuildArgs,

    /// Lists the files, and writes none
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(args: &Args, terminal: &Terminal) -> Result<ExitCode> {
    let building = Building::prepare(&args.build, terminal)?;
    for built in building.build_all()? {
        let pack = || Packed::of(&built);
        let packed = progress::step(terminal, "packing", &built.name, pack)?;
        terminal.result(listing(&packed));
        for sentence in &packed.advice {
            terminal.warn(format!("{}: {sentence}", built.name));
        }
        if !args.dry_run {
            let file = packed.write(&building.project.state())?;
            terminal.say("packed", &file.display().to_string());
        }
    }
    building.advise();
    Ok(ExitCode::SUCCESS)
}

fn listing(packed: &Packed) -> String {
    let mut text = format!("{}\n", packed.file_name);
    for (name, bytes) in &packed.files {
        // Writing to a String does not fail.
        let _ = writeln!(text, "  {:>12}  {name}", grouped(*bytes));
    }
    let _ = write!(
        text,
        "  {:>12}  in {} files, {} packed",
        grouped(packed.files.iter().map(|(_, bytes)| bytes).sum()),
        packed.files.len(),
        grouped(packed.tarball.len() as u64)
    );
    text
}
