//! The names that a module imports and exports.

use wasmparser::{ExternalKind, Parser, Payload};

/// The functions that a module exports; none of bytes that are no module.
pub(super) fn exported_functions(wasm: &[u8]) -> Vec<&str> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Ok(Payload::ExportSection(exports)) = payload {
            let exports = exports.into_iter().flatten();
            let functions = exports.filter(|export| export.kind == ExternalKind::Func);
            names.extend(functions.map(|export| export.name));
        }
    }
    names
}

/// Tells if a module imports something of that name.
pub(super) fn imports(wasm: &[u8], name: &str) -> bool {
    let mut payloads = Parser::new(0).parse_all(wasm);
    payloads.any(|payload| match payload {
        Ok(Payload::ImportSection(imports)) => {
            imports.into_iter().flatten().any(|import| import.name == name)
        }
        _ => false,
    })
}
