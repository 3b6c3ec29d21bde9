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

/// Whose error it is when there is no answer: a name that no handler can have.
const OWN_SHIP: &str = "own ship";

thread_local! {
    static CONTEXT: RefCell<Option<Rc<str>>> = const { RefCell::new(None) };
    static ASKED: Cell<bool> = const { Cell::new(false) };
    static UNANSWERED: Cell<u8> = const { Cell::new(0) };
}

/// The own vessel's context, once it is known.
pub(crate) fn context() -> Option<Rc<str>> {
    CONTEXT.with_borrow(Clone::clone)
}

pub(crate) fn is(context: &str) -> bool {
    context == "vessels.self" || CONTEXT.with_borrow(|own| own.as_deref() == Some(context))
}

/// Asks the server, where it is not known yet and was not asked yet.
pub(crate) fn ask_once() {
    if !ASKED.get() {
        ask();
    }
}

/// Asks the server, where it is not known yet. To be called with the plugin not borrowed, and not
/// for every delta: where the answer comes late, it is itself a delta.
pub(crate) fn ask() {
    const PATIENCE: u8 = 5;
    if CONTEXT.with_borrow(Option::is_some) {
        return;
    }
    ASKED.set(true);
    sys::handle_message(r#"{"updates":[{"values":[]}]}"#, Version::V1);
    if CONTEXT.with_borrow(Option::is_none) {
        UNANSWERED.set(UNANSWERED.get().saturating_add(1));
        if UNANSWERED.get() >= PATIENCE {
            report::outcome(OWN_SHIP, Err(unknown()));
        }
    }
}

fn unknown() -> Error {
    Error::msg(
        "the server does not say which vessel is its own, so nothing of the own ship arrives; \
         it may be older than 2.23, or another plugin may keep deltas back",
    )
}

/// Looks for the answer to [`ask`] in a delta: one without values, and from no other source. The
/// first one counts; another plugin may answer ours with an empty delta of its own.
pub(crate) fn hear(json: &str) {
    if !ASKED.get() || CONTEXT.with_borrow(Option::is_some) {
        return;
    }
    let Ok(delta) = Delta::parse(json) else {
        return;
    };
    let own_source = sys::plugin_id();
    let is_ours = delta.updates.iter().all(|update| {
        update.values.is_empty()
            && update.meta.is_empty()
            && (update.source.is_empty()
                || own_source.as_deref().is_none_or(|own| own == update.source))
    });
    if is_ours && !delta.context.is_empty() {
        CONTEXT.set(Some(Rc::from(&*delta.context)));
        report::outcome(OWN_SHIP, Ok(()));
    }
}

/// As if nothing had ever been heard; for a new instance of the test host.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn forget() {
    CONTEXT.set(None);
    UNANSWERED.set(0);
    ASKED.set(false);
}
