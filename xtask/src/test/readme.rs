//! The plugin that a reader of the README would have at the end of it, made from its code blocks.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::workspace::Workspace;

/// Its package, as the README has it.
pub(super) const PLUGIN: &str = "signalk-shallow";

/// The line of the README's Cargo.toml that says where the SDK is.
const SDK_PATH: &str = "../signalk-plugin-sdk/signalk-plugin-sdk";

/// The part of a Cargo.toml that `cargo signalk new` makes above that of the README.
const NEW_PACKAGE: &str = "[package]
name = \"signalk-shallow\"
version = \"0.1.0\"
edition = \"2024\"

# It is below the folder of another workspace.
[workspace]

";

/// Writes the plugin, and returns its folder.
pub(super) fn write(workspace: &Workspace) -> Result<PathBuf> {
    let readme = workspace.root().join("README.md");
    let readme = fs::read_to_string(&readme)
        .with_context(|| format!("{} cannot be read", readme.display()))?;
    let folder = workspace.target().join("readme").join(PLUGIN);
    // Without what another version of the README has left there.
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(folder.join("src"))?;

    let manifest = block(&readme, "toml", 0)?;
    ensure!(manifest.contains(SDK_PATH), "the README's Cargo.toml has no {SDK_PATH}");
    let sdk = workspace.root().join("signalk-plugin-sdk");
    let manifest = manifest.replace(SDK_PATH, &sdk.display().to_string());
    write_file(&folder.join("Cargo.toml"), &(NEW_PACKAGE.to_owned() + &manifest))?;

    let code = block(&readme, "rust", 0)? + "\n" + &block(&readme, "rust", 1)?;
    write_file(&folder.join("src/lib.rs"), &code)?;
    Ok(folder)
}

fn write_file(file: &Path, text: &str) -> Result<()> {
    fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))
}

/// The block of that language and number, without the indentation that it has in a list.
fn block(markdown: &str, language: &str, number: usize) -> Result<String> {
    let mut lines = markdown.lines();
    let fence = format!("```{language}");
    for _ in 0..=number {
        let opened = lines.by_ref().find(|line| line.trim() == fence);
        opened.with_context(|| format!("the README has too few blocks of {language}"))?;
    }
    let code: Vec<&str> = lines.take_while(|line| line.trim() != "```").collect();
    let indent = code
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    let code = code.iter().map(|line| line.get(indent..).unwrap_or_default());
    Ok(code.fold(String::new(), |text, line| text + line + "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_found_by_its_number_and_loses_the_indentation_of_its_list() {
        let markdown =
            "text\n```rust\na\n```\n1. b\n\n   ```rust\n   c {\n       d\n\n   }\n   ```\n";
        assert_eq!(block(markdown, "rust", 0).unwrap(), "a\n");
        assert_eq!(block(markdown, "rust", 1).unwrap(), "c {\n    d\n\n}\n");
        assert!(block(markdown, "rust", 2).is_err());
        assert!(block(markdown, "toml", 0).is_err());
    }
}
