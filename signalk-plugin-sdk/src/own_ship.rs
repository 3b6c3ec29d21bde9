//! Which vessel is the own one.
//!
//! Deltas carry the own vessel's URN, never `vessels.self`, and no import tells it. But an update
//! without values that the plugin sends comes back at once, inside the call, with the own context
//! filled in and nothing stored.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::delta::Delta;
use crate::error::Error;
use crate::report;
use crate::sys::{self, Version};

thread_local! {
    static CONTEXT: RefCell<Option<Rc<str>>> = const { RefCell::new(None) };
    static ASKING: Cell<bool> = const { Cell::new(false) };
    static UNANSWERED: Cell<u8> = const { Cell::new(0) };
}

/// The own vessel's context, once it is known.
pub(crate) fn context() -> Option<Rc<str>> {
    CONTEXT.with_borrow(Clone::clone)
}

pub(crate) fn is(context: &str) -> bool {
    context == "vessels.self" || CONTEXT.with_borrow(|own| own.as_deref() == Some(context))
}

/// Asks the server, where it is not known yet. To be called with the plugin not borrowed.
pub(crate) fn ask() {
    const PATIENCE: u8 = 5;
    if CONTEXT.with_borrow(Option::is_some) {
        return;
    }
    ASKING.set(true);
    sys::handle_message(r#"{"updates":[{"values":[]}]}"#, Version::V1);
    ASKING.set(false);
    let unanswered = match CONTEXT.with_borrow(Option::is_some) {
        true => 0,
        false => UNANSWERED.get().saturating_add(1),
    };
    UNANSWERED.set(unanswered);
    if unanswered >= PATIENCE {
        report::outcome("own ship", Err(unknown()));
    } else {
        report::outcome("own ship", Ok(()));
    }
}

fn unknown() -> Error {
    Error::msg(
        "the server does not say which vessel is its own, so nothing of the own ship arrives; \
         this plugin needs signalk-server 2.23 or newer",
    )
}

/// Looks at a delta that arrived from inside a call: `true` where it is the answer to [`ask`].
pub(crate) fn hear(json: &str) -> bool {
    if !ASKING.get() {
        return false;
    }
    let Ok(delta) = Delta::parse(json) else {
        return false;
    };
    let empty =
        delta.updates.iter().all(|update| update.values.is_empty() && update.meta.is_empty());
    if empty && !delta.context.is_empty() {
        CONTEXT.set(Some(Rc::from(&*delta.context)));
    }
    empty
}

/// As if nothing had ever been heard; for a new instance of the test host.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn forget() {
    CONTEXT.set(None);
    UNANSWERED.set(0);
}
