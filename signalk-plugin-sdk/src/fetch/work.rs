//! Counts the work that an answer makes: tests see by it how the work grows.

#[cfg(test)]
use std::cell::Cell;

#[cfg(test)]
crate::instance::state! {
    call static WORK: Cell<usize> = 0;
}

/// Counts bytes that are looked at, moved or made.
#[cfg(test)]
pub(super) fn count(bytes: usize) {
    WORK.set(WORK.get() + bytes);
}

#[cfg(not(test))]
pub(super) fn count(_: usize) {}

/// The work since it was last asked for.
#[cfg(test)]
pub(super) fn counted() -> usize {
    WORK.take()
}
