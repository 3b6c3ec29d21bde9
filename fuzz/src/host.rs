//! The host's side of the exports, with any bytes: what [`TestHost`] does with texts.
//!
//! [`TestHost`]: signalk_plugin_sdk::testing::TestHost
#![allow(unsafe_code)]

use signalk_plugin_sdk::__private::{allocate, deallocate};

/// Hands bytes over in a buffer of the plugin's.
pub(crate) fn with_buffer<R>(bytes: &[u8], call: impl FnOnce(*const u8, usize) -> R) -> R {
    let pointer = allocate(bytes.len());
    fill(pointer, bytes);
    let result = call(pointer, bytes.len());
    deallocate(pointer, bytes.len());
    result
}

/// Writes into a buffer that `allocate` gave out for at least so many bytes, as the host does.
pub(crate) fn fill(pointer: *mut u8, bytes: &[u8]) {
    assert!(!pointer.is_null());
    // SAFETY: the callers' buffer is live and at least as long as `bytes`, nothing of the plugin
    // runs now, and `bytes` is memory of our own.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), pointer, bytes.len()) }
}

/// Reads what the plugin wrote into such a buffer.
pub(crate) fn take(pointer: *const u8, len: usize) -> Vec<u8> {
    // SAFETY: the callers' buffer is live and at least `len` bytes long; `allocate` gives out
    // initialized memory, and nothing of the plugin runs now.
    unsafe { std::slice::from_raw_parts(pointer, len) }.to_vec()
}

/// Asks as the server does, with a buffer of `max` bytes for the answer.
pub(crate) fn ask(
    request: &[u8],
    max: usize,
    export: impl FnOnce(*const u8, usize, *mut u8, usize) -> i32,
) -> Vec<u8> {
    with_buffer(request, |request, len| {
        let out = allocate(max);
        let written = export(request, len, out, max);
        let written = usize::try_from(written).expect("a length is never negative");
        assert!(written <= max, "the server would read past its buffer");
        let answer = take(out, written);
        deallocate(out, max);
        answer
    })
}

/// As [`ask`], for an answer that is a text.
pub(crate) fn ask_text(
    request: &[u8],
    max: usize,
    export: impl FnOnce(*const u8, usize, *mut u8, usize) -> i32,
) -> String {
    String::from_utf8(ask(request, max, export)).expect("an answer that is UTF-8")
}
