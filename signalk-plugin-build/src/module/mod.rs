//! The bytes of a .wasm: what is in them, and what is done to them after cargo.

mod contents;
mod initialize;
mod names;
mod sections;
mod wasm_opt;

pub use contents::Contents;
pub use sections::Sections;
pub use wasm_opt::{WASM_OPT, WasmOpt};

pub(crate) use initialize::without_initialize;
