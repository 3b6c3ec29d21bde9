//! The contents of a .wasm, by crate and module.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use rustc_demangle::demangle;
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

use super::names;

/// The bytes of a module, but for the names.
#[derive(Debug, Default)]
pub struct Contents {
    /// The code, by crate and module.
    pub code: BTreeMap<String, u64>,
    /// Texts and tables.
    pub data: u64,
    /// Types, exports, imports.
    pub rest: u64,
}

impl Contents {
    /// Reads a module that has the names of its functions.
    ///
    /// # Errors
    ///
    /// When the bytes are no module.
    pub fn read(wasm: &[u8]) -> Result<Self> {
        let mut contents = Self::default();
        let (mut imported, mut bodies, mut names) = (0, Vec::new(), BTreeMap::new());
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::ImportSection(imports) => {
                    contents.rest += length(imports.range());
                    for import in imports {
                        imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionEntry(body) => bodies.push(length(body.range())),
                Payload::DataSection(data) => contents.data += length(data.range()),
                Payload::CustomSection(section) => {
                    if let KnownCustom::Name(section) = section.as_known() {
                        for part in section {
                            let Name::Function(functions) = part? else { continue };
                            for naming in functions {
                                let naming = naming?;
                                names.insert(naming.index, naming.name.to_owned());
                            }
                        }
                    }
                }
                Payload::CodeSectionStart { .. } => {}
                other => {
                    contents.rest += other.as_section().map_or(0, |(_, range)| length(range));
                }
            }
        }
        for (number, bytes) in bodies.into_iter().enumerate() {
            let index = imported + u32::try_from(number).context("too many functions")?;
            let name = names.get(&index).map_or("", String::as_str);
            // Without the hash.
            let name = format!("{:#}", demangle(name));
            *contents.code.entry(names::room(&name)).or_default() += bytes;
        }
        Ok(contents)
    }
}

fn length(range: std::ops::Range<usize>) -> u64 {
    range.len() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_told_by_the_names_that_are_in_the_wasm() {
        let text = r#"(module
            (import "env" "sk_debug" (func (param i32 i32)))
            (func $_ZN4core3fmt5write17h0db233db482a95b2E (result i32) i32.const 1)
            (func $signalk_plugin_sdk::json::read (result i32) i32.const 1 i32.const 2 i32.add)
            (func $signalk_plugin_sdk::json::skip (result i32) i32.const 1)
            (memory 1)
            (data (i32.const 0) "twelve bytes"))"#;
        let contents = Contents::read(&wat::parse_str(text).unwrap()).unwrap();
        let rooms: Vec<_> = contents.code.keys().map(String::as_str).collect();
        assert_eq!(rooms, ["core", "signalk_plugin_sdk::json"]);
        assert!(contents.code["signalk_plugin_sdk::json"] > 2 * contents.code["core"]);
        assert!(contents.data > 12);
    }
}
