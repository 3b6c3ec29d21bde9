//! Mending what is mechanical.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jsonc_parser::ParseOptions;
use jsonc_parser::cst::{CstInputValue, CstObject, CstRootNode};
use serde_json::Value;
use toml_edit::DocumentMut;

/// A change of a file that mends what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Fix {
    /// The file.
    pub file: PathBuf,
    /// The change.
    pub edit: Edit,
}

/// A change of one thing, which leaves all else of the file as it is written.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Sets a member of a JSON object, or of one in it.
    Set {
        /// The keys on the way to it.
        path: Vec<String>,
        /// Its value.
        value: Value,
    },
    /// Removes a member.
    Remove {
        /// The keys on the way to it.
        path: Vec<String>,
    },
    /// Adds an item to a list of the root object.
    Add {
        /// The key of the list.
        list: String,
        /// The item.
        item: String,
    },
    /// Makes the crate a library for WebAssembly.
    CrateType,
}

impl Fix {
    pub(crate) fn set(file: &Path, path: &[&str], value: impl Into<Value>) -> Self {
        let path = path.iter().map(|key| (*key).to_owned()).collect();
        Self { file: file.to_owned(), edit: Edit::Set { path, value: value.into() } }
    }

    pub(crate) fn remove(file: &Path, path: &[&str]) -> Self {
        let path = path.iter().map(|key| (*key).to_owned()).collect();
        Self { file: file.to_owned(), edit: Edit::Remove { path } }
    }

    pub(crate) fn add(file: &Path, list: &str, item: &str) -> Self {
        let edit = Edit::Add { list: list.to_owned(), item: item.to_owned() };
        Self { file: file.to_owned(), edit }
    }

    /// Says what it does, in a few words.
    #[must_use]
    pub fn says(&self) -> String {
        match &self.edit {
            Edit::Set { path, value } => format!("{} = {value}", path.join(".")),
            Edit::Remove { path } => format!("{} removed", path.join(".")),
            Edit::Add { list, item } => format!("\"{item}\" added to {list}"),
            Edit::CrateType => "crate-type = [\"cdylib\"]".to_owned(),
        }
    }

    /// Changes the file.
    ///
    /// # Errors
    ///
    /// When it cannot be read, changed or written.
    pub fn apply(&self) -> Result<()> {
        let file = self.file.display();
        let text =
            fs::read_to_string(&self.file).with_context(|| format!("{file} cannot be read"))?;
        let text = self.edit.of(&text).with_context(|| format!("{file} could not be mended"))?;
        fs::write(&self.file, text).with_context(|| format!("{file} could not be written"))
    }
}

impl Edit {
    /// The text with the change.
    fn of(&self, text: &str) -> Result<String> {
        if let Self::CrateType = self {
            return with_crate_type(text);
        }
        let root = CstRootNode::parse(text, &ParseOptions::default()).context("it is no JSON")?;
        let object = root.object_value().context("it is no JSON object")?;
        match self {
            Self::Set { path, value } => set(&object, path, value)?,
            Self::Remove { path } => remove(&object, path),
            Self::Add { list, item } => add(&object, list, item)?,
            Self::CrateType => {}
        }
        Ok(root.to_string())
    }
}

fn set(object: &CstObject, path: &[String], value: &Value) -> Result<()> {
    let (key, rest) = path.split_first().context("no key")?;
    if !rest.is_empty() {
        let inner = object.object_value_or_create(key);
        return set(&inner.with_context(|| format!("{key} is no object"))?, rest, value);
    }
    match object.get(key) {
        Some(property) => property.set_value(input(value)),
        None => {
            object.append(key, input(value));
        }
    }
    Ok(())
}

fn remove(object: &CstObject, path: &[String]) {
    let Some((key, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        if let Some(property) = object.get(key) {
            property.remove();
        }
    } else if let Some(inner) = object.object_value(key) {
        remove(&inner, rest);
    }
}

fn add(object: &CstObject, list: &str, item: &str) -> Result<()> {
    let array = object.array_value_or_create(list);
    array.with_context(|| format!("{list} is no list"))?.append(item.into());
    Ok(())
}

fn input(value: &Value) -> CstInputValue {
    match value {
        Value::Null => CstInputValue::Null,
        Value::Bool(bool) => CstInputValue::Bool(*bool),
        Value::Number(number) => CstInputValue::Number(number.to_string()),
        Value::String(text) => CstInputValue::String(text.clone()),
        Value::Array(items) => CstInputValue::Array(items.iter().map(input).collect()),
        Value::Object(members) => CstInputValue::Object(
            members.iter().map(|(key, value)| (key.clone(), input(value))).collect(),
        ),
    }
}

fn with_crate_type(text: &str) -> Result<String> {
    let mut document: DocumentMut = text.parse().context("it is no TOML")?;
    let library = document.entry("lib").or_insert_with(toml_edit::table);
    let mut types = toml_edit::Array::new();
    types.push("cdylib");
    library.as_table_like_mut().context("lib is no table")?.insert("crate-type", types.into());
    Ok(document.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(edit: &Fix, text: &str) -> String {
        edit.edit.of(text).unwrap()
    }

    #[test]
    fn a_change_leaves_all_else_as_it_is_written() {
        let file = Path::new("package.json");
        let text = "{\n    \"name\":\"a\",\n    \"keywords\": [\"x\"]\n}\n";
        assert_eq!(
            changed(&Fix::add(file, "keywords", "y"), text),
            "{\n    \"name\":\"a\",\n    \"keywords\": [\"x\", \"y\"]\n}\n"
        );
        assert_eq!(
            changed(&Fix::set(file, &["version"], "1.0.0"), text),
            "{\n    \"name\":\"a\",\n    \"keywords\": [\"x\"],\n    \"version\": \"1.0.0\"\n}\n"
        );
        assert_eq!(
            changed(&Fix::remove(file, &["name"]), text),
            "{\n    \"keywords\": [\"x\"]\n}\n"
        );
        let nested = changed(&Fix::set(file, &["wasmCapabilities", "rawSockets"], true), text);
        let value: Value = serde_json::from_str(&nested).unwrap();
        assert_eq!(value["wasmCapabilities"]["rawSockets"], true);
    }

    #[test]
    fn a_crate_becomes_a_library_for_webassembly_and_keeps_its_comments() {
        let text = "[package] # mine\nname = \"a\"\n";
        let changed = Edit::CrateType.of(text).unwrap();
        assert!(changed.starts_with(text), "{changed}");
        assert!(changed.contains("[lib]\ncrate-type = [\"cdylib\"]"), "{changed}");
    }

    #[test]
    fn a_file_that_cannot_be_changed_is_an_error_that_names_it() {
        let fix = Fix::set(Path::new("no/such/package.json"), &["a"], 1);
        assert!(fix.apply().unwrap_err().to_string().contains("no/such/package.json"));
        assert!(Edit::Add { list: "a".into(), item: "b".into() }.of("{\"a\": 5}").is_err());
    }
}
