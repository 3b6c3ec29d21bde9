//! Deltas that arrived while the plugin itself was sending.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

/// How many are handled within one call of the host.
pub(super) const PER_CALL: usize = 200;
/// How many wait at the most; beyond it the oldest goes.
const CAPACITY: usize = 1000;

thread_local! {
    static QUEUE: RefCell<VecDeque<String>> = const { RefCell::new(VecDeque::new()) };
    static LOST: Cell<u64> = const { Cell::new(0) };
}

pub(super) fn push(json: &str) {
    QUEUE.with_borrow_mut(|queue| {
        if queue.len() >= CAPACITY {
            queue.pop_front();
            LOST.set(LOST.get().saturating_add(1));
        }
        queue.push_back(json.to_owned());
    });
}

pub(super) fn pop() -> Option<String> {
    QUEUE.with_borrow_mut(VecDeque::pop_front)
}

pub(super) fn is_empty() -> bool {
    QUEUE.with_borrow(VecDeque::is_empty)
}

/// How many were dropped since it was last asked.
pub(super) fn take_lost() -> u64 {
    LOST.take()
}

pub(super) fn clear() {
    QUEUE.with_borrow_mut(VecDeque::clear);
    LOST.set(0);
}
