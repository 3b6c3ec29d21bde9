//! The parts of a .wasm for debuggers.

use wasmparser::{Parser, Payload};

use crate::finding::{Finding, Place};
use crate::subject::ModuleFile;

/// The rule that nobody carries the tables for a debugger aboard.
pub(super) fn stripped(module: &ModuleFile) -> Vec<Finding> {
    let debug: usize = Parser::new(0)
        .parse_all(&module.wasm)
        .map(|payload| match payload {
            Ok(Payload::CustomSection(section)) if section.name().starts_with(".debug") => {
                section.data().len()
            }
            _ => 0,
        })
        .sum();
    if debug == 0 {
        return Vec::new();
    }
    let message = format!(
        "{debug} of the {} bytes are tables for a debugger, which no server reads: build with `cargo signalk \
         build`, or in release with strip = true",
        module.wasm.len()
    );
    vec![Finding::warning("module-debug", message).at(Place::file(&module.file))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::module::testing::of;
    use crate::rules::testing::one;

    #[test]
    fn tables_for_a_debugger_are_counted() {
        let module = of(r#"(module (@custom ".debug_info" "12345") (@custom ".debug_str" "67"))"#);
        one(&stripped(&module), "plugin.wasm", &["7 of the", "strip = true"]);
        assert_eq!(stripped(&of(r#"(module (@custom "producers" "a"))"#)), []);
    }
}
