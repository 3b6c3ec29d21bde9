//! What a plugin needs of its package.json, read from the module without running it.

use serde_json::{Map, Value};
use wasmparser::{ExternalKind, Parser, Payload};

use crate::contract::{capability, env, exports, package, wasi};
use crate::wasm::custom_section;

/// The `wasmCapabilities` that a plugin's package.json has to have: what `#[signalk_plugin]` wrote
/// into the custom section `signalk-plugin-sdk`, and what the imports and exports tell, which is all
/// that there is of a plugin without the SDK.
///
/// An import that is there is one that the plugin may call, for the linker leaves out the others.
/// Bytes that are no WebAssembly module need nothing.
///
/// ```no_run
/// let wasm = std::fs::read("plugin.wasm")?;
/// let needed = signalk_plugin_host::required_capabilities(&wasm);
/// println!("\"wasmCapabilities\": {}", serde_json::Value::Object(needed));
/// # Ok::<(), std::io::Error>(())
/// ```
#[must_use]
pub fn required_capabilities(wasm: &[u8]) -> Map<String, Value> {
    let mut needed = told(wasm).unwrap_or_default();
    for name in names(wasm).unwrap_or_default() {
        if let Some((capability, value)) = capability_of(&name) {
            needed.entry(capability).or_insert(value);
        }
    }
    needed
}

/// What the plugin's own section says.
fn told(wasm: &[u8]) -> Option<Map<String, Value>> {
    let section = custom_section(wasm, package::SECTION)?;
    let mut section: Value = serde_json::from_slice(section).ok()?;
    match section.get_mut(package::CAPABILITIES).map(Value::take) {
        Some(Value::Object(capabilities)) => Some(capabilities),
        _ => None,
    }
}

/// The names of all functions that the module imports or exports.
fn names(wasm: &[u8]) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.ok()? {
            Payload::ImportSection(imports) => {
                for import in imports {
                    names.push(import.ok()?.name.to_owned());
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export.ok()?;
                    if export.kind == ExternalKind::Func {
                        names.push(export.name.to_owned());
                    }
                }
            }
            _ => {}
        }
    }
    Some(names)
}

/// The capability that a function needs, an import or an export, with the value that grants it.
fn capability_of(function: &str) -> Option<(&'static str, Value)> {
    let known = env::ALL.iter().chain(exports::ALL).find(|known| known.name == function);
    let capability = match known {
        Some(known) => known.capability?,
        None if function == wasi::PATH_OPEN => capability::STORAGE,
        None => return None,
    };
    Some((capability.key, serde_json::from_str(capability.value).unwrap_or(Value::Bool(true))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn needed(wat: &str) -> Value {
        Value::Object(required_capabilities(&wat::parse_str(wat).unwrap()))
    }

    #[test]
    fn imports_and_exports_tell_what_a_plugin_without_a_section_needs() {
        let wat = r#"(module
            (import "env" "sk_udp_create" (func (param i32) (result i32)))
            (import "env" "sk_save_config" (func (param i32 i32) (result i32)))
            (import "env" "sk_register_put_handler" (func (param i32 i32 i32 i32) (result i32)))
            (func (export "delta_handler") (param i32 i32)))"#;
        assert_eq!(
            needed(wat),
            json!({"rawSockets": true, "storage": "vfs-only", "putHandlers": true, "dataRead": true})
        );
    }

    #[test]
    fn the_section_counts_too_and_a_damaged_one_does_not() {
        let with = |text: &str| {
            needed(&format!(
                r#"(module (@custom "signalk-plugin-sdk" "{}") (func (export "http_endpoints") (param i32 i32) (result i32) i32.const 0))"#,
                text.replace('"', "\\22")
            ))
        };
        assert_eq!(
            with(r#"{"wasmCapabilities":{"weatherProvider":true}}"#),
            json!({"weatherProvider": true, "httpEndpoints": true})
        );
        for damaged in ["", "{", "[]", r#"{"wasmCapabilities":5}"#] {
            assert_eq!(with(damaged), json!({"httpEndpoints": true}), "{damaged}");
        }
    }

    #[test]
    fn bytes_that_are_no_module_need_nothing() {
        assert!(required_capabilities(b"MZ").is_empty());
    }
}
