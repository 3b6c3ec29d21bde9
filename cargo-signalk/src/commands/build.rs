//! `cargo signalk build`: from Cargo.toml to a package that a server takes.

use std::fmt::Write as _;
use std::fs;
use std::process::ExitCode;

use anyhow::Result;
use signalk_plugin_build::{BuiltPlugin, Contents, Sections, grouped};

use crate::building::{BuildArgs, Building};
use crate::terminal::Terminal;

/// Builds plugins, each a package that a server takes as it is
///
/// The plugin's .wasm is built for size, with its settings form in it as text, and its package.json is
/// written from Cargo.toml and its section [package.metadata.signalk]. The package is put into
/// target/signalk/packages/NAME, ready for the folder node_modules of a server.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  cargo signalk build\n  cargo signalk build ../signalk-shallow --explain"
)]
pub(crate) struct Args {
    #[command(flatten)]
    build: BuildArgs,

    /// Says what takes how much of the .wasm, by crate and module
    #[arg(long)]
    explain: bool,
}

pub(crate) fn run(args: &Args, terminal: &Terminal) -> Result<ExitCode> {
    let building = Building::prepare(&args.build, terminal)?;
    for built in building.build_all()? {
        terminal.result(summary(&built));
    }
    if args.explain {
        explain(&building, terminal)?;
    }
    building.advise();
    Ok(ExitCode::SUCCESS)
}

/// The most bytes of a schema that a server reads: one less than its buffer has.
const LARGEST_SCHEMA: u64 = signalk_plugin_build::TEXT_BUFFER as u64 - 1;

fn summary(built: &BuiltPlugin) -> String {
    let mut text = format!("{} {} is in {}\n", built.name, built.version, built.folder.display());
    let before = built.before.as_ref();
    let mut line = |name: &str, of: fn(&Sections) -> u64| {
        let now = of(&built.sections);
        let growth = before.map_or_else(String::new, |before| growth(of(before), now));
        // Writing to a String does not fail.
        let _ = writeln!(text, "  {name:<24}{:>12} bytes{growth}", grouped(now));
    };
    line("the .wasm", |it| it.total);
    line("  code", |it| it.code);
    line("  texts and tables", |it| it.data);
    line("  for tools", |it| it.custom);
    line("  the rest", Sections::rest);
    let schema = grouped(built.schema_bytes);
    let _ = write!(
        text,
        "  {:<24}{schema:>12} bytes of at most {}",
        "the settings form",
        grouped(LARGEST_SCHEMA)
    );
    text
}

/// As an addition to a number: nothing where it stayed the same.
fn growth(before: u64, now: u64) -> String {
    match now.cmp(&before) {
        std::cmp::Ordering::Equal => String::new(),
        std::cmp::Ordering::Greater => format!(", {} more than last time", grouped(now - before)),
        std::cmp::Ordering::Less => format!(", {} less than last time", grouped(before - now)),
    }
}

/// Builds with the names of functions, and prints what takes how much.
fn explain(building: &Building, terminal: &Terminal) -> Result<()> {
    let folder = building.project.state().join("with-names");
    let builder = building
        .builder()
        .wasm_opt(None)
        .profile("strip", "none")
        .output(folder.join("packages"))
        .target(folder);
    for plugin in building.project.plugins()? {
        let built = builder.build(plugin)?;
        let contents = Contents::read(&fs::read(&built.wasm)?)?;
        terminal.result(explained(&built.name, &contents));
    }
    Ok(())
}

fn explained(name: &str, contents: &Contents) -> String {
    let mut rooms: Vec<_> = contents.code.iter().collect();
    rooms.sort_by_key(|(_, bytes)| std::cmp::Reverse(**bytes));
    let code: u64 = contents.code.values().sum();
    let mut text = format!("\n{name}, as cargo makes it, in bytes:\n");
    let rooms = rooms.into_iter().map(|(room, bytes)| (room.as_str(), *bytes));
    let sums = [
        ("all code", code),
        ("data: texts, tables", contents.data),
        ("the rest: types, exports, imports", contents.rest),
    ];
    for (room, bytes) in rooms.chain(sums) {
        let _ = writeln!(text, "  {room:<44}{:>12}", grouped(bytes));
    }
    text
}
