//! The bytes of a module.

use wasmparser::{Parser, Payload};

use crate::problem::Problem;

/// The contents of the first custom section called `name`, or `None` where there is none or where
/// the bytes are not a WebAssembly module.
///
/// A plugin's build puts facts for tools, such as the capabilities that it needs, into custom sections.
///
/// ```
/// // The magic number, the version, and a custom section "a" that holds "hi".
/// let module = b"\0asm\x01\0\0\0\x00\x04\x01ahi";
/// assert_eq!(signalk_plugin_host::custom_section(module, "a"), Some(&b"hi"[..]));
/// assert_eq!(signalk_plugin_host::custom_section(module, "b"), None);
/// ```
#[must_use]
pub fn custom_section<'a>(wasm: &'a [u8], name: &str) -> Option<&'a [u8]> {
    for payload in Parser::new(0).parse_all(wasm) {
        match payload {
            Ok(Payload::CustomSection(section)) if section.name() == name => {
                return Some(section.data());
            }
            Ok(_) => {}
            Err(_) => return None,
        }
    }
    None
}

/// The first bytes of every WebAssembly module of version 1, the only one the server takes.
const MAGIC: &[u8] = b"\0asm\x01";

/// Compiles a module, or says why a server cannot.
pub(crate) fn compile(wasm: &[u8]) -> Result<wasmi::Module, Problem> {
    if wasm.len() < 8 || !wasm.starts_with(MAGIC) {
        return Err(Problem::NotWasm { found: beginning(wasm) });
    }
    let mut config = wasmi::Config::default();
    config
        .consume_fuel(true)
        .set_max_recursion_depth(10_000)
        .set_max_stack_height(64 * 1024 * 1024)
        .wasm_custom_page_sizes(false)
        .wasm_wide_arithmetic(false);
    wasmi::Module::new(&wasmi::Engine::new(&config), wasm)
        .map_err(|error| Problem::Invalid { error: error.to_string() })
}

fn beginning(bytes: &[u8]) -> String {
    match bytes {
        [] => "nothing".to_owned(),
        bytes => format!("\"{}\"", bytes[..bytes.len().min(8)].escape_ascii()),
    }
}
