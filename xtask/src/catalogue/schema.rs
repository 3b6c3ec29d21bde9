//! JSON schemas that refer to one another, read as a tree of paths.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// No path is as deep; a schema that contains itself is.
const DEEPEST: usize = 12;

/// The members beside values that are no paths.
const ABOUT_VALUES: [&str; 9] =
    ["$source", "_attr", "meta", "pgn", "sentence", "source", "timestamp", "value", "values"];

/// A path, as the catalogue has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) units: Option<String>,
    pub(super) kind: &'static str,
}

/// A folder of schemas.
pub(super) struct Schemas {
    folder: PathBuf,
    read: RefCell<BTreeMap<PathBuf, Rc<Value>>>,
}

/// A schema with all that it refers to.
#[derive(Default)]
struct Node {
    units: Option<String>,
    /// Its own type, if it is no object of others.
    kind: Option<&'static str>,
    /// That of its value.
    value: Option<Box<Node>>,
    /// Each with the file that its references begin at. Names of the boat's own are a star.
    children: BTreeMap<String, (PathBuf, Value)>,
}

impl Schemas {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), read: RefCell::default() }
    }

    /// Every path with a value below the root of a file, in order.
    pub(super) fn paths_of(&self, file: &Path) -> Result<Vec<Entry>> {
        let root = self.file(file)?;
        let mut entries = BTreeMap::new();
        self.walk("", &self.node(file, &root, 0)?, 0, &mut entries)?;
        let entry = |(name, (units, kind))| Entry { name, units, kind };
        Ok(entries.into_iter().map(entry).collect())
    }

    fn walk(
        &self,
        name: &str,
        node: &Node,
        depth: usize,
        entries: &mut BTreeMap<String, (Option<String>, &'static str)>,
    ) -> Result<()> {
        if depth > DEEPEST {
            bail!("the schema of {name} contains itself");
        }
        if let Some(value) = &node.value {
            let units = node.units.clone().or_else(|| value.units.clone());
            entries.insert(name.to_owned(), (units, value.kind.unwrap_or("Any")));
        } else if node.children.is_empty() && !name.is_empty() {
            entries.insert(name.to_owned(), (node.units.clone(), node.kind.unwrap_or("Any")));
        }
        for (part, (file, schema)) in &node.children {
            let below = if name.is_empty() { part.clone() } else { [name, ".", part].concat() };
            self.walk(&below, &self.node(file, schema, 0)?, depth + 1, entries)?;
        }
        Ok(())
    }

    /// Puts a schema together with what it refers to. What it says itself counts more.
    fn node(&self, file: &Path, schema: &Value, depth: usize) -> Result<Node> {
        if depth > DEEPEST {
            bail!("{} refers to itself without end", file.display());
        }
        let mut node = Node {
            units: schema["units"].as_str().filter(|it| is_unit(it)).map(str::to_owned),
            kind: kind(schema),
            ..Node::default()
        };
        let properties = schema["properties"].as_object().into_iter().flatten();
        for (name, property) in properties {
            if name == "value" {
                node.value = Some(Box::new(self.node(file, property, depth + 1)?));
            } else if property.is_object() && !ABOUT_VALUES.contains(&&**name) {
                node.children.insert(name.clone(), (file.to_owned(), property.clone()));
            }
        }
        let patterns = schema["patternProperties"].as_object().into_iter().flatten();
        for (_, pattern) in patterns {
            node.children.insert("*".to_owned(), (file.to_owned(), pattern.clone()));
        }
        // Some schemas have it a level too deep.
        let misplaced = &schema["properties"]["allOf"];
        let lists = [&schema["allOf"], misplaced].into_iter().filter_map(Value::as_array);
        for part in lists.flatten() {
            node.take(self.node(file, part, depth + 1)?);
        }
        if let Some(reference) = schema["$ref"].as_str() {
            let (other, pointer) = reference.split_once('#').unwrap_or((reference, ""));
            let other = if other.is_empty() { file.to_owned() } else { beside(file, other) };
            let whole = self.file(&other)?;
            let target = whole.pointer(pointer.trim_end_matches('/')).with_context(|| {
                format!("{} refers to {reference}, which is not there", file.display())
            })?;
            node.take(self.node(&other, target, depth + 1)?);
        }
        Ok(node)
    }

    fn file(&self, file: &Path) -> Result<Rc<Value>> {
        if let Some(read) = self.read.borrow().get(file) {
            return Ok(Rc::clone(read));
        }
        let path = self.folder.join(file);
        let text = fs::read_to_string(&path)
            .with_context(|| format!("{} cannot be read", path.display()))?;
        let value: Value = serde_json::from_str(&text)
            .with_context(|| format!("{} is not JSON", path.display()))?;
        let value = Rc::new(value);
        self.read.borrow_mut().insert(file.to_owned(), Rc::clone(&value));
        Ok(value)
    }
}

impl Node {
    fn take(&mut self, other: Self) {
        self.units = self.units.take().or(other.units);
        self.kind = self.kind.or(other.kind);
        self.value = self.value.take().or(other.value);
        for (name, child) in other.children {
            self.children.entry(name).or_insert(child);
        }
    }
}

/// The file of a reference, whose dots lead up.
fn beside(file: &Path, reference: &str) -> PathBuf {
    let mut path = file.parent().unwrap_or(Path::new("")).to_owned();
    for part in Path::new(reference).components() {
        match part {
            Component::ParentDir => drop(path.pop()),
            Component::Normal(name) => path.push(name),
            _ => {}
        }
    }
    path
}

/// Tells a unit from a remark about the form of a text.
fn is_unit(units: &str) -> bool {
    !units.starts_with("RFC")
}

fn kind(schema: &Value) -> Option<&'static str> {
    let name = match &schema["type"] {
        Value::String(name) => Some(name.as_str()),
        // Such as `["number", "null"]`.
        Value::Array(names) => {
            let mut names = names.iter().filter_map(Value::as_str).filter(|name| *name != "null");
            names.next()
        }
        _ => None,
    };
    match name {
        Some("number" | "integer") => Some("Number"),
        Some("string") if schema["format"] == "date-time" => Some("Time"),
        Some("string") => Some("Text"),
        Some("boolean") => Some("Boolean"),
        Some("object") => Some("Object"),
        Some("array") => Some("List"),
        _ if schema["enum"].as_array().is_some_and(|all| all.iter().all(Value::is_string)) => {
            Some("Text")
        }
        _ => None,
    }
}
