//! The names of Debian's packages.

/// The packages that do not depend on the version of LLVM.
pub const DEBIAN_PACKAGES: [&str; 6] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "rust-web-clippy",
    // Brings the linker link and llvm-ar.
    "rust-web-llvm",
    "wasi-libc",
];
