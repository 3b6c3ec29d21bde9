//! Writes the catalogue of the specification's paths from the schemas that a server comes with.

mod schema;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::servers::{self, Version};
use crate::workspace::Workspace;
use schema::{Entry, Schemas};

/// The package with the schemas.
const PACKAGE: &str = "node_modules/@signalk/signalk-schema";

const FILE: &str = "signalk-path-catalogue/src/paths.rs";

/// Writes the file anew.
pub(crate) fn write(workspace: &Workspace) -> Result<()> {
    let file = workspace.root().join(FILE);
    fs::write(&file, text(workspace)?)
        .with_context(|| format!("{} cannot be written", file.display()))?;
    println!("{FILE} is written");
    Ok(())
}

/// Fails unless writing the file anew would leave it as it is.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let found = fs::read_to_string(workspace.root().join(FILE))?;
    ensure!(
        found == text(workspace)?,
        "{FILE} is not what the schemas say: write it anew with `cargo xtask catalogue`"
    );
    Ok(())
}

fn text(workspace: &Workspace) -> Result<String> {
    let package = servers::set_up(workspace, Version::Newest)?.folder.join(PACKAGE);
    let about = fs::read_to_string(package.join("package.json"))
        .with_context(|| format!("the server comes without {PACKAGE}"))?;
    let about: Value = serde_json::from_str(&about)?;
    let version = about["version"].as_str().context("the schemas have no version")?;
    let entries = Schemas::new(&package.join("schemas")).paths_of(Path::new("vessel.json"))?;
    Ok(table(version, &entries))
}

fn table(version: &str, entries: &[Entry]) -> String {
    let mut text = format!(
        "//! The paths of `@signalk/signalk-schema` {version}. Written by `cargo xtask catalogue`.\n\n\
         use crate::path::{{Kind, Path}};\n\n\
         /// The version of the schemas from which this was made.\n\
         pub const SCHEMA_VERSION: &str = \"{version}\";\n\n\
         /// Every path, in the order of the names.\n\
         pub const ALL: &[Path] = &[\n"
    );
    for Entry { name, units, kind } in entries {
        // Writing to a String does not fail.
        let _ =
            writeln!(text, "    Path {{ name: {name:?}, units: {units:?}, kind: Kind::{kind} }},");
    }
    text += "];\n";
    text
}
