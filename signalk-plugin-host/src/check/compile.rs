//! Whether the bytes are a module at all.

use wasmparser::{Validator, WasmFeatures};

use super::{Problem, Report};
use crate::ServerVersion;

/// The first bytes of every WebAssembly module of version 1, the only one the server takes.
const MAGIC: &[u8] = b"\0asm\x01";

pub(super) fn compiled(wasm: &[u8]) -> Result<wasmi::Module, Problem> {
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

/// The rule that the module uses only what this server's Node.js can compile.
pub(super) fn features(wasm: &[u8], version: ServerVersion, so_far: &Report) -> Option<Problem> {
    if so_far
        .problems()
        .iter()
        .any(|problem| matches!(problem, Problem::NotWasm { .. } | Problem::Invalid { .. }))
    {
        return None;
    }
    // The V8 of Node.js 20.
    let mut features = WasmFeatures::MUTABLE_GLOBAL
        | WasmFeatures::SATURATING_FLOAT_TO_INT
        | WasmFeatures::SIGN_EXTENSION
        | WasmFeatures::REFERENCE_TYPES
        | WasmFeatures::GC_TYPES
        | WasmFeatures::MULTI_VALUE
        | WasmFeatures::BULK_MEMORY
        | WasmFeatures::SIMD
        | WasmFeatures::TAIL_CALL
        | WasmFeatures::FLOATS;
    if version >= ServerVersion::V2_32 {
        // What came with the V8 of Node.js 22.
        features |=
            WasmFeatures::MULTI_MEMORY | WasmFeatures::EXTENDED_CONST | WasmFeatures::RELAXED_SIMD;
    }
    Validator::new_with_features(features)
        .validate_all(wasm)
        .err()
        .map(|error| Problem::Feature { version, error: error.message().to_owned() })
}
