//! The functions that the server offers.

#[cfg(target_family = "wasm")]
#[link(wasm_import_module = "env")]
unsafe extern "C" {
    fn sk_set_status(text: *const u8, length: usize);
    fn sk_handle_message(delta: *const u8, length: usize, version: i32);
}

/// Sets the line on the dashboard.
pub fn set_status(text: &str) {
    // SAFETY: the server reads so many bytes before it returns.
    #[cfg(target_family = "wasm")]
    unsafe {
        sk_set_status(text.as_ptr(), text.len());
    };
    #[cfg(not(target_family = "wasm"))]
    let _ = text;
}

/// Sends a delta.
pub fn handle_message(delta: &str) {
    // SAFETY: the server reads so many bytes before it returns.
    #[cfg(target_family = "wasm")]
    unsafe {
        sk_handle_message(delta.as_ptr(), delta.len(), 1);
    };
    #[cfg(not(target_family = "wasm"))]
    let _ = delta;
}
