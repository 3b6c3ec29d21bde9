//! What other parts of the crate have to do at every start and end, where a plugin uses them. They
//! say so themselves, so that one that nobody uses is in no .wasm.

use std::cell::Cell;

thread_local! {
    static AT_START: Cell<Option<fn()>> = const { Cell::new(None) };
    static AT_END: Cell<Option<fn()>> = const { Cell::new(None) };
}

/// Has `restore` called at every start from now on, before the author's. For what is stored.
pub(crate) fn on_start(restore: fn()) {
    AT_START.set(Some(restore));
}

/// Has `close` called at every end from now on, that by a crash included. For sockets.
pub(crate) fn on_end(close: fn()) {
    AT_END.set(Some(close));
}

pub(super) fn started() {
    if let Some(restore) = AT_START.get() {
        restore();
    }
}

pub(super) fn ended() {
    if let Some(close) = AT_END.get() {
        close();
    }
}

/// As a new instance of the module would be.
#[cfg(not(target_family = "wasm"))]
pub(super) fn forget() {
    AT_START.set(None);
    AT_END.set(None);
}
