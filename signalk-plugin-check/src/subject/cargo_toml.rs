//! A crate: its Cargo.toml, and what it depends on.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use toml_edit::{Document, Item, TableLike};

use super::dependencies::Dependencies;
use super::sources::{self, Text};
use crate::finding::Place;

/// A Cargo.toml with what belongs to it.
#[derive(Debug, Clone)]
pub struct Crate {
    /// Cargo.toml.
    pub file: PathBuf,
    /// Its text.
    pub text: String,
    /// Tells if there is a `src/lib.rs`.
    pub has_lib: bool,
    /// All that is compiled into the plugin; a sentence where cargo could not tell.
    pub dependencies: Result<Dependencies, String>,
    /// The strings of its source code.
    pub texts: Vec<Text>,
}

impl Crate {
    /// Reads Cargo.toml in a folder; `None` if there is none.
    pub(super) fn read(folder: &Path, cargo_arguments: &[&str]) -> Result<Option<Self>> {
        let file = folder.join("Cargo.toml");
        if !file.is_file() {
            return Ok(None);
        }
        let text = fs::read_to_string(&file)
            .with_context(|| format!("{} cannot be read", file.display()))?;
        let dependencies = Dependencies::ask_cargo(&file, cargo_arguments);
        let has_lib = folder.join("src/lib.rs").is_file();
        let texts = sources::texts_in(&folder.join("src"));
        Ok(Some(Self { file, text, has_lib, dependencies, texts }))
    }

    /// The text as TOML, with the places of everything; `None` where it is none, which cargo tells of.
    pub(crate) fn document(&self) -> Option<Document<&str>> {
        Document::parse(self.text.as_str()).ok()
    }

    pub(crate) fn place(&self) -> Place {
        Place::file(&self.file)
    }

    /// The line of a key: the last one on the way to it that is there.
    pub(crate) fn place_of(&self, path: &[&str]) -> Place {
        let Some(document) = self.document() else { return self.place() };
        let mut table: &dyn TableLike = document.as_table();
        let mut place = None;
        for key in path {
            let Some((name, item)) = table.get_key_value(key) else { break };
            place = name.span().or_else(|| item.span()).or(place);
            let Some(inner) = item.as_table_like() else { break };
            table = inner;
        }
        match place {
            Some(span) => Place::of_byte(&self.file, &self.text, span.start),
            None => self.place(),
        }
    }

    /// The line on which a dependency is asked for, in whichever table.
    pub(crate) fn place_of_dependency(&self, name: &str) -> Place {
        let Some(document) = self.document() else { return self.place() };
        let mut tables = vec![vec!["dependencies"]];
        if let Some(targets) = document.get("target").and_then(Item::as_table_like) {
            let targets = targets.iter().map(|(target, _)| target);
            tables.extend(targets.map(|target| vec!["target", target, "dependencies"]));
        }
        for mut path in tables {
            path.push(name);
            if get(document.as_table(), &path).is_some() {
                return self.place_of(&path);
            }
        }
        self.place()
    }
}

/// The item at the end of a way of keys.
pub(crate) fn get<'a>(table: &'a dyn TableLike, path: &[&str]) -> Option<&'a Item> {
    let (key, rest) = path.split_first()?;
    let item = table.get(key)?;
    if rest.is_empty() { Some(item) } else { get(item.as_table_like()?, rest) }
}

#[cfg(test)]
impl Crate {
    /// A library with that Cargo.toml, and what `cargo tree` says of it.
    pub(crate) fn of(text: &str, tree: &str) -> Self {
        Self {
            file: "Cargo.toml".into(),
            text: text.to_owned(),
            has_lib: true,
            dependencies: Ok(Dependencies::parse(tree)),
            texts: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_dependency_is_found_in_each_kind_of_table() {
        let text = "[dependencies]\nserde = \"1\"\n\n[target.'cfg(unix)'.dependencies.tokio]\nversion = \"1\"\n";
        let of = |name| Crate::of(text, "").place_of_dependency(name).to_string();
        assert_eq!(of("serde"), "Cargo.toml:2");
        assert_eq!(of("tokio"), "Cargo.toml:4");
        assert_eq!(of("rand"), "Cargo.toml");
    }
}
