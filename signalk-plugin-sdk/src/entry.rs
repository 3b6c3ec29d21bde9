//! The door by which every call of the host comes in.

use std::cell::Cell;

use crate::sys;

thread_local! {
    static OPENED: Cell<bool> = const { Cell::new(false) };
    static INSIDE: Cell<bool> = const { Cell::new(false) };
    static PANICKED: Cell<bool> = const { Cell::new(false) };
}

/// Alive while a call of the host is being answered.
#[must_use]
pub(crate) struct Entry(());

impl Drop for Entry {
    fn drop(&mut self) {
        INSIDE.set(false);
    }
}

/// Does what must happen before anything else of the instance runs, once.
pub(crate) fn open() {
    if OPENED.replace(true) {
        return;
    }
    sys::initialise();
    crate::logging::install();
    // Natively a panic belongs to the test that caused it.
    #[cfg(target_family = "wasm")]
    std::panic::set_hook(Box::new(|panic| {
        PANICKED.set(true);
        sys::set_error(&panic_text(panic));
    }));
}

/// The outermost call of the host; `None` for one that comes from inside another, which must not
/// touch the plugin.
pub(crate) fn begin() -> Option<Entry> {
    open();
    if INSIDE.get() && !PANICKED.get() {
        return None;
    }
    INSIDE.set(true);
    Some(Entry(()))
}

/// Whether a call of the host is being answered now.
pub(crate) fn is_inside() -> bool {
    INSIDE.get()
}

/// Whether the last call ended in a panic; asking forgets it.
///
/// On wasm a panic is a trap: nothing is unwound, and the host goes on calling the same instance.
pub(crate) fn take_panic() -> bool {
    PANICKED.replace(false)
}

#[cfg(target_family = "wasm")]
fn panic_text(panic: &std::panic::PanicHookInfo<'_>) -> String {
    let payload = panic.payload();
    let message = match payload.downcast_ref::<&str>() {
        Some(text) => text,
        None => payload.downcast_ref::<String>().map_or("no message", String::as_str),
    };
    match panic.location() {
        Some(place) => format!("Crashed: {message} ({}:{})", place.file(), place.line()),
        None => format!("Crashed: {message}"),
    }
}
