//! Learning from serde's own code which names a type goes by.
//!
//! A key that a struct knows by another name (`#[serde(alias = "…")]`) is in no schema. The code that
//! serde writes tells it where the key is there twice: it asks for an error that names the field, and
//! be it one that is swallowed afterwards, by an untagged enum or a flattened `Option`.

use std::cell::Cell;

use serde::de::Unexpected;

use crate::instance::state;

/// A text that no variant of an enum is called.
pub(crate) const NO_VARIANT: &str = "\u{1}";

state! {
    call static TWICE: Cell<Option<&'static str>> = None;
    call static NUMBER: Cell<f64> = f64::NAN;
    call static REFUSALS: Cell<usize> = 0;
    call static IS_ENUM: Cell<bool> = false;
}

/// A field was there twice.
pub(super) fn twice(field: &'static str) {
    TWICE.set(Some(field));
}

/// An enum was read from this text.
#[inline(never)]
pub(super) fn variant(text: &str) {
    if text == NO_VARIANT {
        IS_ENUM.set(true);
    }
}

/// A type refused a number.
pub(super) fn refused(found: &Unexpected<'_>) {
    let number = match *found {
        Unexpected::Unsigned(number) => number as f64,
        Unexpected::Signed(number) => number as f64,
        _ => return,
    };
    if number == NUMBER.get() {
        REFUSALS.set(REFUSALS.get().saturating_add(1));
    }
}

/// Counts the types, of those that a text is tried to be read as, that have no place for a number in it.
pub(crate) fn refusals(number: f64, read: impl FnOnce()) -> usize {
    NUMBER.set(number);
    REFUSALS.set(0);
    read();
    NUMBER.set(f64::NAN);
    REFUSALS.get()
}

/// The field that a text which is read holds twice.
pub(crate) fn field_twice(read: impl FnOnce()) -> Option<&'static str> {
    TWICE.set(None);
    read();
    TWICE.get()
}

/// Tells whether a text can be read, and [`NO_VARIANT`] in it is read as a text, not as the name of a
/// variant.
pub(crate) fn takes_any_text(can_be_read: impl FnOnce() -> bool) -> bool {
    IS_ENUM.set(false);
    can_be_read() && !IS_ENUM.get()
}
