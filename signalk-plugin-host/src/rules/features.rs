//! The rule about what Node.js can compile.

use signalk_server_model::ServerVersion;
use wasmparser::{Validator, WasmFeatures};

use crate::problem::Problem;

/// The rule that the module uses only what this server's Node.js can compile.
pub(crate) fn features(wasm: &[u8], version: ServerVersion) -> Option<Problem> {
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
