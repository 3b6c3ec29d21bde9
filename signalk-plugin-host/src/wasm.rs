//! Reading a module without compiling it.

use wasmparser::{Parser, Payload};

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
