//! The boundary between the plugin and the server: what WebAssembly is, and all that is unsafe.
//!
//! A call of the server comes in through [`exports`], passes the door of [`entry`] and finds its bytes
//! in [`memory`]. What the plugin wants of the server goes out through [`imports`]. Nothing above knows a
//! pointer, a length or the name of an import.

#[cfg(all(target_os = "wasi", feature = "allocator"))]
mod allocator;
pub(crate) mod entry;
pub(crate) mod exports;
pub(crate) mod imports;
pub(crate) mod memory;
