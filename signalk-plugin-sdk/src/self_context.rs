//! The context of the own vessel, as far as it is known.

use std::cell::RefCell;
use std::rc::Rc;

use signalk_plugin_contract::SELF_CONTEXT;

use crate::instance::state;
use crate::text;

state! {
    module static CONTEXT: RefCell<Option<Rc<str>>> = None;
}

/// The own vessel's context, once it is known.
pub(crate) fn context() -> Option<Rc<str>> {
    CONTEXT.with_borrow(Clone::clone)
}

/// Tells whether it is known.
pub(crate) fn is_known() -> bool {
    CONTEXT.with_borrow(Option::is_some)
}

/// Tells whether a context is the own vessel's.
pub(crate) fn is(context: &str) -> bool {
    context == SELF_CONTEXT || CONTEXT.with_borrow(|own| own.as_deref() == Some(context))
}

/// Tells whether a delta may be the own ship's, by its text, which has no escapes.
pub(crate) fn may_be_named(json: &str) -> bool {
    CONTEXT.with_borrow(|own| match own {
        Some(own) => names_one_of(json, own),
        None => true,
    })
}

/// Looks for the two names of the own vessel in one go, if they begin alike, as they do.
fn names_one_of(json: &str, own: &str) -> bool {
    const START: &str = "\"vessels.";
    let Some(own) = own.strip_prefix(&START[1..]) else {
        return text::find(json, own).is_some() || text::find(json, SELF_CONTEXT).is_some();
    };
    let mut rest = json;
    while let Some((_, name)) = text::split(rest, START) {
        if name.starts_with(own) || name.starts_with("self\"") {
            return true;
        }
        rest = name;
    }
    false
}

/// Takes another context for the own vessel's, and gives the one from before back.
pub(crate) fn replace(context: Rc<str>) -> Option<Rc<str>> {
    CONTEXT.replace(Some(context))
}
