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

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = r#"{"updates":[],"context":"vessels.urn:mrn:imo:mmsi:244000001"}"#;

    fn asked() {
        forget();
        sys::native::reset();
        ask_once();
    }

    #[test]
    fn the_answers_of_both_servers_are_understood() {
        let with_update = r#"{"updates":[{"$source":"plugin-under-test","timestamp":"2026-01-01T00:00:00Z"}],
            "context":"vessels.urn:mrn:imo:mmsi:244000001"}"#;
        for answer in [OWN, with_update] {
            asked();
            hear(answer);
            assert_eq!(context().as_deref(), Some("vessels.urn:mrn:imo:mmsi:244000001"));
            assert!(is("vessels.urn:mrn:imo:mmsi:244000001") && is("vessels.self"));
            assert!(!is("vessels.urn:mrn:imo:mmsi:244000002"));
        }
    }

    #[test]
    fn the_first_answer_counts_and_what_is_not_ours_is_none() {
        asked();
        for other in [
            r#"{"updates":[{"$source":"another.plugin"}],"context":"vessels.other"}"#,
            r#"{"updates":[{"values":[{"path":"a","value":1}]}],"context":"vessels.other"}"#,
            r#"{"updates":[{"meta":[{"path":"a","value":{}}]}],"context":"vessels.other"}"#,
            r#"{"updates":[]}"#,
            "[",
        ] {
            hear(other);
            assert_eq!(context(), None, "{other}");
        }
        hear(OWN);
        hear(r#"{"updates":[],"context":"vessels.other"}"#);
        assert_eq!(context().as_deref(), Some("vessels.urn:mrn:imo:mmsi:244000001"));
    }

    #[test]
    fn a_server_that_does_not_answer_is_asked_at_each_poll_and_then_told_of() {
        asked();
        let asked_for = || sys::native::with(|recorder| recorder.questions);
        for _ in 0..3 {
            ask_once();
        }
        assert_eq!(asked_for(), 1);
        for _ in 0..4 {
            ask();
        }
        assert_eq!(asked_for(), 5);
        let events = sys::native::with(|recorder| format!("{:?}", recorder.events));
        assert!(events.contains("does not say which vessel is its own"), "{events}");
        hear(OWN);
        ask();
        assert_eq!(asked_for(), 5);
        assert!(!report::is_failing(OWN_SHIP));
    }
}
