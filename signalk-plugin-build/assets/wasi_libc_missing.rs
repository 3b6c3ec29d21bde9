//! Functions that std for wasm32-wasip1 refers to and that Debian's wasi-libc, being of 2022, lacks.
//!
//! WASI preview 1 has no threads, no file modes and no working directory to resolve a path against,
//! so the true answer is that it cannot be done. `cargo xtask setup` compiles this file into the
//! libc.a of the toolchain folder; it is part of no crate.
#![no_std]

/// WASI's number for "not supported".
const ENOTSUP: i32 = 58;

#[no_mangle]
pub extern "C" fn pthread_create(_thread: usize, _attr: usize, _start: usize, _arg: usize) -> i32 {
    ENOTSUP
}

#[no_mangle]
pub extern "C" fn pthread_join(_thread: usize, _result: usize) -> i32 {
    ENOTSUP
}

#[no_mangle]
pub extern "C" fn pthread_detach(_thread: usize) -> i32 {
    ENOTSUP
}

// std asserts that the next three succeed before it asks for a thread and takes the refusal.

#[no_mangle]
pub extern "C" fn pthread_attr_init(_attr: usize) -> i32 {
    0
}

#[no_mangle]
pub extern "C" fn pthread_attr_destroy(_attr: usize) -> i32 {
    0
}

#[no_mangle]
pub extern "C" fn pthread_attr_setstacksize(_attr: usize, _bytes: usize) -> i32 {
    0
}

#[no_mangle]
pub extern "C" fn chmod(_path: usize, _mode: u32) -> i32 {
    -1
}

#[no_mangle]
pub extern "C" fn fchmod(_fd: i32, _mode: u32) -> i32 {
    -1
}

#[no_mangle]
pub extern "C" fn realpath(_path: usize, _resolved: usize) -> usize {
    0
}
