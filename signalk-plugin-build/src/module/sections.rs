//! The size of a .wasm, by what it is made of.

use serde::{Deserialize, Serialize};
use wasmparser::{Parser, Payload};

/// The bytes of a module.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sections {
    /// The whole file.
    pub total: u64,
    /// The bodies of its functions.
    pub code: u64,
    /// Texts and tables.
    pub data: u64,
    /// Sections for tools alone.
    pub custom: u64,
}

impl Sections {
    /// Measures a module. What cannot be read of it counts as the rest.
    #[must_use]
    pub fn of(wasm: &[u8]) -> Self {
        let mut sections = Self { total: wasm.len() as u64, ..Self::default() };
        for payload in Parser::new(0).parse_all(wasm).map_while(Result::ok) {
            match payload {
                Payload::CodeSectionStart { range, .. } => sections.code += range.len() as u64,
                Payload::DataSection(data) => sections.data += data.range().len() as u64,
                Payload::CustomSection(custom) => sections.custom += custom.range().len() as u64,
                _ => {}
            }
        }
        sections
    }

    /// Types, imports, exports, and what else there is.
    #[must_use]
    pub fn rest(&self) -> u64 {
        self.total.saturating_sub(self.code + self.data + self.custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_bytes_of_a_module_are_counted_once() {
        let text = r#"(module
            (func (export "f") (result i32) i32.const 1)
            (memory 1)
            (data (i32.const 0) "twelve bytes")
            (@custom "tool" "five!"))"#;
        let wasm = wat::parse_str(text).unwrap();
        let sections = Sections::of(&wasm);
        assert_eq!(sections.total, wasm.len() as u64);
        assert!(sections.data > 12 && sections.custom > 5 && sections.code > 4, "{sections:?}");
        assert_eq!(
            sections.code + sections.data + sections.custom + sections.rest(),
            sections.total
        );
        assert_eq!(Sections::of(b"MZ"), Sections { total: 2, ..Sections::default() });
    }
}
