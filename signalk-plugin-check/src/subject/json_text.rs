//! JSON with the places of what is in it.

use std::path::{Path, PathBuf};

use jsonc_parser::ast::{ObjectProp, Value as Node};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde_json::Value;

use crate::finding::Place;

/// A file with JSON in it.
#[derive(Debug, Clone)]
pub struct JsonText {
    /// The file.
    pub file: PathBuf,
    /// The contents.
    pub text: String,
    /// The same, read; `Null` where it is no JSON.
    pub value: Value,
}

impl JsonText {
    /// JSON that was read of a file.
    #[must_use]
    pub fn new(file: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        let text = text.into();
        let value = serde_json::from_str(&text).unwrap_or_default();
        Self { file: file.into(), text, value }
    }

    /// The file as a whole.
    pub(crate) fn place(&self) -> Place {
        Place::file(&self.file)
    }

    /// The line of a member: its key, else that of the nearest one above it that is there.
    pub(crate) fn place_of(&self, path: &[&str]) -> Place {
        match self.byte_of(path) {
            Some(byte) => self.place_of_byte(byte),
            None => self.place(),
        }
    }

    pub(crate) fn place_of_byte(&self, byte: usize) -> Place {
        Place::of_byte(&self.file, &self.text, byte)
    }

    fn byte_of(&self, path: &[&str]) -> Option<usize> {
        let parsed = self.parse()?;
        let mut node = parsed.value.as_ref()?;
        let mut byte = None;
        for key in path {
            match node {
                Node::Object(object) => {
                    let Some(property) = last_of(&object.properties, key) else { break };
                    byte = Some(property.start());
                    node = &property.value;
                }
                Node::Array(array) => {
                    let Some(item) = array.elements.get(key.parse::<usize>().ok()?) else { break };
                    byte = Some(item.start());
                    node = item;
                }
                _ => break,
            }
        }
        byte
    }

    /// The keys that an object has twice, with the byte of the second one.
    pub(crate) fn keys_given_twice(&self) -> Vec<(String, usize)> {
        let mut found = Vec::new();
        if let Some(node) = self.parse().as_ref().and_then(|it| it.value.as_ref()) {
            twice(node, &mut found);
        }
        found
    }

    fn parse(&self) -> Option<jsonc_parser::ParseResult<'_>> {
        parse_to_ast(&self.text, &CollectOptions::default(), &ParseOptions::default()).ok()
    }

    /// The folder that the file is in.
    pub(crate) fn folder(&self) -> &Path {
        self.file.parent().unwrap_or(&self.file)
    }
}

/// As JavaScript has it, the last of two members with the same key counts.
fn last_of<'a, 'b>(properties: &'b [ObjectProp<'a>], key: &str) -> Option<&'b ObjectProp<'a>> {
    properties.iter().rev().find(|property| property.name.as_str() == key)
}

fn twice(node: &Node<'_>, found: &mut Vec<(String, usize)>) {
    match node {
        Node::Object(object) => {
            for (index, property) in object.properties.iter().enumerate() {
                let key = property.name.as_str();
                let before = &object.properties[..index];
                if before.iter().any(|it| it.name.as_str() == key) {
                    found.push((key.to_owned(), property.start()));
                }
                twice(&property.value, found);
            }
        }
        Node::Array(array) => array.elements.iter().for_each(|item| twice(item, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_member_is_known_and_that_of_a_missing_one_is_its_parents() {
        let json = JsonText::new("package.json", "{\n \"a\": 1,\n \"b\": {\n  \"c\": [1,\n 2]}}");
        assert_eq!(json.place_of(&["a"]).to_string(), "package.json:2");
        assert_eq!(json.place_of(&["b", "c"]).to_string(), "package.json:4");
        assert_eq!(json.place_of(&["b", "c", "1"]).to_string(), "package.json:5");
        assert_eq!(json.place_of(&["b", "x"]).to_string(), "package.json:3");
        assert_eq!(json.place_of(&["x"]).to_string(), "package.json");
    }

    #[test]
    fn a_key_given_twice_is_found_at_its_second_place() {
        let json = JsonText::new("p", "{\"a\": {\"b\": 1,\n\"b\": 2}}");
        assert_eq!(json.keys_given_twice(), [("b".to_owned(), 15)]);
    }
}
