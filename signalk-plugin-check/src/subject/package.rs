//! A package as npm has it: package.json, and the files beside it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use ignore::WalkBuilder;
use serde_json::{Map, Value};
use signalk_plugin_host::contract::package as keys;

use super::json_text::JsonText;

/// The name of the file.
pub(crate) const PACKAGE_JSON: &str = "package.json";

/// A package.json with what is beside it.
#[derive(Debug, Clone)]
pub struct PackageFolder {
    /// package.json.
    pub json: JsonText,
    /// The files of the folder, by their paths in it, with slashes.
    pub files: BTreeSet<String>,
    /// The text of .npmignore, or else of .gitignore: npm leaves that out if package.json has no `files`.
    pub ignored: Option<String>,
    /// Tells if a Cargo.toml is beside it, so that the package is yet to be built.
    pub is_source: bool,
}

impl PackageFolder {
    /// Reads package.json in a folder; `None` if there is none.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>> {
        let file = folder.join(PACKAGE_JSON);
        if !file.is_file() {
            return Ok(None);
        }
        let text = fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        let text = String::from_utf8_lossy(&text).into_owned();
        let is_source = folder.join("Cargo.toml").is_file();
        let ignored =
            [".npmignore", ".gitignore"].map(|name| fs::read_to_string(folder.join(name)));
        let ignored = ignored.into_iter().find_map(Result::ok);
        Ok(Some(Self {
            json: JsonText::new(file, text),
            files: files(folder)?,
            ignored,
            is_source,
        }))
    }

    /// The path of the .wasm as package.json has it, if it has one as text.
    pub(crate) fn manifest(&self) -> Option<&str> {
        self.json.value.get(keys::MANIFEST)?.as_str()
    }

    /// The capabilities that package.json grants, or says that it does not.
    pub(crate) fn granted(&self) -> Option<&Map<String, Value>> {
        self.json.value.get(keys::CAPABILITIES)?.as_object()
    }

    /// The only .wasm in the folder; `None` where there are several, or none.
    pub(crate) fn only_module(&self) -> Option<&str> {
        let mut modules = self.files.iter().filter(|file| file.ends_with(".wasm"));
        let only = modules.next()?;
        modules.next().is_none().then_some(only)
    }

    /// Tells if package.json has the keyword.
    pub(crate) fn has_keyword(&self, keyword: &str) -> bool {
        self.keywords().any(|it| it == keyword)
    }

    /// The keywords, as far as they are a list of texts.
    pub(crate) fn keywords(&self) -> impl Iterator<Item = &str> {
        let list = self.json.value.get("keywords").and_then(|it| it.as_array());
        list.into_iter().flatten().filter_map(|it| it.as_str())
    }

    /// Tells if the folder has that file; a path may begin with `./`.
    pub(crate) fn has_file(&self, path: &str) -> bool {
        self.files.contains(bare(path))
    }
}

/// A path without what means nothing in it.
pub(crate) fn bare(path: &str) -> &str {
    path.trim_start_matches("./").trim_start_matches('/')
}

/// All files that could be packed.
fn files(folder: &Path) -> Result<BTreeSet<String>> {
    let mut walk = WalkBuilder::new(folder);
    walk.standard_filters(false).filter_entry(|entry| {
        entry.depth() == 0
            || !["node_modules", ".git", "target"].iter().any(|it| entry.file_name() == *it)
    });
    let mut files = BTreeSet::new();
    for entry in walk.build() {
        let entry = entry.context("the files of the package cannot be listed")?;
        if entry.file_type().is_some_and(|kind| kind.is_dir()) {
            continue;
        }
        let path = entry.path().strip_prefix(folder)?;
        files.insert(path.to_string_lossy().replace('\\', "/"));
    }
    Ok(files)
}

#[cfg(test)]
impl PackageFolder {
    /// A built package of these files, one of them `plugin.wasm`.
    pub(crate) fn of(json: &str, files: &[&str]) -> Self {
        let files = files.iter().chain(&["plugin.wasm"]).map(|it| (*it).to_owned()).collect();
        Self { json: JsonText::new(PACKAGE_JSON, json), files, ignored: None, is_source: false }
    }
}
