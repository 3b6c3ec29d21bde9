//! A plugin without the SDK, whose every export does what it is told: the conformance suite uses it
//! to see what a host does, and to do to a host what no sound plugin does.
//!
//! What to do is a program (`program.rs`). It comes with an HTTP request, a PUT value, a delta or
//! the configuration, or is put down beforehand for the next call of an export. What happens before
//! anything can come, at registration, goes by the package name (`variant.rs`).
//!
//! Natively the crate is empty, for there are no imports to link with.

#[cfg(target_family = "wasm")]
mod exports;
#[cfg(target_family = "wasm")]
mod imports;
#[cfg(target_family = "wasm")]
mod memory;
#[cfg(target_family = "wasm")]
mod program;
#[cfg(target_family = "wasm")]
mod variant;
