//! Takes the export `_initialize` away.
//!
//! The server calls it twice, and that of wasi-libc traps the second time. Rust's toolchain makes none
//! today; where one comes to do so, nothing is lost, for the SDK runs the constructors itself.

use anyhow::{Context, Result};
use signalk_plugin_contract::exports;
use wasm_encoder::{ExportKind, ExportSection, Module, RawSection};
use wasmparser::{Export, ExternalKind, Parser, Payload};

/// The module without that export; `None` where it has none.
pub(crate) fn without_initialize(wasm: &[u8]) -> Result<Option<Vec<u8>>> {
    let mut module = Module::new();
    let mut is_changed = false;
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.context("the build left a .wasm that cannot be read")? {
            Payload::ExportSection(all) => {
                let mut kept = ExportSection::new();
                for export in all {
                    let export = export?;
                    if export.name == exports::INITIALIZE.name {
                        is_changed = true;
                    } else {
                        kept.export(export.name, kind(&export)?, export.index);
                    }
                }
                module.section(&kept);
            }
            other => {
                if let Some((id, range)) = other.as_section() {
                    let data = wasm.get(range).context("a section leads out of the .wasm")?;
                    module.section(&RawSection { id, data });
                }
            }
        }
    }
    Ok(is_changed.then(|| module.finish()))
}

fn kind(export: &Export) -> Result<ExportKind> {
    Ok(match export.kind {
        ExternalKind::Func => ExportKind::Func,
        ExternalKind::Table => ExportKind::Table,
        ExternalKind::Memory => ExportKind::Memory,
        ExternalKind::Global => ExportKind::Global,
        ExternalKind::Tag => ExportKind::Tag,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exports_of(wasm: &[u8]) -> Vec<String> {
        let mut names = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            if let Payload::ExportSection(exports) = payload.unwrap() {
                names.extend(exports.into_iter().map(|export| export.unwrap().name.to_owned()));
            }
        }
        names
    }

    #[test]
    fn the_export_goes_and_all_else_stays() {
        let text = r#"(module
            (memory (export "memory") 1)
            (func $init (export "_initialize"))
            (func (export "poll") (result i32) i32.const 7)
            (data (i32.const 0) "kept")
            (@custom "signalk-plugin-sdk" "{}"))"#;
        let wasm = wat::parse_str(text).unwrap();
        let without = without_initialize(&wasm).unwrap().unwrap();
        assert_eq!(exports_of(&without), ["memory", "poll"]);
        assert!(without.len() + "_initialize".len() + 3 == wasm.len(), "only the export is gone");
        assert_eq!(without_initialize(&without).unwrap(), None);
    }
}
